#pragma once
// Reads the `detection` of a rule and the like of it in a filter: selections and conditions.

#include "daemon/detect/sigma/item_reader.hpp"
#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

/// `detection` is a map. Fills selections and conditions of `out`; the key `except` is no
/// selection.
void read_detection(const yaml::Node& detection, RuleSyntax& out, ItemContext& context,
                    Refusal& refusal, std::string_view except = {});

}  // namespace kentongan::sigma
