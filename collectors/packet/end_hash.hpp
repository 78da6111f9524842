#pragma once
// A keyed hash of an address and a port. Senders choose both, so without the key they could choose
// entries that collide. Nothing that leaves the sensor may depend on its values.
#include <cstdint>
#include <cstring>

#include "daemon/base/ip.hpp"

namespace kentongan::packet {

/// Multiply and fold, the mixing step of wyhash (Wang Yi, public domain).
[[nodiscard]] inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

[[nodiscard]] inline std::uint64_t end_hash(std::uint64_t seed, const IpAddress& address,
                                            std::uint16_t port) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, address.bytes().data(), 8);
    std::memcpy(&low, address.bytes().data() + 8, 8);
    return mix(high ^ seed ^ (std::uint64_t{port} << 16),
               low ^ (seed * 0xA0761D6478BD642Fu + port));
}

}  // namespace kentongan::packet
