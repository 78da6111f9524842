#pragma once
// Document: of an alert what can be searched for, in the form every store holds it in.
#include <array>
#include <string>

#include "daemon/alert/alert.hpp"
#include "daemon/store/query/expression.hpp"

namespace kentongan::query {

/// Each field in the member its kind says; what is not known is empty, or -1.
struct Document {
    /// Keywords as they are, without control characters; lists as "\none\ntwo\n"; words of texts;
    /// addresses as 16 bytes each.
    std::array<std::string, kFields> text{};
    /// Numbers, times (ns), severities, flags.
    std::array<std::int64_t, kFields> number{};
    std::string words{};  ///< of all its texts but the message, as words_of()

    [[nodiscard]] const std::string& of(Name name) const { return text[index_of(name)]; }
    [[nodiscard]] std::int64_t value(Name name) const { return number[index_of(name)]; }
};

/// Of an alert that is new in triage. Each value is cut at 512 bytes, lists at 64 values.
[[nodiscard]] Document document_of(const Alert& alert);

/// Keys for an index of words: " user=root area=31 area=3171": what equality is looked up by. A
/// key finds all that match, and may find others.
[[nodiscard]] std::string keys_of(const Document& document);
/// The key that all matches of a condition have; empty when there is none.
[[nodiscard]] std::string key_of(const Condition& condition);

/// The one meaning of a question.
[[nodiscard]] bool matches(const Expression& expression, const Document& document);

/// The values a field has, as they are shown and counted: lists and techniques have several.
[[nodiscard]] std::vector<std::string> values_of(const Document& document, Name name);
/// The same of a stored text, of lists and addresses too.
[[nodiscard]] std::vector<std::string> shown_values(Kind kind, std::string_view text);
/// Of a number: "high" of a severity, "true" of a flag.
[[nodiscard]] std::string shown_number(Kind kind, std::int64_t number);

}  // namespace kentongan::query
