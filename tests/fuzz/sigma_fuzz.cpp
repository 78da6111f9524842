// Hostile rule files and events: whatever the bytes, rules load or are refused with a reason, and
// the compiled plan gives the same answers as plain evaluation. A line "%%%" separates the
// rules from the event, which is JSON or else a raw line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/sigma/event_reader.hpp"
#include "daemon/detect/sigma/explain.hpp"

namespace kentongan::sigma {
namespace {

Event event_of(std::string_view text) {
    if (auto event = read_event(text)) return std::move(*event);
    Event event;
    event.set_raw(text);
    event.set(Field::url_original, text);
    return event;
}

void check(bool right) {
    if (!right) std::abort();
}

void run(std::string_view text) {
    const auto separator = text.find("\n%%%\n");
    std::vector<RuleStatus> statuses;
    const auto ruleset = sigma::Ruleset::load_text(text.substr(0, separator), "fuzz.yml", statuses);
    check(!statuses.empty());
    for (const RuleStatus& status : statuses)
        check((status.state == RuleStatus::State::ok) == status.reason.empty());
    if (separator == text.npos) return;

    const Event event = event_of(text.substr(separator + 5));
    const auto matcher = ruleset.plans().plan_for(EventClass::of(event));
    Evaluation planned(ruleset.program());
    planned.make_room_for(*matcher);
    planned.begin(event, matcher.get());
    const auto& candidates = planned.candidates();
    Evaluation plain(ruleset.program());
    plain.begin(event, nullptr);
    for (const std::uint32_t index : matcher->rules()) {
        const CompiledRule& rule = ruleset.program().rules[index];
        const bool holds = plain.holds(rule.condition);
        check(planned.holds(rule) == holds);
        check(!holds || std::ranges::binary_search(candidates, index));
    }
    static_cast<void>(explain(ruleset, event));
}

}  // namespace
}  // namespace kentongan::sigma

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::sigma::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
