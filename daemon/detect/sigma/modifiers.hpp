#pragma once
// The modifiers behind a field's name: which there are, and what they say together.
#include <string_view>
#include <vector>

#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

/// What the value is compared as.
enum class Comparison : std::uint8_t { text, regex, network, number, exists, field, date };

/// One step that changes a string, in the order written.
enum class TextStep : std::uint8_t {
    contains,
    starts_with,
    ends_with,
    any_dash,
    base64,
    base64_offset,
    utf16le,
    utf16be,
    utf16
};

struct Modifiers {
    Comparison comparison = Comparison::text;
    NumberOperand::Relation relation = NumberOperand::Relation::equal;
    RegexFlags regex;
    std::vector<TextStep> steps;
    DatePart part = DatePart::hour;  ///< of date
    bool every = false;
    bool negated = false;
    bool cased = false;
    bool expand = false;  ///< %name% in a value stands for a list
};

/// `names` is what follows the first `|`, such as "contains|all".
[[nodiscard]] Modifiers read_modifiers(std::string_view names, int line, Refusal& refusal);

}  // namespace kentongan::sigma
