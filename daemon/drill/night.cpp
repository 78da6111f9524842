#include "daemon/drill/night.hpp"

#include <algorithm>

#include "daemon/drill/files.hpp"
#include "daemon/drill/generate/logs.hpp"

namespace kentongan::drill {

namespace {

void add(Script& script, std::string_view file, std::vector<generate::Line> lines) {
    for (generate::Line& line : lines)
        script.line(line.time, std::string(file), std::move(line.text));
}

/// FNV-1a: the same everywhere, so that a drill is the same everywhere.
std::uint64_t number_of(std::string_view name) {
    std::uint64_t out = 0xCBF29CE484222325u;
    for (const char c : name) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return out;
}

generate::Night ordinary(std::span<const Scenario* const> scenarios,
                         const NightSettings& settings) {
    generate::Night out;
    out.seed = settings.seed;
    out.begin = settings.begin;
    out.attacked = false;
    out.both_accounts = true;
    const auto outage = std::ranges::find(scenarios, kOutage, &Scenario::name);
    if (outage != scenarios.end())
        out.pause = {(*outage)->begins, (*outage)->begins + std::chrono::hours{1}};
    return out;
}

}  // namespace

NightSettings part_for(std::span<const Scenario* const> scenarios) {
    NightSettings out;
    if (scenarios.empty()) return out;
    const auto first = std::ranges::min(scenarios, {}, &Scenario::begins)->begins;
    Duration last{0};
    for (const Scenario* one : scenarios) last = std::max(last, one->begins + one->patience);
    out.begin = std::max(out.begin, first - std::chrono::minutes{30});
    out.end = std::min(out.end, last + std::chrono::minutes{5});
    return out;
}

std::vector<Action> night_with(std::span<const Scenario* const> scenarios,
                               const generate::Jakarta& jakarta, const NightSettings& settings) {
    Script script;
    generate::Night night = ordinary(scenarios, settings);
    add(script, kApplicationLog, generate::sirekap_log(night, jakarta));
    night.scale = settings.scale;
    add(script, kWebLog, generate::nginx_log(night));
    add(script, kAuthLog, generate::auth_log(night));
    add(script, kAuditLog, generate::audit_log(night));
    add(script, kDatabaseLog, generate::postgresql_log(night));
    Publication publication{jakarta, night.close};
    for (const Scenario* scenario : scenarios) {
        Scene scene{script, publication,
                    generate::Random{settings.seed ^ number_of(scenario->name)}, jakarta,
                    night.close + scenario->begins};
        scenario->play(scene);
    }
    publication.write(script, night.close + settings.end);
    auto actions = std::move(script).in_order();
    std::erase_if(actions, [&](const Action& action) {
        return action.time < night.close + settings.begin ||
               action.time > night.close + settings.end;
    });
    return actions;
}

}  // namespace kentongan::drill
