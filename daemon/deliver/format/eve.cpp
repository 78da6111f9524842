// Suricata's EVE alert record (suricata etc/schema.json).
#include <array>
#include <boost/json.hpp>

#include "daemon/base/digest.hpp"
#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

/// "2029-02-14T18:31:05.120000+0700": microseconds, an offset without colon.
std::string eve_time(const json::object& alert, std::string_view path) {
    const auto time = parse_rfc3339(text_at(alert, path));
    std::string text = to_rfc3339(time.value_or(Timestamp{}), 6);
    text.pop_back();
    return text + "+0000";
}

/// A number for a rule that has only a name: the first 31 bits of its hash, never 0.
std::int64_t signature_id(std::string_view id) {
    const auto digest = sha256(as_bytes(id));
    ByteReader reader{Bytes{digest}};
    return std::max<std::int64_t>(1, reader.u32() & 0x7FFFFFFF);
}

void put(json::object& out, std::string_view name, const std::string& text) {
    if (!text.empty()) out[name] = text;
}

json::array one(const std::string& text) {
    return text.empty() ? json::array{} : json::array{text};
}

json::object metadata(const json::object& alert) {
    json::object out;
    for (const auto& [name, path] :
         {std::pair{"tlp", "labels.tlp"}, std::pair{"exercise", "labels.exercise"},
          std::pair{"kentongan_rule", "rule.id"}, std::pair{"kentongan_id", "event.id"},
          std::pair{"tps", "kentongan.sirekap.tps"}, std::pair{"area", "kentongan.sirekap.area"},
          std::pair{"count", "kentongan.count"}, std::pair{"source_network", "source.address"}})
        if (auto list = one(text_at(alert, path)); !list.empty()) out[name] = std::move(list);
    json::array techniques;
    for (const auto& id : texts_at(alert, "threat.technique.id")) techniques.emplace_back(id);
    if (!techniques.empty()) out["mitre_technique_id"] = std::move(techniques);
    return out;
}

}  // namespace

json::object to_eve(const Message& message) {
    constexpr std::array kSeverity{3, 3, 2, 1, 1};
    const json::object& alert = message.alert;
    json::object out{{"timestamp", eve_time(alert, "@timestamp")}, {"event_type", "alert"}};
    put(out, "host", text_at(alert, "observer.hostname"));
    put(out, "src_ip", text_at(alert, "source.ip"));
    if (const auto port = number_at(alert, "source.port")) out["src_port"] = port;
    put(out, "dest_ip", text_at(alert, "destination.ip"));
    if (const auto port = number_at(alert, "destination.port")) out["dest_port"] = port;
    std::string signature = text_at(alert, "rule.name");
    if (is_exercise(alert)) signature.insert(0, "LATIHAN (exercise): ");
    out["alert"] = json::object{{"action", "allowed"},
                                {"gid", 1},
                                {"signature_id", signature_id(text_at(alert, "rule.id"))},
                                {"rev", 1},
                                {"signature", signature},
                                {"category", text_at(alert, "rule.category")},
                                {"severity", kSeverity[level_of(alert)]},
                                {"metadata", metadata(alert)}};
    return out;
}

}  // namespace kentongan
