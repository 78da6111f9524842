#pragma once
// Addresses of photographs that break what held for all 534,277 of them in 2024.
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/upload.hpp"

namespace kentongan::sirekap {

/// A few broken addresses are told one by one; from 20 in ten minutes on, one finding gives their
/// share of all: the application may have changed how it names files. A UUID is told when it comes
/// with another TPS or stamp than before: the same photograph's address is met many times.
/// Remembers 4 million UUIDs, 16 bytes each or a little more; later ones are counted, not compared.
class AddressCheck {
  public:
    static constexpr std::size_t kUuids = 4'000'000;

    void take(const Upload& upload, const Event& event, FindingSink& out);
    [[nodiscard]] std::uint64_t evicted() const { return not_compared_; }

  private:
    struct Kind {
        Timestamp begin{};  // of its ten minutes
        std::uint64_t broken = 0;
        std::uint64_t all = 0;  // addresses in those ten minutes
        bool told = false;      // of the share
    };

    void broken(const Upload& upload, const Event& event, FindingSink& out);
    void compare(const Upload& upload, const Event& event, FindingSink& out);

    std::array<Kind, 5> kinds_{};                                    // by AddressFault
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> uuids_;  // to a hash of TPS and stamp
    std::uint64_t not_compared_ = 0;
};

}  // namespace kentongan::sirekap
