// The rules of triage, without a store.
#include "daemon/store/triage.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace kentongan {

namespace {

struct Transition {
    std::string_view from;
    TriageVerb verb;
    std::string_view to;
};
using enum TriageVerb;
constexpr std::array kTransitions{
    Transition{"new", ack, "acknowledged"},
    Transition{"new", assign, "assigned"},
    Transition{"new", escalate, "escalated"},
    Transition{"new", close, "closed"},
    Transition{"acknowledged", assign, "assigned"},
    Transition{"acknowledged", escalate, "escalated"},
    Transition{"acknowledged", close, "closed"},
    Transition{"acknowledged", reopen, "new"},
    Transition{"assigned", assign, "assigned"},
    Transition{"assigned", escalate, "escalated"},
    Transition{"assigned", close, "closed"},
    Transition{"assigned", reopen, "new"},
    Transition{"escalated", assign, "escalated"},  // somebody's now, and no less urgent
    Transition{"escalated", close, "closed"},
    Transition{"escalated", reopen, "new"},
    Transition{"closed", reopen, "new"},
};

constexpr std::array<std::string_view, 6> kVerbs{"ack",      "assign", "comment",
                                                 "escalate", "close",  "reopen"};
constexpr std::array<std::string_view, 5> kReasons{"true", "benign", "false", "duplicate",
                                                   "exercise"};

std::string allowed_from(std::string_view state) {
    std::vector<std::string_view> names{"comment"};
    for (const Transition& transition : kTransitions)
        if (transition.from == state) names.push_back(name_of(transition.verb));
    return fmt::format("{}", fmt::join(names, ", "));
}

Result<> check(const TriageAct& act) {
    if (act.verb == close && std::ranges::find(kReasons, act.reason) == kReasons.end())
        return fail(ErrorCode::usage, "close needs a reason: {}", fmt::join(kReasons, ", "));
    if (act.verb == assign && act.assignee.empty())
        return fail(ErrorCode::usage, "assign needs an assignee");
    return {};
}

}  // namespace

std::string_view name_of(TriageVerb verb) { return kVerbs[static_cast<std::size_t>(verb)]; }

std::optional<TriageVerb> parse_verb(std::string_view name) {
    const auto found = std::ranges::find(kVerbs, name);
    if (found == kVerbs.end()) return std::nullopt;
    return static_cast<TriageVerb>(found - kVerbs.begin());
}

Result<Place> advance(const Place& place, const TriageAct& act) {
    if (auto good = check(act); !good) return std::unexpected(good.error());
    Place out = place;
    ++out.revision;
    if (act.verb == comment) return out;
    const auto fits = [&](const Transition& t) {
        return t.from == place.state && t.verb == act.verb;
    };
    const auto found = std::ranges::find_if(kTransitions, fits);
    if (found == kTransitions.end())
        return fail(ErrorCode::usage, "alert {} is {}: {} is not possible; possible are {}",
                    place.alert, place.state, name_of(act.verb), allowed_from(place.state));
    out.state = found->to;
    out.reason = act.verb == close ? act.reason : "";
    if (act.verb == assign) out.assignee = act.assignee;
    if (act.verb == reopen) out.assignee.clear();
    return out;
}

}  // namespace kentongan
