#include "daemon/alert/calendar.hpp"

#include <algorithm>
#include <tuple>

namespace kentongan {

namespace {
bool names(const std::vector<std::string>& list, const std::string& what) {
    return std::ranges::find(list, what) != list.end();
}
}  // namespace

Calendar::Calendar(std::vector<Phase> phases) : phases_(std::move(phases)) {
    std::ranges::sort(phases_, {},
                      [](const Phase& phase) { return std::tie(phase.begins, phase.name); });
}

const Phase* Calendar::at(Timestamp time) const {
    for (auto phase = phases_.rbegin(); phase != phases_.rend(); ++phase)
        if (phase->begins <= time && time < phase->ends) return &*phase;
    return nullptr;
}

bool Calendar::change_freeze(Timestamp time) const {
    const Phase* phase = at(time);
    return phase != nullptr && phase->change_freeze;
}
bool Calendar::two_person(Timestamp time) const {
    const Phase* phase = at(time);
    return phase != nullptr && phase->two_person;
}
/// Which phase governs changes only where one begins or ends.
bool Calendar::two_person(Timestamp from, Timestamp until) const {
    const auto within = [&](Timestamp time) {
        return from < time && time <= until && two_person(time);
    };
    return two_person(from) || std::ranges::any_of(phases_, [&](const Phase& phase) {
               return within(phase.begins) || within(phase.ends);
           });
}
bool Calendar::retention_hold(Timestamp time) const {
    const Phase* phase = at(time);
    return phase != nullptr && phase->retention_hold;
}

int severity_shift(const Phase& phase, const Rule& rule) {
    for (const std::string* name : {&rule.id, &rule.rule_class}) {
        if (names(phase.tighten, *name)) return 1;
        if (names(phase.loosen, *name)) return -1;
    }
    return 0;
}

}  // namespace kentongan
