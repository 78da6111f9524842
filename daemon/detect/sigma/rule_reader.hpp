#pragma once
// Reads the documents of a Sigma file. Every problem names its line.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

constexpr std::size_t kMaximumFileBytes = std::size_t{4} << 20;
constexpr std::size_t kMaximumDocuments = 1000;

/// One document: a rule, or why it is none. `title` is set as soon as it is known.
struct RuleDocument {
    std::string title;
    RuleSyntax syntax;
    Refusal refusal;
};

/// A text that is not YAML is one document with a refusal. Empty documents are left out.
[[nodiscard]] std::vector<RuleDocument> read_rules(std::string_view text);

}  // namespace kentongan::sigma
