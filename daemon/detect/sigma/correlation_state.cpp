// From hits to numbers for the windows, and from their answers to findings.
#include "daemon/detect/sigma/correlation_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/keyed_hash.hpp"

namespace kentongan::sigma {

namespace {

/// Deferred windows keep a whole hit each, for their finding has no other when it comes.
constexpr std::size_t kMostDeferred = 20'000;

Windows::Limits limits_for(const WindowPlan& plan, Windows::Limits limits) {
    if (plan.deferred) limits.groups = std::min(limits.groups, kMostDeferred);
    return limits;
}

std::uint64_t hash_of(std::uint64_t seed, std::string_view text) {
    return anomaly::siphash({seed, ~seed * 0x9E37'79B9'7F4A'7C15u}, as_bytes(text));
}

/// Texts one after another so that no two lists of texts look the same.
void append(std::string& out, std::string_view text) {
    out += fmt::format("{}:", text.size());
    out += text;
}

}  // namespace

CorrelationState::CorrelationState(std::shared_ptr<const CorrelationSet> set, std::uint32_t index,
                                   Windows::Limits limits, std::uint64_t seed)
    : set_(std::move(set)),
      index_(index),
      seed_(seed),
      plan_(WindowPlan::of(correlation().syntax)),
      windows_(plan_, limits_for(plan_, limits)) {}

void CorrelationState::move_to(std::shared_ptr<const CorrelationSet> set, std::uint32_t index) {
    set_ = std::move(set);
    index_ = index;
}

void CorrelationState::take(const std::shared_ptr<const Hit>& hit, const Feed& feed,
                            EvidenceRing& evidence) {
    // An inner correlation that goes on keeps an outer one's order fresh, but is not counted twice.
    if (hit->again && !is_temporal(correlation().syntax.type)) return;
    const auto sample = sample_of(*hit, feed);
    if (!sample) return;
    if (const auto over = windows_.ended_for(sample->key, sample->time); over != GroupTable::kNone)
        close(over, evidence);
    const auto outcome = windows_.take(*sample);
    if (outcome.answer == Windows::Answer::late) {
        ++counts_.late;
        return;
    }
    if (outcome.answer == Windows::Answer::again) return go_on(outcome.group, hit, feed);
    Group& group = windows_.group(outcome.group);
    group.evidence = evidence.add(hit, group.evidence);
    if (plan_.deferred) return note(outcome.group, hit, feed);
    if (outcome.answer == Windows::Answer::fired) fire(outcome, hit, feed, evidence);
}

std::optional<Windows::Sample> CorrelationState::sample_of(const Hit& hit, const Feed& feed) {
    Windows::Sample out;
    out.time = std::max<std::int64_t>(to_nanoseconds(hit.time), 1);
    out.position = feed.position;
    if (!group_of(hit, feed, out.key)) {
        ++counts_.ungrouped;
        return std::nullopt;
    }
    if (!value_of(hit, feed, out)) {
        ++counts_.no_value;
        return std::nullopt;
    }
    return out;
}

bool CorrelationState::group_of(const Hit& hit, const Feed& feed, std::uint64_t& key) {
    std::string text;
    const auto& names = correlation().syntax.group_by;
    const auto& carried = hit.set->nodes()[hit.node].names;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& value = hit.values[feed.group[i]];
        if ((!value || value->empty()) &&
            (is_identity(names[i]) || is_identity(carried[feed.group[i]])))
            return false;
        append(text, value ? *value : std::string_view{"\xFF"});
    }
    key = hash_of(seed_, text);
    return true;
}

bool CorrelationState::value_of(const Hit& hit, const Feed& feed, Windows::Sample& out) {
    if (feed.value.empty()) return true;
    if (correlation().syntax.type == CorrelationType::value_count) {
        std::string text;
        for (const auto at : feed.value) {
            if (!hit.values[at]) return false;
            append(text, *hit.values[at]);
        }
        out.hash = hash_of(~seed_, text);
        return true;
    }
    const auto& value = hit.values[feed.value.front()];
    const auto number = value ? parse_number<double>(*value) : std::nullopt;
    if (!number || !std::isfinite(*number)) return false;
    out.number = *number;
    return true;
}

void CorrelationState::note(std::uint32_t group, const std::shared_ptr<const Hit>& hit,
                            const Feed& feed) {
    if (last_.size() <= group) last_.resize(group + 1);
    last_[group] = {0, hit, feed, 0, 0};
}

void CorrelationState::fire(const Windows::Outcome& outcome, const std::shared_ptr<const Hit>& hit,
                            const Feed& feed, const EvidenceRing& evidence) {
    const Group& group = windows_.group(outcome.group);
    const Timestamp since = from_nanoseconds(group.newest - plan_.span);
    auto hits = evidence.of(group.evidence, since);
    if (hits.empty()) hits.push_back(hit);
    const bool counts = correlation().syntax.type == CorrelationType::event_count;
    const auto count = std::max<std::uint64_t>(
        hits.size(), counts ? static_cast<std::uint64_t>(outcome.value) : 1);
    reports_.push_back({fired_finding(correlation(), feed, hits, outcome.value, count),
                        own_hit(*hit, feed, false), true});
}

/// Others that build on this one hear of it at once; people once a flush.
void CorrelationState::go_on(std::uint32_t index, const std::shared_ptr<const Hit>& hit,
                             const Feed& feed) {
    Group& group = windows_.group(index);
    const bool known = group.pending != 0 && group.pending <= pending_.size() &&
                       pending_[group.pending - 1].key == group.key;
    if (!known) {
        pending_.push_back({group.key, nullptr, feed, 0, 0});
        group.pending = static_cast<std::uint32_t>(pending_.size());
    }
    Last& last = pending_[group.pending - 1];
    last.hit = hit;
    last.feed = feed;
    ++last.more;
    last.total = ++group.total;
    if (!node().feeds.empty()) reports_.push_back({{}, own_hit(*hit, feed, true), false});
}

void CorrelationState::close(std::uint32_t index, const EvidenceRing& evidence) {
    const Group group = windows_.group(index);
    const Last last = std::exchange(last_[index], {});
    const auto value = windows_.close(index);
    if (!value) return;
    auto hits = evidence.of(group.evidence, from_nanoseconds(group.opened - 1));
    if (hits.empty()) hits.push_back(last.hit);
    reports_.push_back({fired_finding(correlation(), last.feed, hits, *value, group.total),
                        own_hit(*last.hit, last.feed, false), true});
}

void CorrelationState::flush() {
    for (const Last& last : pending_)
        reports_.push_back(
            {again_finding(correlation(), last.feed, *last.hit, last.more, last.total), nullptr,
             false});
    pending_.clear();
}

void CorrelationState::advance(Timestamp now, EvidenceRing& evidence) {
    flush();
    windows_.reach(to_nanoseconds(now));
    for (auto over = windows_.ended(); over != GroupTable::kNone; over = windows_.ended())
        close(over, evidence);
    windows_.expire();
}

void CorrelationState::finish(EvidenceRing& evidence) {
    flush();
    for (auto open = windows_.first_open(); open != GroupTable::kNone; open = windows_.first_open())
        close(open, evidence);
}

/// A correlation's match as a hit: its group's values by their names, the rest of the last event.
std::shared_ptr<const Hit> CorrelationState::own_hit(const Hit& last, const Feed& feed,
                                                     bool again) const {
    if (node().feeds.empty()) return nullptr;
    const auto& group_by = correlation().syntax.group_by;
    const auto& carried = last.set->nodes()[last.node].names;
    auto out = std::make_shared<Hit>(last);
    out->set = set_;
    out->node = set_->node_of_correlation(index_);
    out->again = again;
    out->values.clear();
    for (const std::string& name : node().names) {
        const auto grouped = std::ranges::find(group_by, name) - group_by.begin();
        const auto& field = aliased(correlation().syntax, name, feed.position);
        const auto at = std::ranges::find(carried, field) - carried.begin();
        if (static_cast<std::size_t>(grouped) < group_by.size())
            out->values.push_back(last.values[feed.group[static_cast<std::size_t>(grouped)]]);
        else
            out->values.push_back(static_cast<std::size_t>(at) < carried.size()
                                      ? last.values[static_cast<std::size_t>(at)]
                                      : std::nullopt);
    }
    return out;
}

}  // namespace kentongan::sigma
