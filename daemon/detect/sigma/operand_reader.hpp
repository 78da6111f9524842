#pragma once
// What one value of an item is compared as.
#include <vector>

#include "daemon/detect/sigma/modifiers.hpp"
#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/scalar.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

/// A value's alternatives, as the modifiers say: windash and base64offset make several of one.
[[nodiscard]] std::vector<Operand> read_operand(const Modifiers& modifiers, const Scalar& scalar,
                                                Refusal& refusal);

}  // namespace kentongan::sigma
