// The evaluator: what a question means, said once; compilers must agree with it.
#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/store/query/document.hpp"
#include "daemon/store/query/words.hpp"

namespace kentongan::query {

namespace {

using Test = Condition::Test;

bool is_number(Kind kind) {
    return kind == Kind::number || kind == Kind::time || kind == Kind::severity ||
           kind == Kind::flag;
}

/// `text` holds words, a blank around each.
bool matches_words(const Condition& condition, std::string_view text) {
    switch (condition.test) {
        case Test::exists:
            return !text.empty();
        case Test::prefix:
            return text.contains(" " + condition.text);
        case Test::pattern:
            return matches_wild(text, kWild + condition.text + kWild);
        default:
            return text.contains(condition.text);
    }
}

bool matches_network(const Condition& condition, std::string_view addresses) {
    const auto view = [](const IpAddress& address) {
        return std::string_view(reinterpret_cast<const char*>(address.bytes().data()), 16);
    };
    for (; addresses.size() >= 16; addresses.remove_prefix(16))
        if (const auto one = addresses.substr(0, 16);
            one >= view(condition.from) && one <= view(condition.to))
            return true;
    return false;
}

bool matches_keyword(const Condition& condition, const std::string& stored) {
    const std::string text = to_lower(stored);
    const bool list = text.starts_with('\n');
    switch (condition.test) {
        case Test::exists:
            return !text.empty();
        case Test::equals:
            return list ? text.contains("\n" + condition.text + "\n") : text == condition.text;
        case Test::prefix:
            return list ? text.contains("\n" + condition.text) : text.starts_with(condition.text);
        default:
            return matches_wild(text, condition.text);
    }
}

/// T1110 is found by T1110 and as the parent of T1110.001.
bool matches_technique(const Condition& condition, const std::string& text) {
    if (matches_keyword(condition, text)) return true;
    return condition.test == Test::equals && to_lower(text).contains("\n" + condition.text + ".");
}

bool matches_condition(const Condition& condition, const Document& document) {
    if (condition.field == nullptr) {
        if (condition.test == Test::exists) return true;
        return matches_words(condition, document.of(Name::message)) ||
               matches_words(condition, document.words);
    }
    const Field& field = *condition.field;
    if (is_number(field.kind)) {
        const std::int64_t value = document.value(field.name);
        if (condition.test == Test::exists) return field.kind == Kind::time || value >= 0;
        return (field.kind == Kind::time || value >= 0) && value >= condition.low &&
               value <= condition.high;
    }
    const std::string& text = document.of(field.name);
    if (condition.test == Test::network) return matches_network(condition, text);
    if (field.kind == Kind::text) return matches_words(condition, text);
    if (field.name == Name::technique) return matches_technique(condition, text);
    return matches_keyword(condition, text);
}

}  // namespace

bool matches(const Expression& expression, const Document& document) {
    const auto part = [&](const Expression& one) { return matches(one, document); };
    switch (expression.kind) {
        case Expression::Kind::everything:
            return true;
        case Expression::Kind::condition:
            return matches_condition(expression.condition, document);
        case Expression::Kind::all_of:
            return std::ranges::all_of(expression.parts, part);
        case Expression::Kind::any_of:
            return std::ranges::any_of(expression.parts, part);
        case Expression::Kind::none_of:
            return std::ranges::none_of(expression.parts, part);
    }
    return false;
}

std::vector<std::string> values_of(const Document& document, Name name) {
    const Field& one = field(name);
    if (!is_number(one.kind)) return shown_values(one.kind, document.of(name));
    const std::int64_t value = document.value(name);
    if (value < 0) return {};
    return {shown_number(one.kind, value)};
}

}  // namespace kentongan::query
