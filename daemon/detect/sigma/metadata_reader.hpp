#pragma once
// Reads what a Sigma rule says about itself: title, id, author, level, tags, logsource.

#include "daemon/detect/sigma/rule_reader.hpp"
#include "daemon/detect/sigma/yaml.hpp"

namespace kentongan::sigma {

/// The value of a key, or an undefined node.
[[nodiscard]] yaml::Node member(const yaml::Node& map, std::string_view key);
/// Refuses a map with one key twice: YAML forbids it, and readers differ in which one counts.
void check_keys(const yaml::Node& map, Refusal& refusal);

/// The text at a key, printable; empty when there is none.
[[nodiscard]] std::string text_member(const yaml::Node& map, std::string_view key,
                                      Refusal& refusal);

/// Title, id, name, author, level, tags, status: what every kind of document has.
void read_header(const yaml::Node& root, RuleDocument& out);
void read_logsource(const yaml::Node& root, RuleDocument& out);
/// All of it, for a rule.
void read_metadata(const yaml::Node& root, RuleDocument& out);

}  // namespace kentongan::sigma
