#pragma once
// Addresses of photographs that break what held for all 534,277 of them in 2024.
#include <array>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/upload.hpp"
#include "daemon/detect/sirekap/uuid_table.hpp"

namespace kentongan::sirekap {

/// A few broken addresses are told one by one; from 20 in ten minutes on, one finding gives their
/// share of all: the application may have changed how it names files. A UUID is told when it comes
/// with another TPS or stamp than before: the same photograph's address is met many times.
/// UUIDs past the room of their table are counted, not compared.
class AddressCheck {
  public:
    /// Makes room for the photographs of an election.
    explicit AddressCheck(std::size_t photographs) : uuids_(photographs) {}

    void take(const Upload& upload, const Event& event, FindingSink& out);
    /// take() follows; there is time to do something else before.
    void expect(const Upload& upload) const;
    [[nodiscard]] std::uint64_t evicted() const { return not_compared_; }

  private:
    struct Kind {
        std::uint64_t broken = 0;
        bool told = false;  // of the share
    };

    void broken(const Upload& upload, const Event& event, FindingSink& out);
    void compare(const Upload& upload, const Event& event, FindingSink& out);

    Timestamp begin_{};            // of ten minutes
    std::uint64_t all_ = 0;        // addresses in them
    std::array<Kind, 5> kinds_{};  // by AddressFault
    UuidTable uuids_;              // to a hash of TPS and stamp
    std::uint64_t not_compared_ = 0;
};

}  // namespace kentongan::sirekap
