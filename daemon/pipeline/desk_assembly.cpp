// From settings to the alert desk: its options, and what it knows of assets, phases and budgets.
#include "daemon/base/text.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/pipeline/assembly.hpp"

namespace kentongan {

namespace {

Asset asset_of(const std::string& name, const AssetSettings& settings) {
    Asset out;
    out.name = name;
    out.criticality = parse_criticality(settings.criticality).value_or(Criticality::normal);
    out.hosts = settings.hosts;
    for (const std::string& text : settings.networks)
        if (const auto network = IpNetwork::parse(text)) out.networks.push_back(*network);
    return out;
}

Phase phase_of(const std::string& name, const PhaseSettings& settings) {
    Phase out;
    out.name = name;
    out.what = settings.what;
    out.begins = parse_rfc3339(settings.begins).value_or(Timestamp{});
    out.ends = parse_rfc3339(settings.ends).value_or(Timestamp{});
    out.tighten = settings.tighten;
    out.loosen = settings.loosen;
    out.budget_factor = settings.budget_factor;
    out.change_freeze = settings.change_freeze;
    out.two_person = settings.two_person;
    out.retention_hold = settings.retention_hold;
    return out;
}

}  // namespace

/// What the settings' check has refused is not here any more.
std::shared_ptr<const DeskContext> desk_context(const Config& config) {
    std::vector<Asset> assets;
    for (const auto& [name, settings] : config.asset) assets.push_back(asset_of(name, settings));
    std::vector<Phase> phases;
    for (const auto& [name, settings] : config.phase) {
        phases.push_back(phase_of(name, settings));
        const Config then = in_phase(config, settings);
        if (settings.thresholds.contains("budget.alerts_an_hour"))
            phases.back().alerts_an_hour = static_cast<std::size_t>(then.budget.alerts_an_hour);
        if (settings.thresholds.contains("alerts.storm_alerts"))
            phases.back().storm_alerts = static_cast<std::size_t>(then.alerts.storm_alerts);
    }
    BudgetOptions budgets;
    budgets.alerts_an_hour = static_cast<std::size_t>(config.budget.alerts_an_hour);
    for (const auto& [rule, limit] : config.budget.rules)
        budgets.of_rule[rule] = parse_number<std::uint32_t>(limit).value_or(0);
    return std::make_shared<const DeskContext>(
        DeskContext{Assets{std::move(assets)}, Calendar{std::move(phases)}, std::move(budgets)});
}

DeskOptions desk_options(const Config& config) {
    DeskOptions out;
    out.merge_window = std::chrono::seconds{config.alerts.merge_seconds};
    out.hostname = config.daemon.name.empty() ? host_name() : config.daemon.name;
    out.exercise = config.daemon.exercise;
    out.storms.alerts = static_cast<std::size_t>(config.alerts.storm_alerts);
    out.storms.window = std::chrono::seconds{config.alerts.storm_seconds};
    out.corroboration.witnesses = static_cast<std::size_t>(config.alerts.corroboration);
    out.corroboration.window = std::chrono::seconds{config.alerts.corroboration_seconds};
    out.context = desk_context(config);
    return out;
}

}  // namespace kentongan
