#pragma once
// From a question to SQL with bound values: the condition on a row of `search`, and the indexes
// that lead to what matches. Pure functions, so that their plans can be tested.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "daemon/store/query/expression.hpp"

namespace kentongan {

struct SqlBytes {
    std::string bytes;
};
using SqlValue = std::variant<std::int64_t, std::string, SqlBytes>;

/// Text with a ? for each value.
struct Sql {
    std::string text;
    std::vector<SqlValue> values;

    Sql& add(std::string_view more) {
        text += more;
        return *this;
    }
    Sql& bind(SqlValue value) {
        values.push_back(std::move(value));
        return *this;
    }
    Sql& add(const Sql& other) {
        text += other.text;
        values.insert(values.end(), other.values.begin(), other.values.end());
        return *this;
    }
};

/// Sequences, both within.
struct SequenceRange {
    std::int64_t low = 1;
    std::int64_t high = 0;
};

/// What matches, as a condition on `search AS s` and, where `words` is set, `search_words AS w`.
struct SqlCondition {
    Sql sql;
    bool words = false;
};
[[nodiscard]] SqlCondition condition_sql(const query::Expression& expression);

/// A way in: an index that leads to all that match, and perhaps to others.
class Way {
  public:
    /// SELECT of one column, q, of sequences within `range`; some may be there twice.
    [[nodiscard]] Sql select(const SequenceRange& range) const;

    struct Branch {
        Sql sql;             ///< SELECT column AS q … WHERE …
        std::string column;  ///< that the range is asked of
    };
    std::vector<Branch> branches;
    /// What the index of words is asked, when that is all; empty otherwise. It finds what lies in
    /// a range without looking at the rest.
    std::string match;
};
/// Each leads to all matches by itself. Empty: there is none, and rows are walked.
[[nodiscard]] std::vector<Way> ways_in(const query::Expression& expression);
/// Those that have all the words at once, of ways that are each a word; nothing without any.
[[nodiscard]] std::optional<Way> way_of_all_words(const std::vector<Way>& ways);
/// SELECT q of these very sequences.
[[nodiscard]] Sql select_these(std::span<const std::int64_t> sequences);

/// SELECT q, the sequences of the matches: among those that `source` selects, each once, or, where
/// it is null, by walking the rows of the range. `columns` are answered instead where given.
[[nodiscard]] Sql matches_sql(const SqlCondition& condition, const Sql* source,
                              const SequenceRange& range, std::string_view columns = "");
/// Up to `limit` sequences and alerts of a range.
[[nodiscard]] Sql everything_sql(const SequenceRange& range, bool newest_first, std::size_t limit);
/// Up to `limit` sequences and alerts of matches.
[[nodiscard]] Sql page_sql(const SqlCondition& condition, const Sql* source,
                           const SequenceRange& range, bool newest_first, std::size_t limit);

}  // namespace kentongan
