// What a phase of the election switches: numbers of other tables, while it lasts.
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"
#include "daemon/config/apply.hpp"
#include "daemon/config/reader.hpp"

namespace kentongan {

namespace {

/// What its owner reads anew for every decision; sizes of tables and windows stay what they are.
constexpr std::array<std::string_view, 11> kSwitchable{
    "anomaly.scan_ports",           "anomaly.scan_hosts",
    "anomaly.syn_flood_per_second", "anomaly.syn_flood_completed_ratio",
    "anomaly.brute_force_failures", "anomaly.login_failure_z",
    "anomaly.log_gap_seconds",      "anomaly.outbound_mb",
    "anomaly.outbound_day_mb",      "alerts.storm_alerts",
    "budget.alerts_an_hour"};

}  // namespace

void config::apply_thresholds(const PhaseSettings& phase, Config& config, Problems& problems) {
    for (const auto& [key, value] : phase.thresholds) {
        if (std::ranges::find(kSwitchable, key) == kSwitchable.end()) {
            problems.add(fmt::format("\"{}\" is not switched by phases; those are {}",
                                     printable_utf8(key, 80), fmt::join(kSwitchable, ", ")));
            continue;
        }
        const auto layer = parse_assignment(key + "=" + value);
        Origins origins;
        if (layer)
            apply(*layer, config, origins, problems);
        else
            problems.add(layer.error().message);
    }
}

Config in_phase(const Config& config, const PhaseSettings& phase) {
    Config out = config;
    config::Problems told_at_the_check;
    config::apply_thresholds(phase, out, told_at_the_check);
    return out;
}

}  // namespace kentongan
