// Ways in: which indexes lead to what a question asks for.
#include <algorithm>

#include "daemon/store/query/document.hpp"
#include "daemon/store/query/words.hpp"
#include "daemon/store/sqlite/search_sql.hpp"

namespace kentongan {

using query::Condition;
using query::Expression;
using query::Kind;
using query::Name;

namespace {

using Test = Condition::Test;

Way way(std::string sql, std::vector<SqlValue> values, std::string column = "sequence") {
    Way out;
    out.branches.push_back({Sql{std::move(sql), std::move(values)}, std::move(column)});
    return out;
}

Way match_way(std::string match) {
    Way out =
        way("SELECT rowid AS q FROM search_index WHERE search_index MATCH ?", {match}, "rowid");
    out.match = std::move(match);
    return out;
}

/// `word` holds no quotation mark.
Way word_way(std::string_view word) { return match_way("\"" + std::string{word} + "\""); }

std::vector<std::string> split_words(std::string_view spaced) {
    constexpr std::size_t kMost = 6;
    std::vector<std::string> out;
    for (std::size_t at = 1; at < spaced.size() && out.size() < kMost;) {
        const std::size_t end = std::min(spaced.find(' ', at), spaced.size());
        if (end > at) out.emplace_back(spaced.substr(at, end - at));
        at = end + 1;
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

void add_words(std::string_view spaced, std::vector<Way>& out) {
    for (const auto& word : split_words(spaced)) out.push_back(word_way(word));
}

/// The words that any value with this beginning or pattern has: those with a border on both sides.
std::string sure_words(const Condition& condition) {
    const bool prefix = condition.test == Test::prefix;
    std::string_view rest = condition.text;
    std::string out;
    const auto borders = [](char c) {
        return query::words_of({&c, 1}).empty() && c != query::kWild &&
               std::string_view(".-_:@").find(c) == std::string_view::npos;
    };
    std::size_t begin = prefix || !rest.starts_with(query::kWild) ? 0 : std::string_view::npos;
    for (std::size_t at = 0; at < rest.size(); ++at) {
        if (rest[at] == query::kWild) begin = std::string_view::npos;
        if (!borders(rest[at])) continue;
        if (begin != std::string_view::npos && at > begin)
            out += query::words_of(rest.substr(begin, at - begin));
        begin = at + 1;
    }
    return out;
}

/// Fields whose words are in the index whole.
bool has_words(Name name) {
    return name == Name::entity || name == Name::user || name == Name::host ||
           name == Name::sensor || name == Name::file_path || name == Name::url;
}

void add_triage_ways(const Condition& condition, std::vector<Way>& out) {
    const bool equals = condition.test == Test::equals && !condition.text.empty();
    const auto add = [&](std::string_view index, std::string_view column,
                         std::string_view present) {
        std::string sql = "SELECT sequence AS q FROM search INDEXED BY ";
        sql.append(index).append(" WHERE ").append(present);
        if (condition.test == Test::exists) out.push_back(way(std::move(sql), {}));
        if (equals)
            out.push_back(way(sql.append(" AND ").append(column) + " = ?", {condition.text}));
    };
    switch (condition.field->name) {
        case Name::state:
            if (equals && condition.text != "new")
                add("search_by_state", "state", "state <> 'new'");
            break;
        case Name::reason:
            add("search_by_reason", "reason", "reason <> ''");
            break;
        case Name::assignee:
            add("search_by_assignee", "lower(assignee)", "assignee <> ''");
            break;
        case Name::case_id:
            add("search_by_case", "lower(case_id)", "case_id <> ''");
            break;
        case Name::suppressed:
            add("search_by_suppressed", "lower(suppressed)", "suppressed <> ''");
            break;
        case Name::id:
            if (equals)
                out.push_back(
                    way("SELECT sequence AS q FROM alerts WHERE id = upper(?)", {condition.text}));
            break;
        default:
            break;
    }
}

void add_range_ways(const Condition& condition, std::vector<Way>& out) {
    const std::vector<SqlValue> range{condition.low, condition.high};
    const auto add = [&](std::string_view table, std::string_view index, std::string_view column) {
        std::string sql = "SELECT sequence AS q FROM ";
        sql.append(table).append(" INDEXED BY ").append(index).append(" WHERE ");
        out.push_back(way(sql.append(column).append(" BETWEEN ? AND ?"), range));
    };
    if (condition.field->name == Name::first_seen)
        add("alerts", "alerts_by_first_seen", "first_seen");
    if (condition.field->name == Name::last_seen) add("alerts", "alerts_by_last_seen", "last_seen");
    if (condition.field->name == Name::severity) add("search", "search_by_severity", "severity");
}

void add_leaf(const Condition& condition, std::vector<Way>& out) {
    if (const std::string key = query::key_of(condition); !key.empty())
        out.push_back(word_way(key));
    if (condition.test == Test::words) return add_words(condition.text, out);
    if (condition.field == nullptr) return;
    if (condition.test == Test::range) add_range_ways(condition, out);
    if (condition.test == Test::network) {
        const auto bytes = [](const IpAddress& address) {
            return SqlBytes{{address.bytes().begin(), address.bytes().end()}};
        };
        out.push_back(way("SELECT alert AS q FROM search_addresses WHERE address BETWEEN ? AND ?",
                          {bytes(condition.from), bytes(condition.to)}, "alert"));
    }
    if (condition.field->kind == Kind::rule) {
        SqlCondition rules = condition_sql(Expression::of(condition));
        out.push_back(
            way("SELECT s.sequence AS q FROM search AS s INDEXED BY search_by_rule WHERE " +
                    rules.sql.text,
                std::move(rules.sql.values)));
    }
    if (has_words(condition.field->name)) {
        if (condition.test == Test::prefix || condition.test == Test::pattern)
            add_words(sure_words(condition), out);
        if (condition.test == Test::equals) add_words(query::words_of(condition.text), out);
    }
    add_triage_ways(condition, out);
}

}  // namespace

Sql Way::select(const SequenceRange& range) const {
    Sql out;
    for (const Branch& branch : branches) {
        if (&branch != &branches.front()) out.add(" UNION ALL ");
        out.add(branch.sql).add(" AND ").add(branch.column).add(" BETWEEN ? AND ?");
        out.bind(range.low).bind(range.high);
    }
    return out;
}

std::optional<Way> way_of_all_words(const std::vector<Way>& ways) {
    std::string all;
    for (const Way& one : ways)
        if (!one.match.empty()) all.append(all.empty() ? "" : " AND ").append(one.match);
    if (all.empty()) return std::nullopt;
    return match_way(std::move(all));
}

std::vector<Way> ways_in(const Expression& expression) {
    std::vector<Way> out;
    if (expression.kind == Expression::Kind::condition) add_leaf(expression.condition, out);
    if (expression.kind == Expression::Kind::all_of)
        for (const Expression& part : expression.parts)
            for (Way& inner : ways_in(part)) out.push_back(std::move(inner));
    if (expression.kind == Expression::Kind::any_of) {
        Way all;
        for (const Expression& part : expression.parts) {
            std::vector<Way> inner = ways_in(part);
            if (inner.empty()) return out;
            for (Way::Branch& branch : inner.front().branches)
                all.branches.push_back(std::move(branch));
        }
        out.push_back(std::move(all));
    }
    return out;
}

}  // namespace kentongan
