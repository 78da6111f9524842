// Daily figures as a webhook's body, an ECS metric and a mail.
#include <boost/json.hpp>

#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

/// In the shape that formats make something of; without the sensor's name.
json::object figures_alert(const json::object& figures, bool exercise) {
    const std::string date = text_at(figures, "date");
    return {{"@timestamp", figures.at("until")},
            {"ecs", json::object{{"version", "8.11.0"}}},
            {"event", json::object{{"kind", "metric"},
                                   {"id", "figures-" + date},
                                   {"dataset", "kentongan.figures"},
                                   {"severity", 0},
                                   {"start", figures.at("from")},
                                   {"end", figures.at("until")}}},
            {"rule", json::object{{"id", "kentongan:figures"},
                                  {"name", "Figures of " + date},
                                  {"ruleset", "sensor"},
                                  {"category", "figures"}}},
            {"message", "Figures of " + date},
            {"observer", json::object{{"product", "kentongan"}}},
            {"labels", json::object{{"severity", "info"},
                                    {"tlp", figures.at("tlp")},
                                    {"exercise", exercise ? "true" : "false"}}},
            {"kentongan", json::object{{"figures", figures}}}};
}

}  // namespace

bool carries_figures(BodyFormat format, bool in_syslog) {
    return !in_syslog && (format == BodyFormat::kentongan || format == BodyFormat::ecs ||
                          format == BodyFormat::mail);
}

std::string render_figures(BodyFormat format, bool in_syslog, const json::object& figures,
                           bool exercise, const FormatSettings& settings) {
    if (!carries_figures(format, in_syslog)) return {};
    if (format == BodyFormat::kentongan) {
        json::object data = figures;
        data["exercise"] = exercise;
        return json::serialize(json::object{{"type", "figures.daily"},
                                            {"timestamp", figures.at("until")},
                                            {"data", std::move(data)}});
    }
    FormatSettings own = settings;
    own.link.clear();  // there is no alert to look at
    own.hostname = own.mail_from.substr(own.mail_from.find('@') + 1);  // not which sensor it was
    const json::object alert = figures_alert(figures, exercise);
    const Message message{alert, "figures.daily", own};
    return format == BodyFormat::mail ? to_mail(message) : json::serialize(to_ecs(message));
}

std::string outline(const json::value& value, std::size_t depth) {
    const std::string margin(depth * 2, ' ');
    std::string out;
    if (const auto* object = value.if_object()) {
        for (const auto& [name, part] : *object)
            if (part.is_structured())
                out += margin + std::string(name) + ":\n" + outline(part, depth + 1);
            else
                out += margin + std::string(name) + ": " + outline(part, 0);
        return out;
    }
    if (const auto* list = value.if_array()) {
        for (const json::value& item : *list) out += margin + json::serialize(item) + "\n";
        return out;
    }
    return (value.is_string() ? std::string(value.get_string()) : json::serialize(value)) + "\n";
}

}  // namespace kentongan
