#pragma once
// Reads what a Sigma rule says about itself: title, id, author, level, tags, logsource.

#include "daemon/detect/sigma/rule_reader.hpp"
#include "daemon/detect/sigma/yaml.hpp"

namespace kentongan::sigma {

/// The value of a key, or an undefined node.
[[nodiscard]] yaml::Node member(const yaml::Node& map, std::string_view key);
/// Refuses a map with one key twice: YAML forbids it, and readers differ in which one counts.
void check_keys(const yaml::Node& map, Refusal& refusal);

void read_metadata(const yaml::Node& root, RuleDocument& out);

}  // namespace kentongan::sigma
