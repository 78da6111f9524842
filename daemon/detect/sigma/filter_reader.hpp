#pragma once
// Reads a document with `filter:`.
#include <yaml-cpp/yaml.h>

#include "daemon/detect/sigma/item_reader.hpp"
#include "daemon/detect/sigma/rule_reader.hpp"

namespace kentongan::sigma {

/// A key of our own, `expires: YYYY-MM-DD`, names the last day (UTC) on which the filter holds.
void read_filter(const YAML::Node& root, ItemContext& context, RuleDocument& out);

}  // namespace kentongan::sigma
