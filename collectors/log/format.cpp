// The registry of formats, and the frame around every parse.
#include "collectors/log/format.hpp"

#include <algorithm>
#include <array>
#include <ranges>

#include "collectors/log/formats/all.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::array kFormats{
    FormatInfo{"auto", "recognises the format from the first lines of the input", make_auto},
    FormatInfo{"syslog", "RFC 3164 and 5424; sshd, sudo, su and PAM messages understood",
               make_syslog},
    FormatInfo{"journal", "the systemd journal as journalctl -o json writes it", make_journal},
    FormatInfo{"audit", "auditd's log, raw or enriched: each record, and who started what",
               make_audit},
    FormatInfo{"nginx", "nginx: access log (combined, common, virtual host in front, JSON), errors",
               make_nginx},
    FormatInfo{"apache", "Apache: access log (as nginx's), errors of 2.2 and 2.4", make_apache},
    FormatInfo{"container",
               "Docker's json-file and CRI logs; container:FORMAT reads what is inside",
               make_container},
    FormatInfo{"cef", "CEF and LEEF of security devices, alone or behind a syslog header",
               make_cef},
    FormatInfo{"json", "JSON lines of any shape; the setting `fields` maps keys to field names",
               make_json},
    FormatInfo{"sirekap", "Sirekap application log: one JSON object per API call", make_sirekap},
    FormatInfo{"zeek", "Zeek's logs, as JSON or in columns; the stream as stated or by file name",
               make_zeek},
    FormatInfo{"eve", "Suricata's EVE log: alerts raise alerts, protocol records are events",
               make_eve},
    FormatInfo{"postgresql", "PostgreSQL's csvlog, jsonlog and text log; pgaudit understood",
               make_postgresql},
    FormatInfo{"mysql", "MySQL's and MariaDB's general, error, slow and audit logs", make_mysql},
    FormatInfo{"kubernetes", "audit log of the Kubernetes API server", make_kubernetes},
    FormatInfo{"monolog", "Monolog (PHP), as JSON or as text with stack traces", make_monolog},
    FormatInfo{"logback", "Logback (JVM), as logstash JSON or as text with stack traces",
               make_logback},
    FormatInfo{"zap", "zap, zerolog and slog (Go) as JSON", make_zap},
    FormatInfo{"pino", "pino, bunyan and winston (Node) as JSON", make_pino},
    FormatInfo{"python", "python-json-logger and structlog as JSON", make_python},
    FormatInfo{"reports", "citizens' reports, as the intake keeps them (reports.ndjson)",
               make_reports},
    FormatInfo{"events", "NDJSON events with ECS or Sigma field names and an optional logsource",
               make_events},
};

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// An event without a time has that of the one before it.
void settle_time(ParseContext& context, Event& out) {
    if (out.time == Timestamp{}) {
        out.time = context.reference;
    } else {
        context.reference = out.time;
        context.reference_is_event = true;
    }
}

}  // namespace

std::span<const FormatInfo> formats() { return kFormats; }

namespace {

const FormatInfo* format_named(std::string_view name) {
    const auto* found = std::ranges::find(kFormats, name, &FormatInfo::name);
    return found == kFormats.end() ? nullptr : found;
}

std::unexpected<Error> unknown(std::string_view name) {
    const auto near =
        nearest_word(name, kFormats | std::views::transform([](auto& f) { return f.name; }));
    if (near.empty())
        return fail(ErrorCode::usage, "log format \"{}\" is not known; --formats lists them", name);
    return fail(ErrorCode::usage, "log format \"{}\" is not known; did you mean \"{}\"?", name,
                near);
}

}  // namespace

Result<std::unique_ptr<Format>> make_format(std::string_view name, const FormatOptions& options) {
    const auto colon = name.find(':');
    const auto outer = name.substr(0, colon);
    const auto* info = format_named(outer);
    if (info == nullptr) return unknown(outer);
    if (colon == std::string_view::npos) return info->make(options);
    FormatOptions nested = options;
    nested.inner = name.substr(colon + 1);
    if (outer != "container")
        return fail(ErrorCode::usage, "log format \"{}\": only container has another inside", name);
    if (nested.inner == "container" || format_named(nested.inner) == nullptr)
        return unknown(nested.inner);
    return info->make(nested);
}

ParseResult read_line(Format& format, std::string_view line, ParseContext& context, Event& out) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.clear();
    context.repeat = 1;
    context.event_offset = 0;
    if (is_blank(line)) return ParseResult::blank;
    out.set_raw(line);
    const ParseResult result = format.parse(line, context, out);
    if (result != ParseResult::parsed) {  // what a failed attempt filled in does not count
        out.clear();
        out.set_raw(line);
        out.logsource = format.logsource();
        context.repeat = 1;
    }
    settle_time(context, out);
    return result;
}

bool read_another(Format& format, ParseContext& context, Event& out) {
    out.clear();
    context.repeat = 1;
    context.event_offset = 0;
    if (!format.another(context, out)) return false;
    settle_time(context, out);
    return true;
}

Result<std::chrono::seconds> parse_zone(std::string_view text) {
    if (text == "Z" || text == "UTC") return std::chrono::seconds{0};
    const auto wrong = fail(ErrorCode::config, "zone \"{}\": not an offset such as +07:00", text);
    if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return wrong;
    std::string digits;
    for (const char c : text.substr(1))
        if (c != ':') digits += c;
    if (digits.size() <= 2) digits += "00";
    if (digits.size() == 3) digits.insert(0, "0");
    const auto number = parse_number<int>(digits);
    if (!number || digits.size() != 4 || *number < 0 || *number / 100 > 23 || *number % 100 > 59)
        return wrong;
    const std::chrono::seconds offset{*number / 100 * 3600 + *number % 100 * 60};
    return text[0] == '-' ? -offset : offset;
}

}  // namespace kentongan::log
