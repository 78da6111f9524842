#pragma once
// How far two sets of votes are apart, and how that is said.
#include <string>

#include "daemon/detect/sirekap/published/document.hpp"

namespace kentongan::sirekap::published {

/// By candidate, those that agree left out; equal when nothing is left.
struct Difference {
    Votes by_candidate;
    [[nodiscard]] bool none() const { return by_candidate.empty(); }
    [[nodiscard]] std::int64_t sum() const { return sum_of(by_candidate); }
    bool operator==(const Difference&) const = default;
    Difference& operator+=(const Difference& other);
};

/// `left` minus `right`.
[[nodiscard]] Difference difference(const Votes& left, const Votes& right);
/// The sum of all rows.
[[nodiscard]] Votes sum_of_rows(const std::vector<Row>& rows);

/// 1234567 as 1,234,567; `with_sign`: +1,234,567.
[[nodiscard]] std::string grouped(std::int64_t number, bool with_sign = false);
/// "+1,000 votes (candidate 1000023 +1,000)"; of many candidates the first four.
[[nodiscard]] std::string describe(const Difference& difference);

}  // namespace kentongan::sirekap::published
