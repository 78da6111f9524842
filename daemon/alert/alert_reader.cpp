// The alert that a stored JSON object says.
#include <boost/json.hpp>

#include "daemon/alert/alert.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

/// Reads members of an object that outlives it by name; the first that is missing or of a wrong
/// type is remembered.
class Reader {
  public:
    Reader(const json::object& object, std::string& problem)
        : object_(&object), problem_(problem) {}

    std::string text(std::string_view name) {
        const auto* value = object_->if_contains(name);
        if (value == nullptr || !value->is_string()) return complain<std::string>(name);
        return std::string(value->as_string());
    }
    std::string text_or_empty(std::string_view name) const {
        const auto* value = object_->if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->as_string())
                                                      : std::string{};
    }
    std::uint64_t number(std::string_view name) {
        const auto* value = object_->if_contains(name);
        if (value == nullptr || !value->is_number()) return complain<std::uint64_t>(name);
        return value->to_number<std::uint64_t>();
    }
    Timestamp time(std::string_view name) {
        const auto parsed = parse_rfc3339(text(name));
        return parsed ? *parsed : complain<Timestamp>(name);
    }
    Reader object(std::string_view name) {
        if (const auto* value = object_->if_contains(name); value == nullptr || !value->is_object())
            complain<int>(name);
        return object_or_empty(name);
    }
    Reader object_or_empty(std::string_view name) const {
        const auto* value = object_->if_contains(name);
        const bool there = value != nullptr && value->is_object();
        return Reader{there ? value->as_object() : kNone, problem_};
    }
    std::vector<std::string> strings(std::string_view name) const {
        std::vector<std::string> out;
        const auto* value = object_->if_contains(name);
        if (value == nullptr || !value->is_array()) return out;
        for (const auto& item : value->as_array())
            if (item.is_string()) out.emplace_back(item.as_string());
        return out;
    }
    const json::object& raw() const { return *object_; }
    template <class T>
    T complain(std::string_view name) {
        if (problem_.empty()) problem_ = name;
        return T{};
    }

  private:
    inline static const json::object kNone;
    const json::object* object_;
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

std::optional<Storm> storm_from(const Reader& kentongan) {
    if (!kentongan.raw().contains("storm")) return std::nullopt;
    Reader storm = kentongan.object_or_empty("storm");
    return Storm{.of = storm.text_or_empty("of"),
                 .name = storm.text("name"),
                 .alerts = storm.number("alerts"),
                 .ids = storm.strings("ids"),
                 .entities = storm.strings("entities")};
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
    out.severity_reasons = kentongan.strings("severity_reasons");
    out.suppressed = kentongan.text_or_empty("suppressed");
    out.storm = storm_from(kentongan);
    if (!problem.empty())
        return fail(ErrorCode::data, "stored alert: member {} is missing or malformed", problem);
    return out;
}

}  // namespace kentongan
