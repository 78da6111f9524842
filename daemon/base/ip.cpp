#include "daemon/base/ip.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace kentongan {

namespace {
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

IpAddress IpAddress::v4(std::span<const std::uint8_t, 4> bytes) {
    IpAddress out;
    std::ranges::copy(kMapped, out.bytes_.begin());
    std::ranges::copy(bytes, out.bytes_.begin() + 12);
    return out;
}

IpAddress IpAddress::v6(std::span<const std::uint8_t, 16> bytes) {
    IpAddress out;
    std::ranges::copy(bytes, out.bytes_.begin());
    return out;
}

namespace {

/// Four decimal numbers up to 255 without leading zeros, as inet_pton takes them. Logs are full of
/// addresses, so this is done here.
bool read_dotted(std::string_view text, std::span<std::uint8_t, 4> out) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        unsigned value = 0;
        const std::size_t start = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - start < 3)
            value = value * 10 + static_cast<unsigned>(text[at++] - '0');
        if (at == start || value > 255 || (at - start > 1 && text[start] == '0')) return false;
        out[i] = static_cast<std::uint8_t>(value);
        if (i + 1 < out.size() && (at >= text.size() || text[at++] != '.')) return false;
    }
    return at == text.size();
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    std::array<std::uint8_t, 16> bytes{};
    const auto first = std::span<std::uint8_t, 16>(bytes).first<4>();
    if (read_dotted(text, first)) return v4(first);
    if (text.size() >= INET6_ADDRSTRLEN || text.find(':') == text.npos) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    std::ranges::copy(text, buffer.begin());
    if (inet_pton(AF_INET6, buffer.data(), bytes.data()) == 1) return IpAddress{bytes};
    return std::nullopt;
}

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const {
    if (is_v4()) return bytes_[12] == 127;
    return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto b) { return b == 0; }) &&
           bytes_[15] == 1;
}

std::string IpAddress::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (is_v4())
        inet_ntop(AF_INET, bytes_.data() + 12, buffer.data(), buffer.size());
    else
        inet_ntop(AF_INET6, bytes_.data(), buffer.data(), buffer.size());
    return buffer.data();
}

IpAddress IpAddress::masked(unsigned bits) const {
    IpAddress out = *this;
    for (unsigned i = 0; i < out.bytes_.size(); ++i) {
        const unsigned kept = bits > i * 8 ? std::min(bits - i * 8, 8u) : 0;
        out.bytes_[i] &= static_cast<std::uint8_t>(0xFF00u >> kept);
    }
    return out;
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto base = IpAddress::parse(text.substr(0, slash));
    if (!base) return std::nullopt;
    const unsigned width = base->is_v4() ? 32 : 128;
    unsigned prefix = width;
    if (slash != std::string_view::npos) {
        const auto digits = text.substr(slash + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
        if (error != std::errc{} || end != digits.data() + digits.size() || prefix > width)
            return std::nullopt;
    }
    IpNetwork out;
    out.base_ = *base;
    out.prefix_ = prefix + (128 - width);
    for (unsigned bit = out.prefix_; bit < 128; ++bit)
        if ((base->bytes()[bit / 8] >> (7 - bit % 8)) & 1) return std::nullopt;
    return out;
}

bool IpNetwork::contains(const IpAddress& address) const {
    const unsigned whole = prefix_ / 8;
    if (std::memcmp(address.bytes().data(), base_.bytes().data(), whole) != 0) return false;
    if (prefix_ % 8 == 0) return true;
    const unsigned shift = 8 - prefix_ % 8;
    return (address.bytes()[whole] >> shift) == (base_.bytes()[whole] >> shift);
}

std::string IpNetwork::to_string() const {
    return base_.to_string() + "/" + std::to_string(base_.is_v4() ? prefix_ - 96 : prefix_);
}

}  // namespace kentongan
