#include "collectors/packet/distinct_sources.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace kentongan::packet {

namespace {

/// A fixed, unkeyed mix (MurmurHash3's finalizer), since the count must not vary from run to run.
std::uint32_t fingerprint_of(const IpAddress& address) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, address.bytes().data(), 8);
    std::memcpy(&low, address.bytes().data() + 8, 8);
    std::uint64_t x = low ^ (high * 0x9E3779B97F4A7C15u);
    x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDu;
    x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53u;
    return static_cast<std::uint32_t>(x >> 32);
}

}  // namespace

void DistinctSources::add(const IpAddress& address) {
    const std::uint32_t fingerprint = fingerprint_of(address);
    if (!bits_.empty()) return mark(fingerprint);
    const auto end = few_.begin() + size_;
    if (std::find(few_.begin(), end, fingerprint) != end) return;
    if (size_ < kExact) {
        few_[size_++] = fingerprint;
        return;
    }
    bits_.assign(kBits / 64, 0);
    for (const std::uint32_t each : few_) mark(each);
    mark(fingerprint);
}

void DistinctSources::mark(std::uint32_t fingerprint) {
    std::uint64_t& word = bits_[(fingerprint / 64) % (kBits / 64)];
    const std::uint64_t bit = std::uint64_t{1} << (fingerprint % 64);
    marked_ += (word & bit) == 0 ? 1 : 0;
    word |= bit;
}

std::uint32_t DistinctSources::count() const {
    if (bits_.empty()) return size_;
    constexpr double kSize = kBits;
    const double empty = std::max(1.0, kSize - marked_);
    const double estimate = std::round(kSize * std::log(kSize / empty));
    return static_cast<std::uint32_t>(std::clamp(estimate, 0.0, 65535.0));
}

void DistinctSources::clear() {
    size_ = marked_ = 0;
    bits_.clear();
}

}  // namespace kentongan::packet
