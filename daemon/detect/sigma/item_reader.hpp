#pragma once
// Reads one line of a selection: the field with its modifiers, and the values.
#include <yaml-cpp/yaml.h>

#include <cstddef>

#include "daemon/detect/sigma/placeholders.hpp"
#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

constexpr std::size_t kMaximumValues = 50'000;      ///< in one rule
constexpr std::size_t kMaximumValueBytes = 32'768;  ///< each

/// What reading the items of one document shares.
struct ItemContext {
    std::size_t budget = kMaximumValues;  ///< values that may still be read: ends an alias bomb
    const Placeholders* placeholders = nullptr;
};

[[nodiscard]] inline int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

/// `key` is "field|modifier|…"; `values` a scalar or a list. What is read is taken off the budget.
/// On a refusal the item is meaningless.
[[nodiscard]] Item read_item(const YAML::Node& key, const YAML::Node& values, ItemContext& context,
                             Refusal& refusal);
/// A list of plain strings: keywords, any of them.
[[nodiscard]] Item read_keywords(const std::vector<YAML::Node>& values, ItemContext& context,
                                 Refusal& refusal);

}  // namespace kentongan::sigma
