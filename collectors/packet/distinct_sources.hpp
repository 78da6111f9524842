#pragma once
// How many different source addresses one service saw in a second, in bounded memory: exact for a
// few, then linear counting (Whang, Vander-Zanden, Taylor 1990).
#include <array>
#include <cstdint>
#include <vector>

#include "daemon/base/ip.hpp"

namespace kentongan::packet {

/// Exact up to 16 addresses; beyond, an estimate within about 1 % up to its cap of 65,535. The
/// same addresses always give the same number.
class DistinctSources {
  public:
    void add(const IpAddress& address);
    [[nodiscard]] std::uint32_t count() const;
    void clear();

  private:
    static constexpr std::size_t kExact = 16;
    static constexpr std::size_t kBits = 65536;

    void mark(std::uint32_t fingerprint);

    std::array<std::uint32_t, kExact> few_{};
    std::uint32_t size_ = 0;           // of few_, while bits_ is empty
    std::uint32_t marked_ = 0;         // bits set
    std::vector<std::uint64_t> bits_;  // empty until few_ is full; 8 KiB
};

}  // namespace kentongan::packet
