#include "daemon/config/allowed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "daemon/base/ip.hpp"
#include "daemon/base/text.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

namespace {

using Form = Allowed::Form;

std::string list_of(const std::vector<std::string_view>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        fmt::format_to(std::back_inserter(out), "{}{}",
                       i == 0 ? "" : (i + 1 == words.size() ? " or " : ", "), words[i]);
    return out;
}

struct HostPort {
    std::string_view host;
    std::string_view port;
};

/// "127.0.0.1:80" or "[::1]:80"; the host without brackets.
std::optional<HostPort> split_host_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    HostPort out{text.substr(0, colon), text.substr(colon + 1)};
    const bool bracketed = out.host.starts_with('[') && out.host.ends_with(']');
    if (bracketed) out.host = out.host.substr(1, out.host.size() - 2);
    if (!bracketed && out.host.contains(':')) return std::nullopt;
    return out;
}

bool is_listen_address(std::string_view text) {
    const auto parts = split_host_port(text);
    return parts && IpAddress::parse(parts->host) && parse_number<std::uint16_t>(parts->port);
}

bool is_loopback_host(std::string_view host) {
    if (equals_ignoring_case(host, "localhost")) return true;
    const auto address = IpAddress::parse(host);
    return address && address->is_loopback();
}

/// The host of "scheme://host[:port][/…]", brackets removed; empty when there is none.
std::string_view host_of(std::string_view url) {
    std::string_view rest = url.substr(url.find("://") + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
    return rest.substr(0, rest.find(':'));
}

std::optional<std::string> url_refusal(std::string_view url) {
    const bool https = url.starts_with("https://");
    if (!https && !url.starts_with("http://"))
        return "is not a URL that starts with https:// (or http:// for loopback)";
    if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c == '\x7f'; }))
        return "holds a space";
    const std::string_view host = host_of(url);
    if (host.empty()) return "names no host";
    if (host.contains('@')) return "holds a user name; credentials belong in secret_file";
    if (!https && !is_loopback_host(host))
        return "sends alerts unencrypted; use https:// (http:// is for loopback only)";
    return std::nullopt;
}

bool is_utc_offset(std::string_view text) {
    if (text == "Z") return true;
    if (text.size() == 6 && text[3] == ':')
        return is_utc_offset(std::string{text.substr(0, 3)}.append(text.substr(4)));
    if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return false;
    const auto digits = text.substr(1);
    if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return false;
    return digits.substr(0, 2) <= "14" && digits.substr(2) <= "59";
}

/// A zone must be there: no daemon guesses the one an election is in.
bool is_instant(std::string_view text) {
    const auto zoned = parse_rfc3339(text);
    return zoned && parse_rfc3339(text, std::chrono::hours{1}) == zoned;
}

}  // namespace

std::string describe(const Allowed& allowed) {
    switch (allowed.form) {
        case Form::range:
            return fmt::format("{:.10g} to {:.10g}", allowed.minimum, allowed.maximum);
        case Form::words:
            return list_of(allowed.words);
        case Form::utc_offset:
            return "Z or an offset such as +07:00";
        case Form::instant:
            return "time such as 2024-11-27T13:00:00+07:00, or empty";
        case Form::webhook_url:
            return "https URL, or http to loopback; required";
        case Form::server_url:
            return "https URL, or http to loopback; or empty";
        case Form::listen_address:
            return "IP address:port, or empty";
        case Form::network:
            return "network such as 203.0.113.0/24";
        case Form::file:
            return "readable file, or empty";
        case Form::anything:
            break;
    }
    return allowed.required ? "required" : "";
}

std::optional<std::string> refusal(double value, const Allowed& allowed) {
    if (allowed.form != Form::range) return std::nullopt;
    if (value >= allowed.minimum && value <= allowed.maximum) return std::nullopt;
    return fmt::format("is {}; allowed: {}", value, describe(allowed));
}

std::optional<std::string> refusal(std::string_view text, const Allowed& allowed) {
    if (printable_utf8(text) != text) return "is not valid UTF-8";
    if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }))
        return "holds a control character";
    if (text.empty() && allowed.required) return "is required and has no value";
    if (allowed.form == Form::webhook_url) return url_refusal(text);
    if (allowed.form == Form::server_url && !text.empty()) return url_refusal(text);
    if (allowed.form == Form::words &&
        std::ranges::find(allowed.words, text) == allowed.words.end())
        return fmt::format("is \"{}\"; allowed: {}", printable_utf8(text, 80), describe(allowed));
    if (allowed.form == Form::utc_offset && !is_utc_offset(text))
        return fmt::format("is \"{}\"; allowed: {}", printable_utf8(text, 80), describe(allowed));
    if (allowed.form == Form::instant && !text.empty() && !is_instant(text))
        return fmt::format("is \"{}\"; allowed: {}", printable_utf8(text, 80), describe(allowed));
    if (allowed.form == Form::listen_address && !text.empty() && !is_listen_address(text))
        return fmt::format("is \"{}\"; expected an IP address and a port such as 127.0.0.1:8470",
                           printable_utf8(text, 80));
    if (allowed.form == Form::network && !IpNetwork::parse(text))
        return fmt::format("is \"{}\"; expected a network such as 203.0.113.0/24, host bits zero",
                           printable_utf8(text, 80));
    return std::nullopt;
}

bool is_loopback_address(std::string_view listen) {
    const auto parts = split_host_port(listen);
    return parts && is_loopback_host(parts->host);
}

}  // namespace kentongan
