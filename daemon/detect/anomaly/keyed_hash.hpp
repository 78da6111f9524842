#pragma once
// SipHash-2-4 (Aumasson and Bernstein, 2012): a hash table whose keys come from the network must
// not let the sender choose the collisions.
#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/base/bytes.hpp"
#include "daemon/base/ip.hpp"

namespace kentongan::anomaly {

struct SipKey {
    std::uint64_t k0 = 0;
    std::uint64_t k1 = 0;
};
[[nodiscard]] std::uint64_t siphash(SipKey key, Bytes bytes);

/// An address and a port, such as a listening service.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;
    auto operator<=>(const Endpoint&) const = default;

    /// 192.0.2.1:443, [2001:db8::1]:443.
    [[nodiscard]] std::string to_string() const;
};

/// Who talks to whom.
struct AddressPair {
    IpAddress from;
    IpAddress to;
    auto operator<=>(const AddressPair&) const = default;
};

class KeyedHash {
  public:
    using is_avalanching = void;  // tells Boost's flat maps not to mix again

    explicit KeyedHash(std::uint64_t seed = 0) : key_{seed, ~seed * 0x9E3779B97F4A7C15u} {}
    std::size_t operator()(const IpAddress& address) const;
    std::size_t operator()(const Endpoint& endpoint) const;
    std::size_t operator()(const AddressPair& pair) const;
    std::size_t operator()(std::string_view text) const;

  private:
    SipKey key_;
};

}  // namespace kentongan::anomaly
