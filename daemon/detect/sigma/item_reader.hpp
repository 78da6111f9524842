#pragma once
// Reads one line of a selection: the field with its modifiers, and the values.

#include <cstddef>

#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"
#include "daemon/detect/sigma/yaml.hpp"

namespace kentongan::sigma {

constexpr std::size_t kMaximumValues = 50'000;      ///< in one rule
constexpr std::size_t kMaximumValueBytes = 32'768;  ///< each

[[nodiscard]] inline int line_of(const yaml::Node& node) { return node.line(); }

/// `key` is "field|modifier|…"; `values` a scalar or a list. `budget` values may still be read;
/// what is read is taken off. On a refusal the item is meaningless.
[[nodiscard]] Item read_item(const yaml::Node& key, const yaml::Node& values, std::size_t& budget,
                             Refusal& refusal);
/// A list of plain strings: keywords, any of them.
[[nodiscard]] Item read_keywords(const std::vector<yaml::Node>& values, std::size_t& budget,
                                 Refusal& refusal);

}  // namespace kentongan::sigma
