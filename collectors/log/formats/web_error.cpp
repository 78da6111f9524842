// Error logs of nginx and Apache. The request an error was about is kept under log-specific names:
// the access log counts it, and rules on requests must not see it twice.
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/web_lines.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

const Field kConnection = named("nginx.error.connection_id");
const Field kUpstream = named("nginx.error.upstream");
const Field kRequest = named("nginx.error.request");
const Field kModule = named("apache.error.module");

constexpr std::size_t kNginxTime = 19;

std::optional<Timestamp> nginx_time(std::string_view line, std::chrono::seconds zone) {
    if (line.size() < kNginxTime || line[4] != '/' || line[7] != '/' || line[10] != ' ' ||
        line[13] != ':' || line[16] != ':')
        return std::nullopt;
    return from_civil(digits_at<4>(line, 0), digits_at<2>(line, 5), digits_at<2>(line, 8),
                      digits_at<2>(line, 11), digits_at<2>(line, 14), digits_at<2>(line, 17), zone);
}

/// The value behind `key` in nginx's list at the end of a message, without its quotes. Read from
/// the right: what stands before may be the client's.
std::string_view nginx_value(std::string_view message, std::string_view key) {
    const auto at = message.rfind(key);
    if (at == std::string_view::npos) return {};
    auto value = message.substr(at + key.size());
    if (take(value, "\"")) return value.substr(0, value.find('"'));
    return value.substr(0, value.find_first_of(", \n"));
}

void set_text(Field field, std::string_view text, Event& out) {
    if (!text.empty()) out.set(field, text);
}

/// "[text] " off the front.
std::optional<std::string_view> take_bracket(std::string_view& rest) {
    if (!rest.starts_with('[')) return std::nullopt;
    const auto end = rest.find("] ");
    if (end == std::string_view::npos) return std::nullopt;
    const auto text = rest.substr(1, end - 1);
    rest.remove_prefix(end + 2);
    return text;
}

/// "2024-11-27 16:31:05.123456 +0700", an ErrorLogFormat of `%{cuz}t`.
std::optional<Timestamp> apache_zoned_time(std::string_view text) {
    const auto space = text.rfind(' ');
    if (space == std::string_view::npos || text.size() - space != 6) return std::nullopt;
    const int hours = digits_at<2>(text, space + 2);
    const int minutes = digits_at<2>(text, space + 4);
    const char sign = text[space + 1];
    if (hours < 0 || minutes < 0 || (sign != '+' && sign != '-')) return std::nullopt;
    const std::chrono::seconds offset{hours * 3600 + minutes * 60};
    return parse_rfc3339(text.substr(0, space), sign == '-' ? -offset : offset);
}

/// "Wed Nov 27 16:31:05[.123456] 2024".
std::optional<Timestamp> apache_time(std::string_view text, std::chrono::seconds zone) {
    if (text.size() < 24) return std::nullopt;
    if (text[4] == '-') return apache_zoned_time(text);
    if (text[3] != ' ' || text[7] != ' ' || text[10] != ' ' || text[13] != ':' || text[16] != ':' ||
        text[text.size() - 5] != ' ')
        return std::nullopt;
    const int year = digits_at<4>(text, text.size() - 4);
    const int day = text[8] == ' ' ? digits_at<1>(text, 9) : digits_at<2>(text, 8);
    const auto time = from_civil(year, month_number(text.substr(4, 3)), day, digits_at<2>(text, 11),
                                 digits_at<2>(text, 14), digits_at<2>(text, 17), zone);
    const auto fraction = text.substr(19, text.size() - 24);
    if (!time || fraction.empty()) return time;
    const auto micros = digits_at<6>(fraction, 1);
    if (fraction.size() != 7 || fraction[0] != '.' || micros < 0) return std::nullopt;
    return *time + std::chrono::microseconds{micros};
}

/// "812", "812:tid 140703".
void set_process(std::string_view text, Event& out) {
    const auto pid = parse_number<std::int64_t>(take_until(text, ':'));
    if (pid) out.set(Field::process_pid, *pid);
    if (!take(text, "tid ")) return;
    if (const auto tid = parse_number<std::int64_t>(text)) out.set(Field::process_thread_id, *tid);
}

/// 2.4 writes "address:port", 2.2 the address alone.
void set_client(std::string_view text, bool with_port, Event& out) {
    const auto colon = text.rfind(':');
    if (!with_port || colon == std::string_view::npos) return set_source(text, out);
    auto address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    set_source(address, out);
    const auto port = parse_number<std::int64_t>(text.substr(colon + 1));
    if (port && *port >= 0 && *port <= 65535) out.set(Field::source_port, *port);
}

/// "AH00126" where a message begins so, behind "(2)No such file or directory: " if that is there.
std::string_view apache_code(std::string_view message) {
    if (message.starts_with('(')) {
        const auto at = message.find(": AH");
        if (at == std::string_view::npos) return {};
        message.remove_prefix(at + 2);
    }
    if (!message.starts_with("AH") || digits_at<5>(message, 2) < 0) return {};
    return message.substr(0, 7);
}

void set_level(std::string_view text, Event& out) {
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && colon > 0) out.set(kModule, text.substr(0, colon));
    set_text(Field::log_level, colon == std::string_view::npos ? text : text.substr(colon + 1),
             out);
}

/// `[key "value"]`.
std::string_view modsecurity_value(std::string_view message, std::string_view key) {
    const auto at = message.find(key);
    if (at == std::string_view::npos) return {};
    const auto value = message.substr(at + key.size());
    return value.substr(0, value.find("\"]"));
}

}  // namespace

void set_modsecurity(std::string_view message, Event& out) {
    if (message.find("ModSecurity: ") == std::string_view::npos) return;
    set_text(Field::rule_id, modsecurity_value(message, "[id \""), out);
    set_text(Field::rule_name, modsecurity_value(message, "[msg \""), out);
    set_text(Field::url_domain, modsecurity_value(message, "[hostname \""), out);
    set_text(Field::url_path, modsecurity_value(message, "[uri \""), out);
    const bool denied = message.find("Access denied") != std::string_view::npos;
    out.set(Field::event_action, denied ? "waf-denied" : "waf-warning");
}

bool begins_nginx_error(std::string_view line) {
    return nginx_time(line, {}).has_value() && line.substr(kNginxTime).starts_with(" [");
}

bool read_nginx_error(std::string_view line, const ParseContext& context, Event& out) {
    const auto time = nginx_time(line, context.zone);
    if (!time) return false;
    auto rest = line.substr(kNginxTime);
    if (!take(rest, " [")) return false;
    out.time = *time;
    out.set(Field::log_level, take_until(rest, ']'));
    (void)take(rest, " ");
    auto ids = rest.substr(0, rest.find(": "));
    if (const auto pid = parse_number<std::int64_t>(take_until(ids, '#'))) {
        out.set(Field::process_pid, *pid);
        if (const auto tid = parse_number<std::int64_t>(ids))
            out.set(Field::process_thread_id, *tid);
        const auto end = rest.find(": ");
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
    }
    if (rest.starts_with('*')) {
        if (const auto id = parse_number<std::int64_t>(rest.substr(1, rest.find(' ') - 1)))
            out.set(kConnection, *id);
        (void)take_until(rest, ' ');
    }
    out.set(Field::message, rest);
    set_source(nginx_value(rest, ", client: "), out);
    set_text(kRequest, nginx_value(rest, ", request: "), out);
    set_text(kUpstream, nginx_value(rest, ", upstream: "), out);
    set_modsecurity(rest, out);
    if (out.has(Field::url_domain)) return true;
    const auto host = nginx_value(rest, ", host: ");
    set_text(Field::url_domain, host.empty() ? nginx_value(rest, ", server: ") : host, out);
    return true;
}

bool read_apache_error(std::string_view line, const ParseContext& context, Event& out) {
    auto rest = line;
    const auto stamp = take_bracket(rest);
    const auto time = stamp ? apache_time(*stamp, context.zone) : std::nullopt;
    const auto level = time ? take_bracket(rest) : std::nullopt;
    if (!level) return false;
    out.time = *time;
    set_level(*level, out);
    bool modern = false;
    for (int i = 0; i < 3; ++i) {
        std::string_view after = rest;
        auto text = take_bracket(after).value_or(std::string_view{});
        if (take(text, "pid "))
            modern = true, set_process(text, out);
        else if (take(text, "client ") || take(text, "remote "))
            set_client(text, modern, out);
        else
            break;
        rest = after;
    }
    out.set(Field::message, rest);
    set_text(Field::event_code, apache_code(rest), out);
    set_modsecurity(rest, out);
    return true;
}

bool is_nginx_error(std::string_view line) { return begins_nginx_error(line); }

bool is_apache_error(std::string_view line) {
    const auto stamp = take_bracket(line);
    return stamp && apache_time(*stamp, {}) && line.starts_with('[');
}

}  // namespace kentongan::log
