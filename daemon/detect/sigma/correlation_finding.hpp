#pragma once
// What is said of a correlation that holds.
#include <memory>
#include <string>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sigma/correlation_set.hpp"

namespace kentongan::sigma {

/// The values of a hit in a correlation's group-by fields, "-" for one that is missing.
[[nodiscard]] std::vector<std::string> group_values(const Correlation& correlation,
                                                    const Feed& feed, const Hit& hit);

/// The condition has come to hold at the last of `hits` (at least one, oldest first). `value` is
/// what it was asked of, `count` the hits behind it. Evidence is of the first and the last few
/// hits; the subject is what all of them share.
[[nodiscard]] Finding fired_finding(const Correlation& correlation, const Feed& feed,
                                    const std::vector<std::shared_ptr<const Hit>>& hits,
                                    double value, std::uint64_t count);

/// `more` hits since the last finding of this group, of which `hit` is the newest; `total` since it
/// fired.
[[nodiscard]] Finding again_finding(const Correlation& correlation, const Feed& feed,
                                    const Hit& hit, std::uint64_t more, std::uint64_t total);

}  // namespace kentongan::sigma
