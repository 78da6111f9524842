// Votes against votes.
#include "daemon/detect/sirekap/published/difference.hpp"

#include <fmt/format.h>

namespace kentongan::sirekap::published {

namespace {

constexpr std::size_t kNamed = 4;

/// Both lists are sorted by candidate.
Votes combine(const Votes& left, const Votes& right, std::int64_t sign) {
    Votes out;
    auto l = left.begin();
    auto r = right.begin();
    while (l != left.end() || r != right.end()) {
        Vote next;
        if (r == right.end() || (l != left.end() && l->candidate < r->candidate)) {
            next = *l++;
        } else if (l == left.end() || r->candidate < l->candidate) {
            next = {r->candidate, sign * r->votes};
            ++r;
        } else {
            next = {l->candidate, l->votes + sign * r->votes};
            ++l;
            ++r;
        }
        out.push_back(next);
    }
    return out;
}

}  // namespace

Difference difference(const Votes& left, const Votes& right) {
    Votes all = combine(left, right, -1);
    std::erase_if(all, [](const Vote& vote) { return vote.votes == 0; });
    return {std::move(all)};
}

Difference& Difference::operator+=(const Difference& other) {
    by_candidate = combine(by_candidate, other.by_candidate, 1);
    std::erase_if(by_candidate, [](const Vote& vote) { return vote.votes == 0; });
    return *this;
}

Votes sum_of_rows(const std::vector<Row>& rows) {
    Votes out;
    for (const Row& row : rows) {
        bool fits = row.votes.size() == out.size();
        for (std::size_t i = 0; fits && i < out.size(); ++i)
            fits = row.votes[i].candidate == out[i].candidate;
        if (!fits) {
            out = combine(out, row.votes, 1);
            continue;
        }
        for (std::size_t i = 0; i < out.size(); ++i) out[i].votes += row.votes[i].votes;
    }
    return out;
}

std::string grouped(std::int64_t number, bool with_sign) {
    std::string digits = fmt::format("{}", number < 0 ? -number : number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    const char* sign = number < 0 ? "-" : with_sign ? "+" : "";
    return sign + digits;
}

std::string describe(const Difference& difference) {
    std::string out = grouped(difference.sum(), true) + " votes (";
    for (std::size_t i = 0; i < difference.by_candidate.size() && i < kNamed; ++i) {
        const auto& [candidate, votes] = difference.by_candidate[i];
        out +=
            fmt::format("{}candidate {} {}", i == 0 ? "" : ", ", candidate, grouped(votes, true));
    }
    if (difference.by_candidate.size() > kNamed)
        out += fmt::format(" and {} more", difference.by_candidate.size() - kNamed);
    return out + ")";
}

}  // namespace kentongan::sirekap::published
