// SqliteSearch's counts: from the columns of a slice to the values that are shown.
#include "daemon/store/query/document.hpp"
#include "daemon/store/sqlite/sqlite_search.hpp"

namespace kentongan {

using query::Kind;

Result<> SqliteSearch::take_over(const Counted& counted) {
    answer_.total += counted.total;
    if (request_.what == SearchRequest::What::histogram) {
        for (const auto& [time, count] : counted.numbers)
            if (!bars_.add(time, count)) answer_.partial = query::HistogramTally::too_wide();
        return {};
    }
    if (!request_.by) return {};
    const Kind kind = query::field(*request_.by).kind;
    if (kind == Kind::rule) return take_rules(counted);
    for (const auto& [number, count] : counted.numbers)
        if (number < 0)
            groups_.add_without(count);
        else
            groups_.add(query::shown_number(kind, number), count);
    for (const auto& [text, count] : counted.values) {
        const auto values = query::shown_values(kind, text);
        if (values.empty()) groups_.add_without(count);
        for (const auto& value : values) groups_.add(value, count);
    }
    return {};
}

Result<> SqliteSearch::take_rules(const Counted& counted) {
    std::string sql{"SELECT "};
    sql.append(query::field(*request_.by).column).append(" FROM search_rules WHERE rule = ?");
    for (const auto& [rule, count] : counted.numbers) {
        auto row = database_.query(sql, rule);
        if (!row) return std::unexpected(row.error());
        const auto there = row->next();
        if (!there) return std::unexpected(there.error());
        const auto values = query::shown_values(Kind::rule, *there ? row->text(0) : "");
        if (values.empty()) groups_.add_without(count);
        for (const auto& value : values) groups_.add(value, count);
    }
    return {};
}

}  // namespace kentongan
