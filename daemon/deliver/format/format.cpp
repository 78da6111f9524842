#include "daemon/deliver/format/format.hpp"

#include <array>
#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 10> kNames{
    "kentongan", "ecs", "ocsf", "cef", "eve", "stix", "alertmanager", "syslog", "mail", "template"};
constexpr std::string_view kBom = "\xEF\xBB\xBF";

std::string moment(const json::object& alert) {
    const std::string last = text_at(alert, "kentongan.last_seen");
    const auto time = parse_rfc3339(last.empty() ? text_at(alert, "@timestamp") : last);
    return to_rfc3339(time.value_or(Timestamp{}));
}

std::string uncapped(BodyFormat format, const Message& message) {
    switch (format) {
        case BodyFormat::kentongan:
            return enveloped(message.alert, message.type, moment(message.alert));
        case BodyFormat::ecs:
            return json::serialize(to_ecs(message));
        case BodyFormat::ocsf:
            return json::serialize(to_ocsf(message));
        case BodyFormat::cef:
            return to_cef(message);
        case BodyFormat::eve:
            return json::serialize(to_eve(message));
        case BodyFormat::stix:
            return json::serialize(to_stix(message));
        case BodyFormat::alertmanager:
            return json::serialize(to_alertmanager(message));
        case BodyFormat::syslog:
            return headline(message.alert);
        case BodyFormat::mail:
            return to_mail(message);
        case BodyFormat::custom:
            return to_custom(message);
    }
    return {};
}

/// Line ends would be the start of another message to who reads lines.
std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return text;
}

}  // namespace

std::string_view name_of(BodyFormat format) { return kNames[static_cast<std::size_t>(format)]; }

std::optional<BodyFormat> parse_body_format(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (kNames[i] == name) return static_cast<BodyFormat>(i);
    return std::nullopt;
}

std::string_view media_type(BodyFormat format) {
    switch (format) {
        case BodyFormat::cef:
        case BodyFormat::syslog:
            return "text/plain; charset=utf-8";
        case BodyFormat::mail:
            return "message/rfc822";
        case BodyFormat::stix:
            return "application/stix+json;version=2.1";
        default:
            return "application/json";
    }
}

std::string render(BodyFormat format, const Message& message) {
    return fitted(message.alert, kMaximumBody, [&](const json::object& alert) {
        return uncapped(format, {alert, message.type, message.settings});
    });
}

std::string render_syslog(BodyFormat inner, const Message& message) {
    std::string out = fitted(message.alert, kMaximumSyslog, [&](const json::object& alert) {
        const Message part{alert, message.type, message.settings};
        const std::string_view bom = inner == BodyFormat::syslog ? kBom : std::string_view{};
        return fmt::format("{} {}{}", syslog_header(part), bom, one_line(uncapped(inner, part)));
    });
    if (out.size() <= kMaximumSyslog) return out;
    return fmt::format("{} {}{}", syslog_header(message), kBom,
                       printable_utf8(one_line(headline(message.alert)), 1024));
}

namespace {

json::object heartbeat_alert(std::string_view timestamp, bool exercise,
                             const FormatSettings& settings) {
    return {{"@timestamp", timestamp},
            {"ecs", json::object{{"version", "8.11.0"}}},
            {"event", json::object{{"kind", "state"},
                                   {"id", "heartbeat"},
                                   {"dataset", "kentongan.heartbeat"},
                                   {"severity", 0},
                                   {"created", timestamp}}},
            {"rule", json::object{{"id", "kentongan:heartbeat"},
                                  {"name", "KentonganHeartbeat"},
                                  {"ruleset", "sensor"},
                                  {"category", "heartbeat"}}},
            {"message", "the whole path from collector to here works"},
            {"observer", json::object{{"hostname", settings.hostname}, {"product", "kentongan"}}},
            {"labels", json::object{{"severity", "info"},
                                    {"tlp", "GREEN"},
                                    {"exercise", exercise ? "true" : "false"}}},
            {"kentongan", json::object{}}};
}

}  // namespace

std::string render_heartbeat(BodyFormat format, bool in_syslog, std::string_view timestamp,
                             bool exercise, const FormatSettings& settings) {
    const json::object alert = heartbeat_alert(timestamp, exercise, settings);
    const Message message{alert, "heartbeat", settings};
    if (in_syslog) return render_syslog(format, message);
    switch (format) {
        case BodyFormat::stix:
        case BodyFormat::mail:
        case BodyFormat::custom:
            return {};
        case BodyFormat::kentongan:
            return json::serialize(json::object{
                {"type", "heartbeat"},
                {"timestamp", timestamp},
                {"data", json::object{{"sensor", settings.hostname}, {"exercise", exercise}}}});
        default:
            return render(format, message);
    }
}

}  // namespace kentongan
