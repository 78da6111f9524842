#include "daemon/alert/alert.hpp"

#include <array>
#include <boost/json.hpp>

#include "daemon/alert/attack.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 5> kTlps{"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"};

json::array strings(const std::vector<std::string>& values) {
    return json::array(values.begin(), values.end());
}

json::object endpoint(const std::optional<IpAddress>& ip, std::optional<std::uint16_t> port) {
    json::object out;
    if (ip) out["ip"] = ip->to_string();
    if (port) out["port"] = *port;
    return out;
}

void put_if(json::object& object, std::string_view name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}
void put_if(json::object& object, std::string_view name, json::object value) {
    if (!value.empty()) object[name] = std::move(value);
}

json::object event_part(const Alert& alert) {
    json::object out{{"kind", "alert"},
                     {"id", alert.id},
                     {"severity", ecs_severity(alert.severity)},
                     {"dataset", "kentongan.alert"},
                     {"created", to_rfc3339(alert.created)}};
    if (!alert.rule->categories.empty()) out["category"] = strings(alert.rule->categories);
    return out;
}

json::object rule_part(const Rule& rule) {
    json::object out{{"id", rule.id}, {"name", rule.name}, {"ruleset", name_of(rule.ruleset)}};
    put_if(out, "version", rule.version);
    out["category"] = rule.rule_class;
    out["author"] = strings(rule.authors);
    return out;
}

json::array evidence_part(const std::vector<Evidence>& evidence) {
    json::array out;
    for (const Evidence& item : evidence)
        out.push_back(json::object{{"kind", item.kind},
                                   {"source", item.source},
                                   {"offset", item.offset},
                                   {"sha256", item.sha256},
                                   {"excerpt", item.excerpt}});
    return out;
}

json::object storm_part(const Storm& storm) {
    return {{"of", storm.of},
            {"name", storm.name},
            {"alerts", storm.alerts},
            {"ids", strings(storm.ids)},
            {"entities", strings(storm.entities)}};
}

json::object kentongan_part(const Alert& alert) {
    json::object out{{"count", alert.count},
                     {"first_seen", to_rfc3339(alert.first_seen, 9)},
                     {"last_seen", to_rfc3339(alert.last_seen, 9)},
                     {"entity", alert.entity},
                     {"agencies", strings(alert.agencies)}};
    if (alert.rule->advisory) out["advisory"] = true;
    json::object sirekap;
    put_if(sirekap, "tps", alert.subject.tps);
    put_if(sirekap, "area", alert.subject.area);
    put_if(out, "sirekap", std::move(sirekap));
    if (!alert.severity_reasons.empty()) out["severity_reasons"] = strings(alert.severity_reasons);
    put_if(out, "suppressed", alert.suppressed);
    if (alert.storm) out["storm"] = storm_part(*alert.storm);
    out["evidence"] = evidence_part(alert.evidence);
    return out;
}

void put_subject(json::object& out, const Subject& subject) {
    put_if(out, "source", endpoint(subject.source_ip, subject.source_port));
    put_if(out, "destination", endpoint(subject.destination_ip, subject.destination_port));
    if (!subject.user.empty()) out["user"] = json::object{{"name", subject.user}};
    if (!subject.host.empty()) out["host"] = json::object{{"hostname", subject.host}};
    if (!subject.url.empty()) out["url"] = json::object{{"original", subject.url}};
    json::object file;
    put_if(file, "path", subject.file_path);
    if (!subject.file_sha256.empty()) file["hash"] = json::object{{"sha256", subject.file_sha256}};
    put_if(out, "file", std::move(file));
}

}  // namespace

std::string_view name_of(Tlp tlp) { return kTlps[static_cast<std::size_t>(tlp)]; }
std::optional<Tlp> parse_tlp(std::string_view name) {
    for (std::size_t i = 0; i < kTlps.size(); ++i)
        if (kTlps[i] == name) return static_cast<Tlp>(i);
    return std::nullopt;
}

json::object to_json(const Alert& alert) {
    json::object out{{"@timestamp", to_rfc3339(alert.first_seen)},
                     {"ecs", json::object{{"version", "8.11.0"}}},
                     {"event", event_part(alert)},
                     {"rule", rule_part(*alert.rule)},
                     {"message", alert.message}};
    json::object observer;
    put_if(observer, "hostname", alert.hostname);
    observer["product"] = "kentongan";
    out["observer"] = std::move(observer);
    put_subject(out, alert.subject);
    out["related"] = json::object{{"ip", strings(alert.related_ip)},
                                  {"user", strings(alert.related_user)},
                                  {"hosts", strings(alert.related_hosts)},
                                  {"hash", strings(alert.related_hash)}};
    if (!alert.rule->techniques.empty())
        out["threat"] = json::object{
            {"technique",
             json::object{{"id", strings(attack::with_other_ids(alert.rule->techniques))}}}};
    out["labels"] = json::object{{"severity", name_of(alert.severity)},
                                 {"tlp", name_of(alert.tlp)},
                                 {"exercise", alert.exercise ? "true" : "false"}};
    out["kentongan"] = kentongan_part(alert);
    return out;
}

}  // namespace kentongan
