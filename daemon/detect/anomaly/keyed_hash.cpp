// SipHash and the keys of the anomaly tables.
#include "daemon/detect/anomaly/keyed_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace kentongan::anomaly {

namespace {

struct SipState {
    std::uint64_t v0, v1, v2, v3;

    void round() {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }
    void absorb(std::uint64_t word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }
};

std::uint64_t little_endian(Bytes bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
    return word;
}

}  // namespace

std::uint64_t siphash(SipKey key, Bytes bytes) {
    SipState state{key.k0 ^ 0x736f6d6570736575u, key.k1 ^ 0x646f72616e646f6du,
                   key.k0 ^ 0x6c7967656e657261u, key.k1 ^ 0x7465646279746573u};
    const std::uint64_t length = std::uint64_t{bytes.size()} << 56;
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) state.absorb(little_endian(bytes.first(8)));
    state.absorb(length | little_endian(bytes));
    state.v2 ^= 0xff;
    for (int i = 0; i < 4; ++i) state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::string Endpoint::to_string() const {
    return address.is_v4() ? fmt::format("{}:{}", address.to_string(), port)
                           : fmt::format("[{}]:{}", address.to_string(), port);
}

std::size_t KeyedHash::operator()(const IpAddress& address) const {
    return siphash(key_, address.bytes());
}
std::size_t KeyedHash::operator()(const Endpoint& endpoint) const {
    std::array<std::uint8_t, 18> bytes{};
    std::ranges::copy(endpoint.address.bytes(), bytes.begin());
    bytes[16] = static_cast<std::uint8_t>(endpoint.port >> 8);
    bytes[17] = static_cast<std::uint8_t>(endpoint.port);
    return siphash(key_, bytes);
}
std::size_t KeyedHash::operator()(const AddressPair& pair) const {
    std::array<std::uint8_t, 32> bytes{};
    std::ranges::copy(pair.from.bytes(), bytes.begin());
    std::ranges::copy(pair.to.bytes(), bytes.begin() + 16);
    return siphash(key_, bytes);
}
std::size_t KeyedHash::operator()(std::string_view text) const {
    return siphash(key_, as_bytes(text));
}

}  // namespace kentongan::anomaly
