// One lane and one correlator, without the pipeline between them.
#include "daemon/detect/sigma/sample_sequence.hpp"

#include <algorithm>

#include "daemon/detect/sigma/evaluation.hpp"
#include "daemon/detect/sigma/sigma_correlator.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"

namespace kentongan::sigma {

namespace {

class Play final : public FindingSink {
  public:
    Play(const std::vector<const Correlation*>& correlations, PlayedSequence& out)
        : correlations_(correlations), out_(out) {}

    void report(Finding finding) override {
        for (const Correlation* correlation : correlations_)
            if (correlation->rule == finding.rule) out_.fired.push_back(finding.message);
    }
    void report_hit(std::shared_ptr<const Hit> hit) override {
        ++out_.hits;
        correlator.inspect_hit(hit, *this);
    }
    SigmaCorrelator correlator;

  private:
    const std::vector<const Correlation*>& correlations_;
    PlayedSequence& out_;
};

void complete_times(std::vector<SampleEvent>& events) {
    Timestamp previous = *parse_rfc3339("2024-11-27T06:00:00Z");
    for (SampleEvent& one : events) {
        if (one.event.time == Timestamp{}) one.event.time = previous + std::chrono::seconds{1};
        previous = one.event.time;
    }
}

}  // namespace

bool matches_any(const Ruleset& ruleset, const std::vector<std::uint32_t>& rules,
                 const Event& event) {
    const Program& program = ruleset.program();
    const auto matcher = ruleset.matcher_for(event.logsource);
    Evaluation evaluation(program);
    evaluation.begin(event, matcher.get());
    return std::ranges::any_of(matcher->rules(), [&](std::uint32_t index) {
        return std::ranges::find(rules, index) != rules.end() &&
               evaluation.holds(program.rules[index]);
    });
}

PlayedSequence play_sequence(const std::shared_ptr<const Ruleset>& ruleset,
                             const std::vector<const Correlation*>& correlations,
                             std::vector<SampleEvent> events) {
    complete_times(events);
    for (std::size_t i = 0; i < events.size(); ++i) events[i].event.origin = {"sample", i};
    std::ranges::sort(events, {}, [](const SampleEvent& one) {
        return std::pair{one.event.time, one.event.origin.position};
    });
    PlayedSequence out;
    Play play{correlations, out};
    SigmaDetector detector{ruleset};
    for (const SampleEvent& one : events) {
        play.correlator.advance(one.event.time, play);
        detector.inspect(one.event, play);
    }
    play.correlator.end_of_input(play);
    return out;
}

}  // namespace kentongan::sigma
