#pragma once
// Reads what a Sigma rule says about itself: title, id, author, level, tags, logsource.
#include <yaml-cpp/yaml.h>

#include "daemon/detect/sigma/rule_reader.hpp"

namespace kentongan::sigma {

/// The value of a key, or an undefined node.
[[nodiscard]] YAML::Node member(const YAML::Node& map, std::string_view key);
/// Refuses a map with one key twice: YAML forbids it, and readers differ in which one counts.
void check_keys(const YAML::Node& map, Refusal& refusal);

/// The text at a key, printable; empty when there is none.
[[nodiscard]] std::string text_member(const YAML::Node& map, std::string_view key,
                                      Refusal& refusal);

/// Title, id, name, author, level, tags, status: what every kind of document has.
void read_header(const YAML::Node& root, RuleDocument& out);
void read_logsource(const YAML::Node& root, RuleDocument& out);
/// All of it, for a rule.
void read_metadata(const YAML::Node& root, RuleDocument& out);

}  // namespace kentongan::sigma
