// Hostile rule files and events: whatever the bytes, rules load or are refused with a reason, and
// the index of literals gives the same answers as plain evaluation. A line "%%%" separates the
// rules from the event, which is JSON or else a raw line.
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/sigma/event_reader.hpp"
#include "daemon/detect/sigma/explain.hpp"
#include "daemon/detect/sigma/sigma_correlator.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"

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

std::shared_ptr<const Placeholders> lists() {
    static const auto kLists = std::make_shared<const Placeholders>(
        std::map<std::string, std::vector<std::string>, std::less<>>{{"a", {"x", "10.0.0.0/8"}},
                                                                     {"b", {"1", "*"}}});
    return kLists;
}

class Sink final : public FindingSink {
  public:
    void report(Finding finding) override {
        check(finding.rule != nullptr && !finding.message.empty());
    }
    void report_hit(std::shared_ptr<const Hit> hit) override { correlator.inspect_hit(hit, *this); }
    SigmaCorrelator correlator;
};

/// The event some times over, also out of order.
void correlate(const std::shared_ptr<const Ruleset>& ruleset, Event event) {
    Sink sink;
    SigmaDetector detector(ruleset);
    for (const int second : {0, 0, 1, 30, 2, 90, 89, 4000}) {
        event.time = from_nanoseconds((1'732'000'000 + std::int64_t{second}) * 1'000'000'000);
        detector.inspect(event, sink);
        sink.correlator.advance(event.time, sink);
    }
    sink.correlator.end_of_input(sink);
}

void run(std::string_view text) {
    const auto separator = text.find("\n%%%\n");
    std::vector<RuleStatus> statuses;
    LoadOptions options;
    options.placeholders = lists();
    const auto shared = std::make_shared<const Ruleset>(
        Ruleset::load_text(text.substr(0, separator), "fuzz.yml", statuses, options));
    const Ruleset& ruleset = *shared;
    check(!statuses.empty());
    for (const RuleStatus& status : statuses)
        check(status.state == RuleStatus::State::ok
                  ? status.reason.empty() || status.reason.starts_with("warning: ")
                  : !status.reason.empty());
    if (separator == text.npos) return;

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
    correlate(shared, event);
}

}  // namespace
}  // namespace kentongan::sigma

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::sigma::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
