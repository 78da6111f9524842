#pragma once
// Which predicates betray that a rule may match.
#include <vector>

#include "daemon/detect/sigma/program.hpp"

namespace kentongan::sigma {

/// Of the sets of indexed predicates of which one must hold for `condition` to hold, the one that
/// will hold least often, as far as the patterns tell. Empty when a condition can hold without any,
/// such as one that consists of a negation.
[[nodiscard]] std::vector<PredicateId> witnesses_of(const Expression& condition,
                                                    const std::vector<Predicate>& predicates);

}  // namespace kentongan::sigma
