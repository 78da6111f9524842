#include "collectors/packet/protocol/tls/hello.hpp"

#include <algorithm>
#include <array>

namespace kentongan::packet::tls {

namespace {

constexpr std::size_t kMostExtensions = 256;
constexpr std::size_t kMostProtocols = 16;

/// HelloRetryRequest is a ServerHello with this "random" (RFC 8446, section 4.1.3).
constexpr std::array<std::uint8_t, 32> kRetryRandom{
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

enum Extension : std::uint16_t {
    server_name = 0,
    supported_groups = 10,
    ec_point_formats = 11,
    signature_algorithms = 13,
    application_protocols = 16,
    pre_shared_key = 41,
    supported_versions = 43,
    key_share = 51,
};

std::vector<std::uint16_t> numbers(Bytes bytes) {
    std::vector<std::uint16_t> out;
    out.reserve(bytes.size() / 2);
    ByteReader in(bytes);
    while (in.rest().size() >= 2) out.push_back(in.u16());
    return out;
}

std::string_view first_host(Bytes body) {
    ByteReader list(body);
    ByteReader in(list.take(list.u16()));
    while (in.ok() && !in.rest().empty()) {
        const std::uint8_t type = in.u8();
        const Bytes name = in.take(in.u16());
        if (type == 0) return as_text(name);
    }
    return {};
}

std::vector<std::string_view> protocols_of(Bytes body) {
    std::vector<std::string_view> out;
    ByteReader list(body);
    ByteReader in(list.take(list.u16()));
    while (in.ok() && !in.rest().empty() && out.size() <= kMostProtocols) {
        const Bytes name = in.take(in.u8());
        if (in.ok()) out.push_back(as_text(name));
    }
    return out;
}

void read_extension(std::uint16_t type, Bytes body, ClientHello& out) {
    ByteReader in(body);
    switch (type) {
        case server_name:
            out.names_server = true;
            out.server_name = first_host(body);
            break;
        case supported_groups:
            out.groups = numbers(in.take(in.u16()));
            break;
        case ec_point_formats:
            out.point_formats = in.take(in.u8());
            break;
        case signature_algorithms:
            out.signature_algorithms = numbers(in.take(in.u16()));
            break;
        case application_protocols:
            out.protocols = protocols_of(body);
            if (out.protocols.size() > kMostProtocols) out.left_out = true;
            out.protocols.resize(std::min(out.protocols.size(), kMostProtocols));
            break;
        case supported_versions:
            out.versions = numbers(in.take(in.u8()));
            break;
        default:
            break;
    }
}

void read_extension(std::uint16_t type, Bytes body, ServerHello& out) {
    ByteReader in(body);
    if (type == supported_versions && body.size() == 2) out.version = in.u16();
    if (type == key_share && body.size() >= 2) out.group = in.u16();
    if (type == pre_shared_key) out.takes_key = true;
    if (type == application_protocols)
        if (const auto names = protocols_of(body); !names.empty()) out.protocol = names.front();
}

/// False when the extensions' lengths do not fit. A hello may have none at all.
template <class Hello>
bool read_extensions(ByteReader& in, Hello& out) {
    if (in.ok() && in.rest().empty()) return true;
    ByteReader list(in.take(in.u16()));
    if (!in.ok()) return false;
    while (!list.rest().empty()) {
        const std::uint16_t type = list.u16();
        const Bytes body = list.take(list.u16());
        if (!list.ok()) return false;
        if (out.extensions.size() == kMostExtensions) return out.left_out = true;
        out.extensions.push_back(type);
        read_extension(type, body, out);
    }
    return true;
}

bool is_version(std::uint16_t version) { return version >> 8 == 3 && (version & 0xFF) <= 4; }

}  // namespace

std::optional<ClientHello> parse_client_hello(Bytes body) {
    ByteReader in(body);
    ClientHello out;
    out.version = in.u16();
    in.skip(32);
    out.session_id = in.take(in.u8());
    const Bytes ciphers = in.take(in.u16());
    const Bytes compression = in.take(in.u8());
    if (!in.ok() || !is_version(out.version) || out.session_id.size() > 32 || ciphers.empty() ||
        ciphers.size() % 2 != 0 || compression.empty())
        return std::nullopt;
    out.ciphers = numbers(ciphers);
    if (!read_extensions(in, out)) return std::nullopt;
    return out;
}

std::optional<ServerHello> parse_server_hello(Bytes body) {
    ByteReader in(body);
    ServerHello out;
    out.legacy_version = out.version = in.u16();
    out.retry = std::ranges::equal(in.take(32), kRetryRandom);
    out.session_id = in.take(in.u8());
    out.cipher = in.u16();
    in.skip(1);
    if (!in.ok() || !is_version(out.version) || out.session_id.size() > 32) return std::nullopt;
    if (!read_extensions(in, out)) return std::nullopt;
    return out;
}

std::optional<std::uint16_t> parse_key_exchange_curve(Bytes body) {
    constexpr std::uint8_t kNamedCurve = 3;
    ByteReader in(body);
    const bool named = in.u8() == kNamedCurve;
    const std::uint16_t curve = in.u16();
    return named && in.ok() ? std::optional(curve) : std::nullopt;
}

std::vector<Bytes> parse_certificates(Bytes body, std::size_t cap) {
    const auto u24 = [](ByteReader& in) {
        const std::size_t high = in.u8();
        return high << 16 | in.u16();
    };
    std::vector<Bytes> out;
    ByteReader list(body);
    ByteReader in(list.take(u24(list)));
    while (in.ok() && !in.rest().empty() && out.size() < cap) {
        const Bytes one = in.take(u24(in));
        if (in.ok()) out.push_back(one);
    }
    return out;
}

}  // namespace kentongan::packet::tls
