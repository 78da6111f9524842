#include "daemon/pipeline/delivery_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan {

namespace {

constexpr std::string_view kInsider = "insider";

bool holds(const std::vector<std::string>& list, std::string_view item) {
    return std::ranges::find(list, item) != list.end();
}

/// Agencies that get alerts about insiders.
std::vector<std::string> told_of_insiders(const Routing& routing) {
    auto rule = std::make_shared<Rule>();
    rule->rule_class = kInsider;
    Alert worst;
    worst.rule = std::move(rule);
    worst.severity = Severity::critical;
    std::vector<std::string> out;
    for (Route& route : routing.route(worst)) out.push_back(std::move(route.agency));
    return out;
}

/// A named cell, or an `except`, or a unit whose people it is not told of.
bool is_thought_of(const Config& config, const std::string& name, const DeliverySettings& to) {
    return !to.classes.empty() || holds(to.except, kInsider) ||
           std::ranges::any_of(config.unit, [&](const auto& unit) {
               return holds(unit.second.destinations, name);
           });
}

/// Agencies that get daily figures.
std::vector<std::string> told_figures(const Routing& routing) {
    std::vector<std::string> out;
    for (const std::string& agency : routing.agencies())
        if (std::ranges::any_of(routing.classes(), [&](const std::string& name) {
                return routing.daily(name, agency) != nullptr;
            }))
            out.push_back(agency);
    return out;
}

}  // namespace

bool carries_figures(const DeliverySettings& settings) {
    if (settings.kind == "mail") return true;
    const bool has_place =
        settings.format == "kentongan" || settings.format == "ecs" || settings.format.empty();
    return has_place && (settings.kind == "webhook" || settings.kind == "ndjson");
}

bool carries_heartbeat(const DeliverySettings& settings) {
    return settings.enabled && settings.heartbeat && settings.kind != "mail" &&
           settings.kind != "taxii" && settings.format != "template" && settings.format != "stix";
}

std::vector<std::string> delivery_warnings(const Config& config, const Routing& routing) {
    std::vector<std::string> out;
    const auto told = told_of_insiders(routing);
    const auto figures = told_figures(routing);
    for (const auto& [name, to] : config.delivery) {
        if (!to.enabled) continue;
        if (holds(told, to.agency.empty() ? name : to.agency) && !is_thought_of(config, name, to))
            out.push_back(fmt::format(
                "delivery.{}: gets alerts about insiders, with no [unit.NAME] that keeps from it "
                "those about its own people; add one, or except = [\"insider\"] here and a "
                "destination with classes = [\"insider\"] for a named cell",
                name));
        if (holds(figures, to.agency.empty() ? name : to.agency) && !carries_figures(to) &&
            to.classes.empty() && !holds(to.except, "figures"))
            out.push_back(fmt::format(
                "delivery.{}: gets no daily figures, for its form has no place for them; set "
                "except = [\"figures\"], and give the agency a webhook or a mail with classes = "
                "[\"figures\"]",
                name));
        if (to.heartbeat && !carries_heartbeat(to))
            out.push_back(fmt::format(
                "delivery.{}: gets no sign of life, for its form has none, so nobody there notices "
                "our silence; set heartbeat = false, and give the agency a webhook with classes = "
                "[\"heartbeat\"]",
                name));
    }
    return out;
}

}  // namespace kentongan
