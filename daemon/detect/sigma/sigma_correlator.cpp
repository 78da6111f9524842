// Hits go up from rules to correlations, and from correlations to those built on them.
#include "daemon/detect/sigma/sigma_correlator.hpp"

#include <algorithm>
#include <utility>

namespace kentongan {

using sigma::CorrelationSet;
using sigma::CorrelationState;

namespace {
constexpr std::size_t kMaximumSources = 10'000;  // settings name far fewer
constexpr int kLateInARow = 100;
}  // namespace

SigmaCorrelator::SigmaCorrelator(SigmaCorrelatorOptions options)
    : options_(options), evidence_(std::max<std::size_t>(options.evidence_hits, 1)) {}

void SigmaCorrelator::inspect_hit(const std::shared_ptr<const Hit>& hit, FindingSink& out) {
    if (is_late(*hit)) {
        ++late_;
        return;
    }
    feed(hit, states_of(hit->set), 0, out);
}

/// When all that a source says is late, its clock was set back.
bool SigmaCorrelator::is_late(const Hit& hit) {
    const std::string_view name = hit.source;
    if (sources_.size() >= kMaximumSources && !sources_.contains(name)) sources_.clear();
    Source& source = sources_[name];
    const bool late = hit.time + options_.lateness < source.newest;
    source.late = late ? source.late + 1 : 0;
    if (!late) source.newest = std::max(source.newest, hit.time);
    if (source.late < kLateInARow) return late;
    source = {hit.time, 0};
    return false;
}

/// The states by a set's numbering; a set newer than the current one takes its place.
const SigmaCorrelator::States& SigmaCorrelator::states_of(
    const std::shared_ptr<const CorrelationSet>& set) {
    if (set == current_) return current_states_;
    if (!current_ || set->serial() > current_->serial()) {
        adopt(set);
        return current_states_;
    }
    if (set != other_) {
        other_ = set;
        other_states_.clear();
        for (const auto& correlation : set->correlations()) {
            const auto found = by_content_.find(correlation.content);
            other_states_.push_back(found == by_content_.end() ? nullptr : found->second);
        }
    }
    return other_states_;
}

void SigmaCorrelator::adopt(const std::shared_ptr<const CorrelationSet>& set) {
    auto before = std::exchange(by_content_, {});
    current_ = set;
    current_states_.clear();
    other_.reset();
    other_states_.clear();
    for (std::uint32_t i = 0; i < set->correlations().size(); ++i) {
        const auto& content = set->correlations()[i].content;
        std::shared_ptr<CorrelationState> state;
        if (const auto found = before.find(content); found != before.end()) {
            state = std::move(found->second);
            before.erase(found);
            state->move_to(set, i);
        } else {
            state = std::make_shared<CorrelationState>(set, i, options_.limits, options_.seed);
            state->reach(now_);
        }
        by_content_[content] = state;
        current_states_.push_back(std::move(state));
    }
    for (const auto& [content, state] : before) {
        retired_evictions_ += state->evicted();
        retired_.late += state->counts().late;
        retired_.ungrouped += state->counts().ungrouped;
        retired_.no_value += state->counts().no_value;
    }
}

void SigmaCorrelator::feed(const std::shared_ptr<const Hit>& hit, const States& states,
                           std::size_t depth, FindingSink& out) {
    for (const sigma::Feed& feed : hit->set->nodes()[hit->node].feeds) {
        const auto& state = states[feed.correlation];
        if (!state) {
            ++superseded_;
            continue;
        }
        state->take(hit, feed, evidence_);
        take_reports(states, *state, depth, out);
    }
}

void SigmaCorrelator::take_reports(const States& states, CorrelationState& state, std::size_t depth,
                                   FindingSink& out) {
    for (auto& report : state.take_reports()) {
        if (report.finding.rule && state.node().alerts) out.report(std::move(report.finding));
        if (report.hit && depth <= sigma::kMaximumChain)
            feed(report.hit, report.hit->set == current_ ? current_states_ : states, depth + 1,
                 out);
    }
}

void SigmaCorrelator::advance(Timestamp now, FindingSink& out) {
    now_ = std::max(now_, now);
    for (const auto& state : current_states_) {
        state->advance(now_, evidence_);
        take_reports(current_states_, *state, 0, out);
    }
}

/// Inner correlations may stand after the outer ones they feed, so it is done once a level.
void SigmaCorrelator::end_of_input(FindingSink& out) {
    for (std::size_t level = 0; level <= sigma::kMaximumChain; ++level)
        for (const auto& state : current_states_) {
            state->finish(evidence_);
            take_reports(current_states_, *state, 0, out);
        }
}

std::uint64_t SigmaCorrelator::evicted() const {
    std::uint64_t out = retired_evictions_;
    for (const auto& state : current_states_) out += state->evicted();
    return out;
}

std::span<const Detector::Count> SigmaCorrelator::counts() const {
    CorrelationState::Counts sum = retired_;
    for (const auto& state : current_states_) {
        sum.late += state->counts().late;
        sum.ungrouped += state->counts().ungrouped;
        sum.no_value += state->counts().no_value;
    }
    counts_[0].total = sum.late + late_;
    counts_[1].total = sum.ungrouped;
    counts_[2].total = sum.no_value;
    counts_[3].total = superseded_;
    return counts_;
}

std::size_t SigmaCorrelator::memory() const {
    std::size_t out = 0;
    for (const auto& state : current_states_) out += state->memory();
    return out;
}

}  // namespace kentongan
