#pragma once
// Whether parts of a date are what a rule wants.
#include <vector>

#include "daemon/detect/sigma/syntax.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sigma {

/// Any of the tests holds; a value that is no date holds none.
[[nodiscard]] bool holds_for(const std::vector<DateOperand>& tests, const Value& value);
[[nodiscard]] bool holds_for(const std::vector<DateOperand>& tests, Timestamp time);

}  // namespace kentongan::sigma
