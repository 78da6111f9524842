#pragma once
// IPv4 and IPv6 addresses and networks as values of 16 bytes.
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kentongan {

/// An address in network byte order; IPv4 is held as ::ffff:a.b.c.d, so a mapped address equals
/// its IPv4 form (dual-stack servers log both).
class IpAddress {
  public:
    constexpr IpAddress() = default;
    explicit constexpr IpAddress(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

    static IpAddress v4(std::span<const std::uint8_t, 4> bytes);
    static IpAddress v6(std::span<const std::uint8_t, 16> bytes);
    /// Dotted IPv4 or IPv6 text, no zone, no port, no brackets.
    static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool is_v4() const;
    [[nodiscard]] bool is_loopback() const;
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    [[nodiscard]] std::string to_string() const;
    /// The address with all but the first `bits` of its 128 cleared.
    [[nodiscard]] IpAddress masked(unsigned bits) const;

    auto operator<=>(const IpAddress&) const = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// A network such as 10.0.0.0/8. Host bits must be zero.
class IpNetwork {
  public:
    static std::optional<IpNetwork> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] const IpAddress& base() const { return base_; }
    /// Bits of the 128 that a member shares with the base; an IPv4 /8 has 104.
    [[nodiscard]] unsigned bits() const { return prefix_; }
    [[nodiscard]] std::string to_string() const;

  private:
    IpAddress base_;
    unsigned prefix_ = 0;  ///< bits on the 128-bit scale
};

}  // namespace kentongan

template <>
struct std::hash<kentongan::IpAddress> {
    std::size_t operator()(const kentongan::IpAddress& address) const noexcept {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        std::memcpy(&high, address.bytes().data(), 8);
        std::memcpy(&low, address.bytes().data() + 8, 8);
        return static_cast<std::size_t>((high * 0x9E3779B97F4A7C15u) ^
                                        ((low ^ (low >> 29)) * 0xBF58476D1CE4E5B9u));
    }
};
