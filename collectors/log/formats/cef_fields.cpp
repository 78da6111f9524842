// The keys of CEF and LEEF, and the fields they are.
#include "collectors/log/formats/cef_fields.hpp"

#include <algorithm>
#include <array>

#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

enum class Shape : std::uint8_t { text, lower, number, source, destination, url };
struct Mapping {
    std::string_view key;
    Field field;
    Shape shape = Shape::text;
};
constexpr std::array kMappings{
    Mapping{"src", Field::source_ip, Shape::source},
    Mapping{"sourceAddress", Field::source_ip, Shape::source},
    Mapping{"shost", Field::source_domain},
    Mapping{"spt", Field::source_port, Shape::number},
    Mapping{"srcPort", Field::source_port, Shape::number},
    Mapping{"dst", Field::destination_ip, Shape::destination},
    Mapping{"dhost", Field::destination_domain},
    Mapping{"dpt", Field::destination_port, Shape::number},
    Mapping{"dstPort", Field::destination_port, Shape::number},
    Mapping{"suser", Field::user_name},
    Mapping{"usrName", Field::user_name},
    Mapping{"suid", Field::user_id},
    Mapping{"duser", Field::user_target_name},
    Mapping{"proto", Field::network_transport, Shape::lower},
    Mapping{"app", Field::network_protocol, Shape::lower},
    Mapping{"act", Field::event_action},
    Mapping{"action", Field::event_action},
    Mapping{"outcome", Field::event_outcome, Shape::lower},
    Mapping{"reason", Field::event_reason},
    Mapping{"externalId", Field::event_id},
    Mapping{"msg", Field::message},
    Mapping{"request", Field::url_original, Shape::url},
    Mapping{"url", Field::url_original, Shape::url},
    Mapping{"requestMethod", Field::http_request_method},
    Mapping{"requestClientApplication", Field::user_agent_original},
    Mapping{"requestContext", Field::http_request_referrer},
    Mapping{"requestCookies", Field::http_request_cookie},
    Mapping{"in", Field::source_bytes, Shape::number},
    Mapping{"srcBytes", Field::source_bytes, Shape::number},
    Mapping{"out", Field::destination_bytes, Shape::number},
    Mapping{"dstBytes", Field::destination_bytes, Shape::number},
    Mapping{"srcPackets", Field::source_packets, Shape::number},
    Mapping{"dstPackets", Field::destination_packets, Shape::number},
    Mapping{"fname", Field::file_name},
    Mapping{"filePath", Field::file_path},
    Mapping{"fsize", Field::file_size, Shape::number},
    Mapping{"sproc", Field::process_name},
    Mapping{"deviceProcessName", Field::process_name},
    Mapping{"spid", Field::process_pid, Shape::number},
    Mapping{"dvcpid", Field::process_pid, Shape::number},
    Mapping{"dvchost", Field::host_hostname},
};

bool set_number(Field field, std::string_view value, Event& out) {
    const auto number = parse_number<std::int64_t>(value);
    if (number) out.set(field, *number);
    return number.has_value();
}

void set_destination(std::string_view value, Event& out) {
    if (const auto ip = IpAddress::parse(value))
        out.set(Field::destination_ip, *ip);
    else
        out.set(Field::destination_address, value);
}

void set_lower(Field field, std::string_view value, Event& out) {
    std::array<char, 64> lower{};
    if (value.size() > lower.size()) return out.set(field, value);
    std::ranges::transform(value, lower.begin(), ascii_lower);
    out.set(field, std::string_view(lower.data(), value.size()));
}

/// By length: MD5, SHA-1, SHA-256.
bool set_hash(std::string_view value, Event& out) {
    const auto field = value.size() == 64   ? Field::file_hash_sha256
                       : value.size() == 40 ? Field::file_hash_sha1
                                            : Field::file_hash_md5;
    if (value.size() != 64 && value.size() != 40 && value.size() != 32) return false;
    set_lower(field, value, out);
    return true;
}

bool set_direction(std::string_view value, Event& out) {
    if (value != "0" && value != "1") return false;
    out.set(Field::network_direction, value == "0" ? "inbound" : "outbound");
    return true;
}

}  // namespace

bool set_cef_key(std::string_view key, std::string_view value, Event& out) {
    if (key == "fileHash") return set_hash(value, out);
    if (key == "deviceDirection") return set_direction(value, out);
    const auto found = std::ranges::find(kMappings, key, &Mapping::key);
    if (found == kMappings.end()) return false;
    switch (found->shape) {
        case Shape::text:
            return out.set(found->field, value), true;
        case Shape::lower:
            return set_lower(found->field, value, out), true;
        case Shape::number:
            return set_number(found->field, value, out);
        case Shape::source:
            return set_source(value, out), true;
        case Shape::destination:
            return set_destination(value, out), true;
        case Shape::url:
            return set_url(value, out), true;
    }
    return false;
}

std::optional<Timestamp> cef_time(std::string_view text, const ParseContext& context) {
    if (const auto number = parse_number<std::int64_t>(text)) {
        if (*number <= 0 || *number > 7'258'118'400'000) return std::nullopt;
        return from_nanoseconds(*number > 7'258'118'400 ? *number * 1'000'000
                                                        : *number * 1'000'000'000);
    }
    if (const auto time = parse_rfc3339(text, context.zone)) return time;
    // "Nov 27 2024 16:31:05.120 WIB": zones are names here, of which only UTC is without doubt.
    ParseContext there = context;
    for (const std::string_view zero : {" UTC", " GMT", " Z"})
        if (take_back(text, zero)) there.zone = std::chrono::seconds{0};
    std::string_view rest = text;
    auto time = take_bsd_time(rest, there);
    return rest.contains(' ') ? std::nullopt : time;
}

std::optional<std::int64_t> cef_severity(std::string_view text) {
    if (const auto number = parse_number<std::int64_t>(text))
        return *number >= 0 && *number <= 10 ? std::optional{*number} : std::nullopt;
    struct Word {
        std::string_view word;
        std::int64_t severity;
    };
    static constexpr Word kWords[] = {{"Low", 3}, {"Medium", 6}, {"High", 8}, {"Very-High", 10}};
    for (const auto& [word, severity] : kWords)
        if (equals_ignoring_case(word, text)) return severity;
    return std::nullopt;
}

}  // namespace kentongan::log
