#pragma once
// Reads the `detection` of a rule and the like of it in a filter: selections and conditions.
#include <yaml-cpp/yaml.h>

#include "daemon/detect/sigma/item_reader.hpp"
#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

/// `detection` is a map. Fills selections and conditions of `out`.
void read_detection(const YAML::Node& detection, RuleSyntax& out, ItemContext& context,
                    Refusal& refusal);

}  // namespace kentongan::sigma
