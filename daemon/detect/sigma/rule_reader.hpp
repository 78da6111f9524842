#pragma once
// Reads the documents of a Sigma file. Every problem names its line.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/sigma/correlation_syntax.hpp"
#include "daemon/detect/sigma/filter_syntax.hpp"
#include "daemon/detect/sigma/placeholders.hpp"
#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

constexpr std::size_t kMaximumFileBytes = std::size_t{4} << 20;
constexpr std::size_t kMaximumDocuments = 1000;

/// One document: a rule, or why it is none. `title` is set as soon as it is known. What a
/// correlation or a filter says of itself is in `syntax`, too.
struct RuleDocument {
    std::string title;
    RuleSyntax syntax;
    std::optional<CorrelationSyntax> correlation;
    std::optional<FilterSyntax> filter;
    Refusal refusal;
};

/// A text that is not YAML is one document with a refusal. Empty documents are left out.
/// `placeholders` are the values of `expand`; null: there are none.
[[nodiscard]] std::vector<RuleDocument> read_rules(std::string_view text,
                                                   const Placeholders* placeholders = nullptr);

}  // namespace kentongan::sigma
