// Upper bounds of a TPS.
#include "daemon/detect/sirekap/numbers/bounds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan::sirekap::numbers {

namespace {

constexpr std::int64_t kBoxes = 999;  // a number has three boxes

bool is_negative(const TpsRecord& record) {
    if (record.votes && std::ranges::any_of(*record.votes, [](auto& v) { return v.votes < 0; }))
        return true;
    return record.administration &&
           std::ranges::any_of(*record.administration,
                               [](const auto& number) { return number.value_or(0) < 0; });
}

void check_candidates(const TpsRecord& record, std::vector<BoundFault>& out) {
    const auto total = record.number(Number::suara_total);
    for (const Vote& vote : *record.votes) {
        if (vote.votes > kBoxes)
            out.push_back({Severity::medium, fmt::format("candidate {} has {} votes, a form has "
                                                         "room for {}",
                                                         vote.candidate, vote.votes, kBoxes)});
        else if (total && vote.votes > *total)
            out.push_back(
                {Severity::medium, fmt::format("candidate {} has {} votes, suara_total is {}",
                                               vote.candidate, vote.votes, *total)});
    }
}

/// The votes together, or suara_total where that is more.
std::int64_t ballots_of(const TpsRecord& record) {
    const std::int64_t votes = record.votes ? published::sum_of(*record.votes) : 0;
    return std::max(votes, record.number(Number::suara_total).value_or(0));
}

}  // namespace

std::vector<BoundFault> bound_faults(const TpsRecord& record, const Election& election) {
    std::vector<BoundFault> out;
    if (!election.profile_of(record.tps).has_bounds) return out;
    const std::int64_t ballots = ballots_of(record);
    if (ballots > election.maximum_ballots())
        out.push_back({Severity::medium, fmt::format("{} votes, no TPS is given more than {} "
                                                     "ballots",
                                                     ballots, election.maximum_ballots())});
    else if (ballots > election.maximum_voters)
        out.push_back({Severity::low, fmt::format("{} votes, no TPS has more than {} voters",
                                                  ballots, election.maximum_voters)});
    const auto listed = record.number(Number::pemilih_dpt_j);
    const auto moved = record.number(Number::pengguna_dptb_j).value_or(0);
    const auto total = record.number(Number::suara_total);
    if (listed && *listed > 0 && *listed <= election.maximum_voters && total &&
        *total > election.ballots_for(static_cast<int>(*listed)) + moved)
        out.push_back(
            {Severity::low,
             fmt::format("suara_total is {}, for {} voters on the list there are {} "
                         "ballots",
                         *total, *listed, election.ballots_for(static_cast<int>(*listed)))});
    if (record.votes) check_candidates(record, out);
    if (is_negative(record)) out.push_back({Severity::low, "a number is below nothing"});
    return out;
}

}  // namespace kentongan::sirekap::numbers
