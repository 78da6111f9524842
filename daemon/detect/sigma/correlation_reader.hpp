#pragma once
// Reads a document with `correlation:`. What it names is looked up later, by CorrelationSet.
#include <yaml-cpp/yaml.h>

#include "daemon/detect/sigma/rule_reader.hpp"

namespace kentongan::sigma {

constexpr std::size_t kMaximumReferences = 64;  ///< rules of one correlation
constexpr std::size_t kMaximumGroupFields = 8;
constexpr std::size_t kMaximumAliases = 16;
constexpr double kMaximumThreshold = 1e15;
/// More distinct values than this are not counted exactly, so such a rule is refused.
constexpr double kMaximumDistinct = 10'000;

/// `text` is the document's, kept to see whether a reload changed it.
void read_correlation(const YAML::Node& root, std::string_view text, RuleDocument& out);

}  // namespace kentongan::sigma
