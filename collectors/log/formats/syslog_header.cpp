// The headers of syslog lines: RFC 3164 and RFC 5424, and either behind the header of a relay.
#include "collectors/log/formats/syslog_header.hpp"

#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr int kMaximumHeaders = 4;  // relays in a row

std::string_view unless_nil(std::string_view text) { return text == "-" ? "" : text; }

/// "<34>" off the front.
std::optional<std::int64_t> take_priority(std::string_view& rest) {
    if (!rest.starts_with('<')) return std::nullopt;
    const auto end = rest.substr(0, 5).find('>');
    if (end == std::string_view::npos) return std::nullopt;
    const auto value = parse_number<std::int64_t>(rest.substr(1, end - 1));
    if (!value || *value < 0 || *value > 191) return std::nullopt;
    rest.remove_prefix(end + 1);
    return value;
}

/// RFC 5424 section 6.3: "-" or one or more [id name="value"…]; `]` in a value is escaped.
std::optional<std::string_view> take_structured_data(std::string_view& rest) {
    std::size_t at = 0;
    if (rest.starts_with('-')) at = 1;
    while (at < rest.size() && rest[at] == '[') {
        bool quoted = false;
        for (++at; at < rest.size() && (quoted || rest[at] != ']'); ++at) {
            if (quoted && rest[at] == '\\')
                ++at;
            else if (rest[at] == '"')
                quoted = !quoted;
        }
        if (at >= rest.size()) return std::nullopt;
        ++at;
    }
    if (at == 0 || (at < rest.size() && rest[at] != ' ')) return std::nullopt;
    const auto data = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return data;
}

bool take_5424(std::string_view& rest, const ParseContext& context, SyslogHeader& out) {
    std::string_view text = rest;
    if (!take(text, "1 ")) return false;
    const auto stamp = take_until(text, ' ');
    const auto time = parse_rfc3339(stamp, context.zone);
    if (!time && stamp != "-") return false;
    SyslogHeader header;
    header.priority = out.priority;
    header.time = time;
    header.host = unless_nil(take_until(text, ' '));
    header.tag = unless_nil(take_until(text, ' '));
    header.pid = unless_nil(take_until(text, ' '));
    header.msgid = unless_nil(take_until(text, ' '));
    const auto data = take_structured_data(text);
    if (!data) return false;
    header.data = unless_nil(*data);
    out = header;
    rest = text;
    return true;
}

std::optional<Timestamp> take_time(std::string_view& rest, const ParseContext& context) {
    if (rest.empty() || !is_digit(rest[0])) return take_bsd_time(rest, context);
    const auto end = rest.find(' ');
    if (end == std::string_view::npos || end < 19 || rest[10] != 'T') return std::nullopt;
    const auto time = parse_rfc3339(rest.substr(0, end), context.zone);
    if (time) rest.remove_prefix(end + 1);
    return time;
}

/// "tag[pid]: " or "tag: " off the front; without a colon there is no tag.
bool take_tag(std::string_view& rest, SyslogHeader& out) {
    const auto end = rest.substr(0, 128).find_first_of(":[ ");
    if (end == 0 || end == std::string_view::npos || rest[end] == ' ') return false;
    std::string_view pid;
    auto after = rest.substr(end);
    if (after[0] == '[') {
        const auto close = after.find(']');
        if (close == std::string_view::npos || close > 32) return false;
        pid = after.substr(1, close - 1);
        after.remove_prefix(close + 1);
    }
    if (!take(after, ":")) return false;
    out.tag = rest.substr(0, end);
    out.pid = pid;
    rest = after.starts_with(' ') ? after.substr(1) : after;
    return true;
}

/// Time, host and tag of RFC 3164. A sender may leave the host out.
bool take_3164(std::string_view& rest, const ParseContext& context, SyslogHeader& out) {
    std::string_view text = rest;
    const auto time = take_time(text, context);
    if (!time) return false;
    SyslogHeader header;
    header.priority = out.priority;
    header.time = time;
    if (!take_tag(text, header)) {
        header.host = take_until(text, ' ');
        std::string_view inner = text;
        (void)take_priority(inner);
        if (!take_time(inner, context)) take_tag(text, header);
    }
    out = header;
    rest = text;
    return true;
}

}  // namespace

bool take_syslog_headers(std::string_view& rest, const ParseContext& context, SyslogHeader& out) {
    (void)take(rest, kByteOrderMark);
    bool found = false;
    for (int i = 0; i < kMaximumHeaders; ++i) {
        std::string_view text = rest;
        SyslogHeader header;
        header.priority = take_priority(text);
        if (!take_5424(text, context, header) && !take_3164(text, context, header)) break;
        if (!header.priority) header.priority = out.priority;
        found = true;
        out = header;
        rest = text;
        if (!out.tag.empty()) break;  // what follows is what a program said
    }
    (void)take(rest, kByteOrderMark);
    return found;
}

bool is_syslog(std::string_view line) {
    ParseContext context;  // any leap year, so that every date is one
    context.reference = from_nanoseconds(1'709'251'200'000'000'000);
    SyslogHeader header;
    return take_syslog_headers(line, context, header);
}

}  // namespace kentongan::log
