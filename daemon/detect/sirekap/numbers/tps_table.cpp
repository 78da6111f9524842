// The TPS of a race and how their votes were corrected.
#include "daemon/detect/sirekap/numbers/tps_table.hpp"

#include <algorithm>
#include <numeric>

namespace kentongan::sirekap::numbers {

namespace {
constexpr std::int64_t kLargest = 1'000'000;  // no number of a TPS is as large

std::uint32_t small(std::optional<std::int64_t> number) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(number.value_or(0), 0, kLargest));
}
}  // namespace

std::uint64_t TpsState::sum() const {
    return std::accumulate(votes.begin(), votes.end(), std::uint64_t{0});
}

std::optional<std::uint8_t> TpsTable::take(const TpsRecord& record, std::uint8_t faults) {
    const auto code = TpsCode::parse(record.tps);
    if (!code) return std::nullopt;
    auto found = tps_.find(*code);
    if (found == tps_.end()) {
        if (tps_.size() >= capacity_) {
            ++left_out_;
            return std::nullopt;
        }
        found = tps_.emplace(*code, TpsState{}).first;
    }
    TpsState& state = found->second;
    const auto before = state.complete ? std::optional{state.faults} : std::nullopt;
    auto votes = record.votes ? aligned(*record.votes) : std::nullopt;
    if (votes && !state.votes.empty()) note_correction(*code, state.votes, *votes);
    state.votes = votes ? std::move(*votes) : std::vector<std::uint32_t>{};
    state.complete = record.complete();
    state.faults = faults;
    state.total = small(record.number(Number::suara_total));
    state.listed = small(record.number(Number::pemilih_dpt_j));
    return before;
}

/// Nothing for a chart without candidates, and with too many of them.
std::optional<std::vector<std::uint32_t>> TpsTable::aligned(const Votes& votes) {
    if (votes.empty()) return std::nullopt;
    std::vector<std::uint32_t> out(candidates_.size());
    for (const Vote& vote : votes) {
        auto at = std::ranges::find(candidates_, vote.candidate) - candidates_.begin();
        if (at == std::ssize(candidates_)) {
            if (candidates_.size() >= kCandidates) return std::nullopt;
            candidates_.push_back(vote.candidate);
            out.push_back(0);
        }
        out[static_cast<std::size_t>(at)] = small(vote.votes);
    }
    return out;
}

void TpsTable::note_correction(TpsCode code, const std::vector<std::uint32_t>& before,
                               const std::vector<std::uint32_t>& after) {
    const auto of = [](const std::vector<std::uint32_t>& votes, std::size_t i) {
        return i < votes.size() ? std::int64_t{votes[i]} : 0;
    };
    const std::size_t count = std::max(before.size(), after.size());
    bool changed = false;
    for (std::size_t i = 0; i < count; ++i) changed = changed || of(before, i) != of(after, i);
    const std::string area = code.to_string().substr(0, 6);
    if (!changed || (corrections_.size() >= kAreas && !corrections_.contains(area))) return;
    AreaCorrections& corrections = corrections_[area];
    ++corrections.tps;
    corrections.candidates.resize(std::max(corrections.candidates.size(), count));
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t change = of(after, i) - of(before, i);
        Corrections& one = corrections.candidates[i];
        one.up += change > 0 ? 1 : 0;
        one.down += change < 0 ? 1 : 0;
        one.net += change;
    }
}

}  // namespace kentongan::sirekap::numbers
