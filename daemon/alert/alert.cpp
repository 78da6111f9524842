#include "daemon/alert/alert.hpp"

#include <array>
#include <boost/json.hpp>

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
        out["threat"] =
            json::object{{"technique", json::object{{"id", strings(alert.rule->techniques)}}}};
    out["labels"] = json::object{{"severity", name_of(alert.severity)},
                                 {"tlp", name_of(alert.tlp)},
                                 {"exercise", alert.exercise ? "true" : "false"}};
    out["kentongan"] = kentongan_part(alert);
    return out;
}

namespace {

/// Reads members by name; the first that is missing or of a wrong type is remembered.
class Reader {
  public:
    Reader(const json::object& object, std::string& problem) : object_(object), problem_(problem) {}

    std::string text(std::string_view name) {
        const auto* value = object_.if_contains(name);
        if (value == nullptr || !value->is_string()) return complain<std::string>(name);
        return std::string(value->as_string());
    }
    std::string text_or_empty(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->as_string())
                                                      : std::string{};
    }
    std::uint64_t number(std::string_view name) {
        const auto* value = object_.if_contains(name);
        if (value == nullptr || !value->is_number()) return complain<std::uint64_t>(name);
        return value->to_number<std::uint64_t>();
    }
    Timestamp time(std::string_view name) {
        const auto parsed = parse_rfc3339(text(name));
        return parsed ? *parsed : complain<Timestamp>(name);
    }
    Reader object(std::string_view name) {
        const auto* value = object_.if_contains(name);
        if (value == nullptr || !value->is_object())
            return Reader{complain<json::object>(name), problem_};
        return Reader{value->as_object(), problem_};
    }
    Reader object_or_empty(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        return value != nullptr && value->is_object() ? Reader{value->as_object(), problem_}
                                                      : Reader{json::object{}, problem_};
    }
    std::vector<std::string> strings(std::string_view name) const {
        std::vector<std::string> out;
        const auto* value = object_.if_contains(name);
        if (value == nullptr || !value->is_array()) return out;
        for (const auto& item : value->as_array())
            if (item.is_string()) out.emplace_back(item.as_string());
        return out;
    }
    const json::object& raw() const { return object_; }
    template <class T>
    T complain(std::string_view name) {
        if (problem_.empty()) problem_ = name;
        return T{};
    }

  private:
    json::object object_;
    std::string& problem_;
};

std::optional<std::uint16_t> port_of(const Reader& reader) {
    const auto* value = reader.raw().if_contains("port");
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return static_cast<std::uint16_t>(value->as_int64());
}

Subject subject_from(const Reader& root, const Reader& kentongan) {
    Subject out;
    const Reader source = root.object_or_empty("source");
    const Reader destination = root.object_or_empty("destination");
    out.source_ip = IpAddress::parse(source.text_or_empty("ip"));
    out.source_port = port_of(source);
    out.destination_ip = IpAddress::parse(destination.text_or_empty("ip"));
    out.destination_port = port_of(destination);
    out.user = root.object_or_empty("user").text_or_empty("name");
    out.host = root.object_or_empty("host").text_or_empty("hostname");
    out.url = root.object_or_empty("url").text_or_empty("original");
    const Reader file = root.object_or_empty("file");
    out.file_path = file.text_or_empty("path");
    out.file_sha256 = file.object_or_empty("hash").text_or_empty("sha256");
    const Reader sirekap = kentongan.object_or_empty("sirekap");
    out.tps = sirekap.text_or_empty("tps");
    out.area = sirekap.text_or_empty("area");
    return out;
}

std::shared_ptr<const Rule> rule_from(Reader& root, Reader& event, Reader& labels,
                                      const Reader& kentongan) {
    Reader rule = root.object("rule");
    auto out = std::make_shared<Rule>();
    out->id = rule.text("id");
    out->name = rule.text("name");
    const auto ruleset = parse_ruleset(rule.text("ruleset"));
    out->ruleset = ruleset ? *ruleset : rule.complain<Ruleset>("rule.ruleset");
    out->version = rule.text_or_empty("version");
    out->rule_class = rule.text_or_empty("category");
    out->authors = rule.strings("author");
    out->categories = event.strings("category");
    out->techniques = root.object_or_empty("threat").object_or_empty("technique").strings("id");
    const auto severity = parse_severity(labels.text("severity"));
    out->severity = severity ? *severity : labels.complain<Severity>("labels.severity");
    const auto* advisory = kentongan.raw().if_contains("advisory");
    out->advisory = advisory != nullptr && *advisory == true;
    return out;
}

std::vector<Evidence> evidence_from(const Reader& kentongan) {
    std::vector<Evidence> out;
    const auto* list = kentongan.raw().if_contains("evidence");
    if (list == nullptr || !list->is_array()) return out;
    std::string ignored;
    for (const auto& item : list->as_array()) {
        if (!item.is_object()) continue;
        Reader reader{item.as_object(), ignored};
        out.push_back({reader.text_or_empty("kind"), reader.text_or_empty("source"),
                       reader.number("offset"), reader.text_or_empty("sha256"),
                       reader.text_or_empty("excerpt")});
    }
    return out;
}

}  // namespace

Result<Alert> alert_from_json(const json::value& value) {
    if (!value.is_object()) return fail(ErrorCode::data, "an alert is a JSON object");
    std::string problem;
    Reader root{value.as_object(), problem};
    Reader event = root.object("event");
    Reader labels = root.object("labels");
    Reader kentongan = root.object("kentongan");

    Alert out;
    out.rule = rule_from(root, event, labels, kentongan);
    out.id = event.text("id");
    out.entity = kentongan.text("entity");
    out.message = root.text("message");
    out.severity = out.rule->severity;
    const auto tlp = parse_tlp(labels.text("tlp"));
    out.tlp = tlp ? *tlp : labels.complain<Tlp>("labels.tlp");
    out.count = kentongan.number("count");
    out.first_seen = kentongan.time("first_seen");
    out.last_seen = kentongan.time("last_seen");
    out.created = event.time("created");
    out.subject = subject_from(root, kentongan);
    const Reader related = root.object_or_empty("related");
    out.related_ip = related.strings("ip");
    out.related_user = related.strings("user");
    out.related_hosts = related.strings("hosts");
    out.related_hash = related.strings("hash");
    out.evidence = evidence_from(kentongan);
    out.agencies = kentongan.strings("agencies");
    out.hostname = root.object_or_empty("observer").text_or_empty("hostname");
    out.exercise = labels.text_or_empty("exercise") == "true";
    if (!problem.empty())
        return fail(ErrorCode::data, "stored alert: member {} is missing or malformed", problem);
    return out;
}

}  // namespace kentongan
