#pragma once
// Expression: a question as a tree whose values are checked and typed; what a store's compiler and
// the evaluator work on.
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"
#include "daemon/store/query/field.hpp"

namespace kentongan::query {

/// Stands for "anything" within Condition::text.
inline constexpr char kWild = '\x01';

/// What is asked of one field, or of all words.
struct Condition {
    enum class Test {
        exists,
        equals,   ///< `text`
        prefix,   ///< `text`
        pattern,  ///< `text` with kWild in it
        range,    ///< `low` to `high`, both within
        network,  ///< `from` to `to`, both within
        words,    ///< `text` is " one two ": these words, one after the other
    };
    const Field* field = nullptr;  ///< null: any word
    Test test = Test::exists;
    std::string text;  ///< lower case
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
    IpAddress from{};
    IpAddress to{};
};

struct Expression {
    enum class Kind { everything, condition, all_of, any_of, none_of };
    Kind kind = Kind::everything;
    Condition condition{};
    std::vector<Expression> parts{};

    [[nodiscard]] static Expression of(Condition condition) {
        Expression out;
        out.kind = Kind::condition;
        out.condition = std::move(condition);
        return out;
    }
    /// `everything` and single parts dissolve.
    [[nodiscard]] static Expression all(std::vector<Expression> parts);
    [[nodiscard]] static Expression any(std::vector<Expression> parts);
    [[nodiscard]] static Expression none(Expression part);
};

/// From `low` (inclusive) to `high` (exclusive), nanoseconds: the times of first_seen an alert that
/// matches can have.
struct Window {
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
    [[nodiscard]] bool bounded() const;
};
[[nodiscard]] Window window_of(const Expression& expression);

// Questions built in code.
[[nodiscard]] Condition range_of(Name name, std::int64_t low, std::int64_t high);
[[nodiscard]] Condition equals(Name name, std::string_view value);

}  // namespace kentongan::query
