// Alertmanager's API v2, POST /api/v2/alerts (alertmanager api/v2/openapi.yaml). Labels are what it
// tells alerts apart by, so nothing that changes or names a victim is among them. The alert's id
// is: else the first of two alerts of one rule to end would end both.
#include <array>
#include <boost/json.hpp>

#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::chrono::minutes kAlive{3};  // a sign of life fires for so long: then its end is seen

std::string ends_at(const Message& message) {
    const auto last = parse_rfc3339(text_at(message.alert, "kentongan.last_seen"));
    const auto created = parse_rfc3339(text_at(message.alert, "event.created"));
    const Timestamp seen = last.value_or(created.value_or(Timestamp{}));
    if (message.type == "alert.resolved") return to_rfc3339(seen);
    return to_rfc3339(message.type == "heartbeat" ? seen + kAlive : seen + kAlertmanagerFiring);
}

}  // namespace

json::array to_alertmanager(const Message& message) {
    constexpr std::array kSeverity{"information", "warning", "warning", "critical", "critical"};
    const json::object& alert = message.alert;
    json::object labels{{"alertname", text_at(alert, "rule.name")},
                        {"severity", kSeverity[level_of(alert)]},
                        {"engine", text_at(alert, "rule.ruleset")},
                        {"rule_id", text_at(alert, "rule.id")},
                        {"alert_id", text_at(alert, "event.id")},
                        {"sensor", message.settings.hostname},
                        {"tenant", message.settings.tenant},
                        {"exercise", text_at(alert, "labels.exercise")}};
    json::object annotations{{"summary", headline(alert)},
                             {"description", text_at(alert, "rule.name")},
                             {"kentongan_alert_id", text_at(alert, "event.id")},
                             {"kentongan_severity", text_at(alert, "labels.severity")},
                             {"tlp", text_at(alert, "labels.tlp")}};
    if (const auto count = text_at(alert, "kentongan.count"); !count.empty())
        annotations["count"] = count;
    json::object out{{"labels", std::move(labels)},
                     {"annotations", std::move(annotations)},
                     {"startsAt", text_at(alert, "@timestamp")},
                     {"endsAt", ends_at(message)}};
    if (!message.settings.link.empty())
        out["generatorURL"] = message.settings.link + text_at(alert, "event.id");
    return json::array{std::move(out)};
}

}  // namespace kentongan
