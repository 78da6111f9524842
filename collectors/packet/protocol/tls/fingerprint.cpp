#include "collectors/packet/protocol/tls/fingerprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "daemon/base/digest.hpp"
#include "daemon/base/md5.hpp"

namespace kentongan::packet::tls {

namespace {

template <class Number>
void join(std::string& out, std::span<const Number> values) {
    bool first = true;
    for (const Number value : values) {
        if (is_grease(value)) continue;
        fmt::format_to(std::back_inserter(out), "{}{}", first ? "" : "-", value);
        first = false;
    }
}
void join(std::string& out, const std::vector<std::uint16_t>& values) {
    join(out, std::span<const std::uint16_t>(values));
}

std::string md5_hex(std::string_view text) { return to_hex(md5(text)); }

std::vector<std::uint16_t> without_grease(const std::vector<std::uint16_t>& values) {
    std::vector<std::uint16_t> out;
    std::ranges::copy_if(values, std::back_inserter(out), [](auto v) { return !is_grease(v); });
    return out;
}

std::string hex_list(const std::vector<std::uint16_t>& values) {
    return fmt::format("{:04x}", fmt::join(values, ","));
}

std::string short_hash(const std::string& text) {
    return text.empty() ? std::string(12, '0') : sha256_hex(text).substr(0, 12);
}

std::string_view ja4_version(const ClientHello& hello) {
    std::uint16_t highest = 0;
    for (const auto version : hello.versions)
        if (!is_grease(version)) highest = std::max(highest, version);
    switch (hello.versions.empty() ? hello.version : highest) {
        case 0x0304:
            return "13";
        case 0x0303:
            return "12";
        case 0x0302:
            return "11";
        case 0x0301:
            return "10";
        case 0x0300:
            return "s3";
        case 0x0002:
            return "s2";
        default:
            return "00";
    }
}

/// First and last character of the first protocol, or of its hex where one is no letter or digit.
std::string ja4_protocol(const ClientHello& hello) {
    const auto is_alphanumeric = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (hello.protocols.empty() || hello.protocols.front().empty()) return "00";
    const std::string_view name = hello.protocols.front();
    if (is_alphanumeric(name.front()) && is_alphanumeric(name.back()))
        return {name.front(), name.back()};
    const std::string hex = to_hex(as_bytes(name));
    return {hex.front(), hex.back()};
}

}  // namespace

std::string ja3_text(const ClientHello& hello) {
    std::string out = fmt::format("{},", hello.version);
    join(out, hello.ciphers);
    out += ',';
    join(out, hello.extensions);
    out += ',';
    join(out, hello.groups);
    out += ',';
    join(out, hello.point_formats);
    return out;
}

std::string ja3s_text(const ServerHello& hello) {
    std::string out = fmt::format("{},{},", hello.legacy_version, hello.cipher);
    join(out, hello.extensions);
    return out;
}

std::string ja3(const ClientHello& hello) { return md5_hex(ja3_text(hello)); }
std::string ja3s(const ServerHello& hello) { return md5_hex(ja3s_text(hello)); }

std::string ja4(const ClientHello& hello, char transport) {
    auto ciphers = without_grease(hello.ciphers);
    auto extensions = without_grease(hello.extensions);
    const std::size_t extension_count = extensions.size();
    std::ranges::sort(ciphers);
    std::ranges::sort(extensions);
    std::erase_if(extensions, [](auto type) { return type == 0x0000 || type == 0x0010; });
    std::string last = hex_list(extensions);
    if (const auto algorithms = without_grease(hello.signature_algorithms);
        !algorithms.empty() && !last.empty())
        last += '_' + hex_list(algorithms);
    return fmt::format("{}{}{}{:02}{:02}{}_{}_{}", transport, ja4_version(hello),
                       hello.names_server ? 'd' : 'i', std::min<std::size_t>(ciphers.size(), 99),
                       std::min<std::size_t>(extension_count, 99), ja4_protocol(hello),
                       short_hash(hex_list(ciphers)), short_hash(last));
}

}  // namespace kentongan::packet::tls
