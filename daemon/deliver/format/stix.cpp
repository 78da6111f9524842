// STIX 2.1: identity, indicator (the rule), observed data, a sighting, and the marking they bear.
#include <array>
#include <boost/json.hpp>

#include "daemon/base/ip.hpp"
#include "daemon/base/text.hpp"
#include "daemon/deliver/format/format.hpp"
#include "daemon/deliver/format/uuid.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::string_view kObservables = "00abedb4-aa42-466c-9c01-fed23315a9b7";  // STIX 2.1 §2.9
constexpr std::string_view kOurs = "5f4a1c1e-7f0c-5b0e-9d0a-3b1f0f6f2a11";
constexpr std::string_view kTlp2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

struct Marking {
    std::string_view name;
    std::string_view id;         // oasis-open/cti-stix-common-objects
    std::string_view id_before;  // STIX 2.1 §7.2.1.4; AMBER+STRICT is RED there, never less
};
constexpr std::array<Marking, 5> kMarkings{
    {{"CLEAR", "94868c89-83c2-464b-929b-a1a8aa3c8487", "613f2e26-407d-48c7-9eca-b8e91df99dc9"},
     {"GREEN", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "34098fce-860f-48ae-8e50-ebd3cc5e41da"},
     {"AMBER", "55d920b0-5e8b-4f79-9ee9-91f868d9b421", "f88d31f6-486f-44da-b317-01333bde0b82"},
     {"AMBER+STRICT", "939a9414-2ddd-4d32-a0cd-375ea402b003",
      "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"},
     {"RED", "e828b379-4e03-4974-9ac4-e53a884c97c1", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}}};

/// One that is unknown is treated as the strictest.
const Marking& marking_of(const json::object& alert) {
    const std::string tlp = text_at(alert, "labels.tlp");
    for (const Marking& marking : kMarkings)
        if (marking.name == tlp) return marking;
    return kMarkings.back();
}

std::string ours(std::string_view type, std::string_view name) {
    return fmt::format("{}--{}", type, uuid5(kOurs, fmt::format("{} {}", type, name)));
}

std::string time_at(const json::object& alert, std::string_view path) {
    return to_rfc3339(parse_rfc3339(text_at(alert, path)).value_or(Timestamp{}));
}

/// Builds the objects; each gets the marking and the maker.
class Builder {
  public:
    explicit Builder(const Message& message)
        : message_(message),
          alert_(message.alert),
          id_(text_at(alert_, "event.id")),
          created_(time_at(alert_, "event.created")),
          modified_(time_at(alert_, find_path(alert_, "kentongan.last_seen") != nullptr
                                        ? "kentongan.last_seen"
                                        : "event.created")) {
        if (modified_ < created_) modified_ = created_;
        const Marking& marking = marking_of(alert_);
        marking_ = fmt::format("marking-definition--{}",
                               message.settings.tlp1_compat ? marking.id_before : marking.id);
        maker_ = ours("identity", message.settings.vendor);
    }

    json::array build() {
        identity();
        if (!message_.settings.tlp1_compat) marking(marking_of(alert_));
        const std::string indicator_id = indicator();
        observables();
        const std::string observed = observed_data();
        sighting(indicator_id, observed);
        return std::move(out_);
    }

  private:
    json::object domain_object(std::string_view type, const std::string& id,
                               const std::string& created, const std::string& modified) const {
        return {{"type", type},
                {"spec_version", "2.1"},
                {"id", id},
                {"created_by_ref", maker_},
                {"created", created},
                {"modified", modified},
                {"object_marking_refs", json::array{marking_}}};
    }

    void identity() {
        out_.push_back(json::object{{"type", "identity"},
                                    {"spec_version", "2.1"},
                                    {"id", maker_},
                                    {"created", "2024-01-01T00:00:00.000Z"},
                                    {"modified", "2024-01-01T00:00:00.000Z"},
                                    {"name", message_.settings.vendor},
                                    {"identity_class", "organization"}});
    }

    void marking(const Marking& marking) {
        json::object extension{{"extension_type", "property-extension"},
                               {"tlp_2_0", to_lower(marking.name)}};
        out_.push_back(json::object{{"type", "marking-definition"},
                                    {"spec_version", "2.1"},
                                    {"id", marking_},
                                    {"created", "2022-10-01T00:00:00.000Z"},
                                    {"name", fmt::format("TLP:{}", marking.name)},
                                    {"extensions", json::object{{kTlp2, std::move(extension)}}}});
    }

    std::string indicator() {
        const std::string rule = text_at(alert_, "rule.id");
        std::string quoted;
        for (const char c : rule) {
            if (c == '\'' || c == '\\') quoted.push_back('\\');
            quoted.push_back(c);
        }
        const std::string id = ours("indicator", rule);
        json::object object =
            domain_object("indicator", id, "2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00.000Z");
        object["name"] = text_at(alert_, "rule.name");
        object["indicator_types"] = json::array{"anomalous-activity"};
        object["pattern"] = fmt::format("[x-kentongan-rule:rule_id = '{}']", quoted);
        object["pattern_type"] = "stix";
        object["valid_from"] = "2024-01-01T00:00:00.000Z";
        if (auto list = attack_references(); !list.empty())
            object["external_references"] = std::move(list);
        out_.push_back(std::move(object));
        return id;
    }

    json::array attack_references() const {
        json::array out;
        for (const std::string& id : texts_at(alert_, "threat.technique.id"))
            out.push_back(json::object{{"source_name", "mitre-attack"}, {"external_id", id}});
        return out;
    }

    /// `key` is the JSON of the id-contributing properties, canonical as they are one member.
    void observable(std::string_view type, json::object properties, const json::object& key) {
        const std::string id =
            fmt::format("{}--{}", type, uuid5(kObservables, json::serialize(key)));
        if (std::ranges::find(observed_, json::value(id)) != observed_.end()) return;
        observed_.emplace_back(id);
        properties["type"] = type;
        properties["spec_version"] = "2.1";
        properties["id"] = id;
        properties["object_marking_refs"] = json::array{marking_};
        out_.push_back(std::move(properties));
    }

    void address(const std::string& text) {
        const std::string_view bare = std::string_view(text).substr(0, text.find('/'));
        const auto parsed = IpAddress::parse(bare);
        if (!parsed) return;
        const json::object value{{"value", text}};
        observable(parsed->is_v4() ? "ipv4-addr" : "ipv6-addr", value, value);
    }

    void observables() {
        for (const auto* path : {"source.ip", "source.address", "destination.ip"})
            address(text_at(alert_, path));
        for (const std::string& ip : texts_at(alert_, "related.ip")) address(ip);
        if (const auto user = text_at(alert_, "user.name"); !user.empty())
            observable("user-account", {{"account_login", user}}, {{"account_login", user}});
        if (const auto url = text_at(alert_, "url.original"); url.starts_with("http"))
            observable("url", {{"value", url}}, {{"value", url}});
        file();
    }

    void file() {
        const std::string path = text_at(alert_, "file.path");
        const std::string hash = text_at(alert_, "file.hash.sha256");
        json::object properties;
        if (!hash.empty()) properties["hashes"] = json::object{{"SHA-256", hash}};
        const std::string name = path.substr(path.rfind('/') + 1);
        if (!name.empty()) properties["name"] = name;
        if (!properties.empty()) observable("file", properties, properties);
    }

    std::string observed_data() {
        if (observed_.empty()) return {};
        const std::string id = ours("observed-data", id_);
        json::object object = domain_object("observed-data", id, created_, modified_);
        object["first_observed"] = first_seen();
        object["last_observed"] = last_seen();
        object["number_observed"] = count();
        object["object_refs"] = observed_;
        out_.push_back(std::move(object));
        return id;
    }

    void sighting(const std::string& indicator_id, const std::string& observed) {
        json::object object = domain_object("sighting", ours("sighting", id_), created_, modified_);
        object["first_seen"] = first_seen();
        object["last_seen"] = last_seen();
        object["count"] = count();
        object["sighting_of_ref"] = indicator_id;
        if (!observed.empty()) object["observed_data_refs"] = json::array{observed};
        object["where_sighted_refs"] = json::array{maker_};
        object["description"] = headline(alert_);
        object["confidence"] = 100;
        json::array labels{fmt::format("severity:{}", text_at(alert_, "labels.severity"))};
        if (is_exercise(alert_)) labels.emplace_back("latihan");
        object["labels"] = std::move(labels);
        if (!message_.settings.link.empty())
            object["external_references"] =
                json::array{json::object{{"source_name", "kentongan"},
                                         {"external_id", id_},
                                         {"url", message_.settings.link + id_}}};
        out_.push_back(std::move(object));
    }

    std::string first_seen() const { return time_at(alert_, "@timestamp"); }
    std::string last_seen() const {
        return find_path(alert_, "kentongan.last_seen") != nullptr
                   ? time_at(alert_, "kentongan.last_seen")
                   : first_seen();
    }
    std::int64_t count() const {
        return std::clamp<std::int64_t>(number_at(alert_, "kentongan.count"), 1, 999'999'999);
    }

    const Message& message_;
    const json::object& alert_;
    std::string id_;
    std::string created_;
    std::string modified_;
    std::string marking_;
    std::string maker_;
    json::array observed_;
    json::array out_;
};

}  // namespace

json::object to_stix(const Message& message) {
    json::array objects = Builder{message}.build();
    if (message.settings.envelope) return {{"objects", std::move(objects)}};
    const std::string name = fmt::format("bundle {} {}", text_at(message.alert, "event.id"),
                                         text_at(message.alert, "kentongan.last_seen"));
    return {{"type", "bundle"},
            {"id", fmt::format("bundle--{}", uuid5(kOurs, name))},
            {"objects", std::move(objects)}};
}

}  // namespace kentongan
