// SqliteSearch's plan: which rows have to be looked at, and by which way in.
#include <algorithm>

#include "daemon/store/sqlite/search_index.hpp"
#include "daemon/store/sqlite/sqlite_search.hpp"

namespace kentongan {

using query::Condition;
using query::Expression;
using query::Kind;
using query::Name;
using query::Window;

namespace {

constexpr std::int64_t kSome = 60'000;  // matches that are quicker gathered than walked to
constexpr std::int64_t kVeryFew = 64;
constexpr std::int64_t kFirstSlice = 8192;

bool of_tallies(const Expression& expression, bool top) {
    if (expression.kind == Expression::Kind::condition) {
        const auto* field = expression.condition.field;
        if (field == nullptr) return false;
        if (field->name == Name::first_seen)
            return top && expression.condition.test == Condition::Test::range;
        return field->kind == Kind::rule || field->kind == Kind::severity;
    }
    const bool still_top = top && expression.kind == Expression::Kind::all_of;
    return std::ranges::all_of(expression.parts,
                               [&](const Expression& part) { return of_tallies(part, still_top); });
}

/// Without the conditions on first_seen at its top, for its window says the same.
Expression without_window(const Expression& expression) {
    const auto on_time = [](const Expression& part) {
        return part.kind == Expression::Kind::condition && part.condition.field != nullptr &&
               part.condition.field->name == Name::first_seen;
    };
    if (on_time(expression)) return {};
    if (expression.kind != Expression::Kind::all_of) return expression;
    std::vector<Expression> parts;
    for (const Expression& part : expression.parts) parts.push_back(without_window(part));
    return Expression::all(std::move(parts));
}

}  // namespace

bool SqliteSearch::tallies_suffice() const {
    using What = SearchRequest::What;
    if (request_.what == What::page || !of_tallies(request_.where, true)) return false;
    if (request_.what == What::histogram) return request_.interval.count() % kSearchSpan == 0;
    if (!request_.by) return true;
    const Kind kind = query::field(*request_.by).kind;
    return kind == Kind::rule || kind == Kind::severity;
}

Result<SequenceRange> SqliteSearch::spans(const Window& window) {
    SequenceRange out;
    const auto low = database_.number("SELECT coalesce(min(span), 0) FROM search_spans");
    if (!low) return std::unexpected(low.error());
    const auto high = database_.number("SELECT coalesce(max(span), -1) FROM search_spans");
    if (!high) return std::unexpected(high.error());
    out.low = std::max(*low, span_of(window.low));
    out.high = std::min(*high, span_of(window.high - 1));
    return out;
}

/// Between which sequences the alerts of a window lie.
Result<SequenceRange> SqliteSearch::sequences(const Window& window) {
    SequenceRange out;
    const auto highest = database_.number(is_everything() ? "SELECT max(sequence) FROM alerts"
                                                          : "SELECT max(sequence) FROM search");
    if (!highest) return std::unexpected(highest.error());
    out.high = *highest;
    if (!window.bounded()) return out;
    if (window.low >= window.high) return SequenceRange{};
    auto row = database_.query(
        "SELECT coalesce(min(lowest), 1), coalesce(max(highest), 0) FROM search_spans "
        "WHERE span BETWEEN ? AND ?",
        span_of(window.low), span_of(window.high - 1));
    if (!row) return std::unexpected(row.error());
    if (const auto there = row->next(); !there) return std::unexpected(there.error());
    return SequenceRange{row->integer(0), row->integer(1)};
}

Result<> SqliteSearch::choose_interval(const Window& window) {
    if (request_.interval <= Duration{}) {
        const auto all = spans(window);
        if (!all) return std::unexpected(all.error());
        const std::int64_t low = std::max(window.low, all->low * kSearchSpan);
        const std::int64_t high = std::min(window.high, (all->high + 1) * kSearchSpan);
        request_.interval = query::chosen_interval(low, std::max(high, low + 1));
    }
    bars_ = query::HistogramTally{request_.interval};
    return {};
}

Result<> SqliteSearch::plan() {
    const Window window = query::window_of(request_.where);
    slice_ = kFirstSlice;
    if (request_.what == SearchRequest::What::histogram)
        if (auto chosen = choose_interval(window); !chosen) return chosen;
    if (tallies_suffice()) return plan_tallies(window);
    if (window.low < window.high) ways_ = ways_in(request_.where);
    constexpr std::size_t kMostWays = 12;
    if (ways_.size() > kMostWays) ways_.resize(kMostWays);
    return plan_rows(request_.where, window);
}

Result<> SqliteSearch::plan_rows(const Expression& where, const Window& window) {
    auto range = sequences(window);
    if (!range) return std::unexpected(range.error());
    if (request_.what == SearchRequest::What::page && request_.after) {
        if (request_.newest_first)
            range->high = std::min(range->high, *request_.after - 1);
        else
            range->low = std::max(range->low, *request_.after + 1);
    }
    pieces_.push_back({false, condition_sql(where), *range});
    return {};
}

/// Whole spans are counted already; what lies before and after them is looked at row by row.
Result<> SqliteSearch::plan_tallies(const Window& window) {
    const auto all = spans(window);
    if (!all) return std::unexpected(all.error());
    SequenceRange whole = *all;
    const bool cut_low = window.bounded() && window.low > whole.low * kSearchSpan;
    const bool cut_high = window.bounded() && window.high < (whole.high + 1) * kSearchSpan;
    const auto edge = [&](std::int64_t span) -> Result<> {
        Window part{std::max(window.low, span * kSearchSpan),
                    std::min(window.high, (span + 1) * kSearchSpan)};
        const Condition within = query::range_of(Name::first_seen, part.low, part.high - 1);
        return plan_rows(Expression::all({Expression::of(within), without_window(request_.where)}),
                         part);
    };
    if (whole.low > whole.high || window.low >= window.high) return {};
    if (cut_low || (cut_high && whole.low == whole.high)) {
        if (auto put = edge(whole.low); !put) return put;
        if (whole.low++ == whole.high) return {};
    }
    if (cut_high)
        if (auto put = edge(whole.high--); !put) return put;
    pieces_.push_back({true, condition_sql(without_window(request_.where)), whole});
    return {};
}

/// Looks how many each way leads to, one way a call, then gathers what the shortest leads to.
Result<bool> SqliteSearch::choose_way() {
    const SequenceRange range = pieces_.front().range;
    const Way& way = ways_[probed_];
    const std::int64_t cap = way_ == nullptr ? kSome : best_;
    Sql sql{"SELECT count(*) FROM (", {}};
    sql.add(way.select(range)).add(" LIMIT ?)").bind(cap);
    database_.stop_at(std::chrono::steady_clock::now() + std::chrono::milliseconds{30});
    std::int64_t found = cap;
    auto cursor = start(database_, sql);
    auto row = cursor ? cursor->next() : std::unexpected(cursor.error());
    database_.stop_at(std::nullopt);
    if (!row && row.error().code != ErrorCode::temporary) return std::unexpected(row.error());
    if (row && *row) found = cursor->integer(0);
    ++probed_;
    // In a short range walking costs as little.
    if (found < cap && found < (range.high - range.low) / 2 + kVeryFew) {
        way_ = &way;
        best_ = found;
        if (found <= kVeryFew) probed_ = ways_.size();
    }
    if (probed_ < ways_.size()) return true;
    if (way_ == nullptr) {
        words_ = way_of_all_words(ways_);
        return true;
    }
    if (auto gathered = collect_these(); !gathered) return std::unexpected(gathered.error());
    return true;
}

Result<> SqliteSearch::collect_these() {
    Piece& piece = pieces_.front();
    auto cursor = start(database_, way_->select(piece.range));
    if (!cursor) return std::unexpected(cursor.error());
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) break;
        these_.push_back(cursor->integer(0));
    }
    std::ranges::sort(these_);
    these_.erase(std::ranges::unique(these_).begin(), these_.end());
    chosen_ = true;
    piece.range = {0, static_cast<std::int64_t>(these_.size()) - 1};
    slice_ = 2048;
    return {};
}

std::optional<Sql> SqliteSearch::source(const SequenceRange& slice) const {
    if (chosen_)
        return select_these(
            std::span(these_).subspan(static_cast<std::size_t>(slice.low),
                                      static_cast<std::size_t>(slice.high - slice.low + 1)));
    if (words_) return words_->select(slice);
    return std::nullopt;
}

}  // namespace kentongan
