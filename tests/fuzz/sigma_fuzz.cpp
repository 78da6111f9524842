// Hostile rule files and events: whatever the bytes, rules load or are refused with a reason, and
// the index of literals gives the same answers as plain evaluation. A line "%%%" separates the
// rules from the event, which is JSON or else a raw line.
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/sigma/event_reader.hpp"
#include "daemon/detect/sigma/explain.hpp"

using namespace kentongan;
using namespace kentongan::sigma;

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto separator = text.find("\n%%%\n");
    std::vector<RuleStatus> statuses;
    const auto ruleset = Ruleset::load_text(text.substr(0, separator), "fuzz.yml", statuses);
    check(!statuses.empty());
    for (const RuleStatus& status : statuses)
        check((status.state == RuleStatus::State::ok) == status.reason.empty());
    if (separator == text.npos) return 0;

    const Event event = event_of(text.substr(separator + 5));
    const auto matcher = ruleset.matcher_for(event.logsource);
    Evaluation indexed(ruleset.program());
    indexed.begin(event, matcher.get());
    Evaluation plain(ruleset.program());
    plain.begin(event, nullptr);
    for (const std::uint32_t index : matcher->rules()) {
        const CompiledRule& rule = ruleset.program().rules[index];
        check(indexed.holds(rule) == plain.holds(rule.condition));
    }
    static_cast<void>(explain(ruleset, event));
    return 0;
}
