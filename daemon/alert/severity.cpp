#include "daemon/alert/severity.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan {

namespace {

Severity moved(Severity from, int steps) {
    const int to = std::clamp(static_cast<int>(from) + steps, static_cast<int>(Severity::low),
                              static_cast<int>(Severity::critical));
    return static_cast<Severity>(to);
}

int asset_shift(const Asset* asset, Severity severity) {
    if (asset == nullptr || asset->criticality == Criticality::normal) return 0;
    return asset->criticality == Criticality::critical || severity < Severity::high ? 1 : 0;
}

}  // namespace

Severity one_step_up(Severity severity) { return moved(severity, 1); }

std::vector<std::string> judge(Finding& finding, const DeskContext& context) {
    const Severity before = finding.severity.value_or(finding.rule->severity);
    finding.severity = before;
    std::vector<std::string> reasons;
    if (finding.rule->advisory || before == Severity::info) return reasons;
    const Asset* asset = context.assets.of(finding);
    const Phase* phase = context.calendar.at(finding.time);
    const int by_asset = asset_shift(asset, before);
    const int by_phase = phase == nullptr ? 0 : severity_shift(*phase, *finding.rule);
    finding.severity = moved(before, std::clamp(by_asset + by_phase, -1, 1));
    if (finding.severity == before) return reasons;
    if (by_asset != 0)
        reasons.push_back(
            fmt::format("asset {} is {}: one step up", asset->name, name_of(asset->criticality)));
    if (by_phase != 0)
        reasons.push_back(
            fmt::format("phase {}: one step {}", phase->name, by_phase > 0 ? "up" : "down"));
    return reasons;
}

}  // namespace kentongan
