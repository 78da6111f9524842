#include "daemon/store/sqlite/search_sql.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan {

using query::Condition;
using query::Expression;
using query::Kind;
using query::Name;

namespace {

using Test = Condition::Test;

Sql with(std::string text, SqlValue value) { return Sql{std::move(text), {std::move(value)}}; }

SqlBytes bytes_of(const IpAddress& address) {
    return {{address.bytes().begin(), address.bytes().end()}};
}

/// A keyword or a list in the column `c`.
Sql keyword_sql(const Condition& condition, const std::string& c, bool list) {
    switch (condition.test) {
        case Test::exists:
            return Sql{c + " <> ''", {}};
        case Test::equals:
            if (!list) return with("lower(" + c + ") = ?", condition.text);
            return with("instr(lower(" + c + "), ?) > 0", "\n" + condition.text + "\n");
        case Test::prefix:
            if (!list) return with("instr(lower(" + c + "), ?) = 1", condition.text);
            return with("instr(lower(" + c + "), ?) > 0", "\n" + condition.text);
        default:
            return with("kentongan_wild(" + c + ", ?)", condition.text);
    }
}

/// Rules are few: which of them match is found first.
Sql rule_sql(const Condition& condition) {
    const std::string column{"r." + std::string{condition.field->column}};
    const bool techniques = condition.field->name == Name::technique;
    Sql inner = keyword_sql(condition, column, techniques);
    if (techniques && condition.test == Test::equals)
        inner.add(" OR ").add(
            with("instr(lower(" + column + "), ?) > 0", "\n" + condition.text + "."));
    return Sql{"rule IN (SELECT r.rule FROM search_rules AS r WHERE ", {}}.add(inner).add(")");
}

Sql words_in(const Condition& condition, const std::string& column) {
    switch (condition.test) {
        case Test::exists:
            return Sql{column + " <> ''", {}};
        case Test::prefix:
            return with("instr(" + column + ", ?) > 0", " " + condition.text);
        case Test::pattern:
            return with("kentongan_wild(" + column + ", ?)",
                        query::kWild + condition.text + query::kWild);
        default:
            return with("instr(" + column + ", ?) > 0", condition.text);
    }
}

Sql number_sql(const Condition& condition, const std::string& column) {
    const bool time = condition.field->kind == Kind::time;
    if (condition.test == Test::exists) return Sql{time ? "1" : column + " >= 0", {}};
    Sql out{column + " BETWEEN ? AND ?", {}};
    out.bind(time ? condition.low : std::max<std::int64_t>(condition.low, 0));
    return out.bind(condition.high);
}

Sql address_sql(const Condition& condition, const std::string& column) {
    if (condition.test == Test::exists) return Sql{column + " <> x''", {}};
    Sql out{condition.field->kind == Kind::networks ? "kentongan_within(" + column + ", ?, ?)"
                                                    : column + " BETWEEN ? AND ?",
            {}};
    return out.bind(bytes_of(condition.from)).bind(bytes_of(condition.to));
}

Sql leaf_sql(const Condition& condition, bool& words) {
    if (condition.field == nullptr) {
        if (condition.test == Test::exists) return Sql{"1", {}};
        words = true;
        Sql out{"(", {}};
        return out.add(words_in(condition, "w.message"))
            .add(" OR ")
            .add(words_in(condition, "w.words"))
            .add(")");
    }
    std::string column{"s."};
    column += condition.field->column;
    if (condition.field->name == Name::id)
        column = "(SELECT a.id FROM alerts AS a WHERE a.sequence = s.sequence)";
    switch (condition.field->kind) {
        case Kind::text:
            words = true;
            return words_in(condition, "w.message");
        case Kind::rule:
            return Sql{"s.", {}}.add(rule_sql(condition));
        case Kind::address:
        case Kind::networks:
            return address_sql(condition, column);
        case Kind::number:
        case Kind::time:
        case Kind::severity:
        case Kind::flag:
            return number_sql(condition, column);
        default:
            return keyword_sql(condition, column, condition.field->kind == Kind::list);
    }
}

Sql tree_sql(const Expression& expression, bool& words) {
    switch (expression.kind) {
        case Expression::Kind::everything:
            return Sql{"1", {}};
        case Expression::Kind::condition:
            return leaf_sql(expression.condition, words);
        default:
            break;
    }
    const bool all = expression.kind == Expression::Kind::all_of;
    Sql out{expression.kind == Expression::Kind::none_of ? "NOT (" : "(", {}};
    for (std::size_t i = 0; i < expression.parts.size(); ++i)
        out.add(i == 0 ? "" : all ? " AND " : " OR ").add(tree_sql(expression.parts[i], words));
    return out.add(")");
}

}  // namespace

SqlCondition condition_sql(const Expression& expression) {
    SqlCondition out;
    out.sql = tree_sql(expression, out.words);
    return out;
}

Sql matches_sql(const SqlCondition& condition, const Sql* source, const SequenceRange& range,
                std::string_view columns) {
    Sql out{"SELECT ", {}};
    out.add(columns.empty() ? "s.sequence AS q" : columns).add(" FROM ");
    if (source != nullptr)
        out.add("(").add(*source).add(") AS way CROSS JOIN search AS s ON s.sequence = way.q");
    else
        out.add("search AS s NOT INDEXED");
    if (condition.words) out.add(" CROSS JOIN search_words AS w ON w.sequence = s.sequence");
    out.add(" WHERE ").add(condition.sql);
    if (source != nullptr) return out;
    return out.add(" AND s.sequence BETWEEN ? AND ?").bind(range.low).bind(range.high);
}

Sql select_these(std::span<const std::int64_t> sequences) {
    return with("SELECT value AS q FROM json_each(?)",
                fmt::format("[{}]", fmt::join(sequences, ",")));
}

Sql everything_sql(const SequenceRange& range, bool newest_first, std::size_t limit) {
    Sql out{"SELECT sequence, json FROM alerts WHERE sequence BETWEEN ? AND ? ORDER BY sequence",
            {}};
    out.bind(range.low).bind(range.high).add(newest_first ? " DESC" : "");
    return out.add(" LIMIT ?").bind(static_cast<std::int64_t>(limit));
}

Sql page_sql(const SqlCondition& condition, const Sql* source, const SequenceRange& range,
             bool newest_first, std::size_t limit) {
    const std::string_view order = newest_first ? " DESC" : "";
    Sql out{"SELECT a.sequence, a.json FROM (", {}};
    out.add(matches_sql(condition, source, range));
    out.add(" ORDER BY q").add(order).add(" LIMIT ?").bind(static_cast<std::int64_t>(limit));
    return out.add(") AS page CROSS JOIN alerts AS a ON a.sequence = page.q ORDER BY page.q")
        .add(order);
}

}  // namespace kentongan
