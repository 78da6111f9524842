#include "daemon/store/sqlite/sqlite_search.hpp"

#include <algorithm>

#include "daemon/store/query/document.hpp"
#include "daemon/store/sqlite/search_index.hpp"

namespace kentongan {

using query::Kind;
using query::Name;
using std::chrono::milliseconds;
using Clock_ = std::chrono::steady_clock;

namespace {

constexpr milliseconds kCatchUp{1000};  // of writing what is to be found
constexpr milliseconds kStep{20};       // of work before commits get their turn
constexpr milliseconds kLongest{40};    // a slice is broken off then, and a smaller one read
constexpr milliseconds kDesired{8};
constexpr std::int64_t kSmallestSlice = 64;

SqlValue value_of(std::int64_t number) { return number; }

}  // namespace

Result<SqliteCursor> start(SqliteDatabase& database, const Sql& sql) {
    auto cursor = database.query(sql.text);
    if (!cursor) return cursor;
    int index = 0;
    for (const SqlValue& value : sql.values) {
        ++index;
        if (const auto* number = std::get_if<std::int64_t>(&value)) cursor->bind(index, *number);
        if (const auto* text = std::get_if<std::string>(&value))
            cursor->bind(index, std::string_view{*text});
        if (const auto* blob = std::get_if<SqlBytes>(&value))
            cursor->bind(index, SqliteBlob{blob->bytes});
    }
    return cursor;
}

SqliteSearch::SqliteSearch(SqliteDatabase& database, SearchIndex& index, SearchRequest request)
    : database_(database), index_(index), request_(std::move(request)) {
    request_.limit = std::clamp<std::size_t>(request_.limit, 1, 1000);
    request_.groups = std::clamp<std::size_t>(request_.groups, 1, 1000);
}

Result<bool> SqliteSearch::step() {
    if (auto fresh = freshen(); !fresh || !*fresh) return fresh;
    const auto began = Clock_::now();
    Result<> done = work(began + kStep);
    database_.stop_at(std::nullopt);
    worked_ += Clock_::now() - began;
    if (!done) return std::unexpected(done.error());
    const bool ready = planned_ && probed_ == ways_.size() && (pieces_.empty() || full());
    if (!ready && worked_ < request_.patience) return false;
    if (!ready) stop_here();
    finish();
    return true;
}

/// All that was stored before the question is to be found; that is not of its patience. True when
/// it is, or will not be.
Result<bool> SqliteSearch::freshen() {
    if (fresh_ || is_everything() || index_.waiting() == 0) return fresh_ = true;
    const auto began = Clock_::now();
    const auto written = index_.write_some();
    if (!written && written.error().code != ErrorCode::io) return std::unexpected(written.error());
    if (!written) unwritten_ = written.error().message;  // a full disk can still be read
    caught_up_ += Clock_::now() - began;
    if (written && index_.waiting() > 0 && caught_up_ > kCatchUp)
        unwritten_ = fmt::format("{} wait for the search; ask again in a moment", index_.waiting());
    return fresh_ = index_.waiting() == 0 || !unwritten_.empty();
}

Result<> SqliteSearch::work(Time until) {
    if (!planned_) {
        if (auto planned = plan(); !planned) return planned;
        planned_ = true;
    }
    while (Clock_::now() < until) {
        const auto more = probed_ < ways_.size() ? choose_way() : read_slice();
        if (!more) return std::unexpected(more.error());
        if (!*more) break;
    }
    return {};
}

/// Pages of all alerts need no search.
bool SqliteSearch::is_everything() const {
    return request_.what == SearchRequest::What::page &&
           request_.where.kind == query::Expression::Kind::everything;
}

bool SqliteSearch::full() const {
    return request_.what == SearchRequest::What::page && answer_.page.next.has_value();
}

SequenceRange SqliteSearch::next_slice(const Piece& piece) const {
    SequenceRange out = piece.range;
    const bool upwards = request_.what == SearchRequest::What::page && !request_.newest_first;
    if (out.high - out.low < slice_) return out;
    if (upwards)
        out.high = out.low + slice_ - 1;
    else
        out.low = out.high - slice_ + 1;
    return out;
}

/// False when there is nothing more to do. A slice that took too long is read again in parts.
Result<bool> SqliteSearch::read_slice() {
    while (!pieces_.empty() && pieces_.front().range.low > pieces_.front().range.high)
        pieces_.pop_front();
    if (pieces_.empty() || full()) return false;
    Piece& piece = pieces_.front();
    const SequenceRange slice = next_slice(piece);
    const bool smallest = slice.high - slice.low < kSmallestSlice;
    const auto began = Clock_::now();
    database_.stop_at(smallest ? std::nullopt : std::optional{began + kLongest});
    const bool page = request_.what == SearchRequest::What::page;
    auto read = page ? read_page(piece, slice) : read_counts(piece, slice);
    database_.stop_at(std::nullopt);
    if (!read && read.error().code == ErrorCode::temporary && !smallest) {
        slice_ = std::max(std::min(slice_, slice.high - slice.low + 1) / 4, kSmallestSlice / 2);
        return true;
    }
    if (!read) return std::unexpected(read.error());
    (slice.low == piece.range.low ? piece.range.low : piece.range.high) =
        slice.low == piece.range.low ? slice.high + 1 : slice.low - 1;
    size_slice(Clock_::now() - began);
    return true;
}

void SqliteSearch::size_slice(std::chrono::nanoseconds took) {
    constexpr std::int64_t kLargest = std::int64_t{1} << 40;
    if (took < kDesired / 2) slice_ = std::min(slice_ * 4, kLargest);
    if (took > kDesired * 2) slice_ = std::max(slice_ / 2, kSmallestSlice);
}

Result<> SqliteSearch::read_page(const Piece& piece, const SequenceRange& slice) {
    std::vector<StoredAlert>& have = answer_.page.alerts;
    const std::size_t before = have.size();
    const std::size_t wanted = request_.limit + 1 - before;
    const std::optional<Sql> from = source(slice);
    const Sql sql = is_everything() ? everything_sql(slice, request_.newest_first, wanted)
                                    : page_sql(piece.condition, from ? &*from : nullptr, slice,
                                               request_.newest_first, wanted);
    auto cursor = start(database_, sql);
    if (!cursor) return std::unexpected(cursor.error());
    for (;;) {
        const auto row = cursor->next();
        if (!row) {
            have.resize(before);
            return std::unexpected(row.error());
        }
        if (!*row) return {};
        if (have.size() == request_.limit) {
            answer_.page.next = have.back().sequence;
            return {};
        }
        have.push_back({cursor->integer(0), cursor->text(1)});
    }
}

Sql SqliteSearch::counts_sql(const Piece& piece, const SequenceRange& slice) const {
    std::string columns = "s.sequence";
    if (request_.what == SearchRequest::What::histogram)
        columns = "s.first_seen";
    else if (!request_.by)
        columns = "count(*)";
    else if (query::field(*request_.by).kind == Kind::rule)
        columns = "s.rule";
    else
        columns = "s." + std::string{query::field(*request_.by).column};
    if (!piece.tallies) {
        const std::optional<Sql> from = source(slice);
        return matches_sql(piece.condition, from ? &*from : nullptr, slice, columns);
    }
    const bool bars = request_.what == SearchRequest::What::histogram;
    Sql out{"SELECT ", {}};
    out.add(bars          ? "s.span"
            : request_.by ? columns
                          : "0")
        .add(", s.alerts FROM search_tallies AS s");
    return out.add(" WHERE s.span BETWEEN ? AND ? AND ")
        .bind(value_of(slice.low))
        .bind(value_of(slice.high))
        .add(piece.condition.sql);
}

Result<> SqliteSearch::read_counts(const Piece& piece, const SequenceRange& slice) {
    auto cursor = start(database_, counts_sql(piece, slice));
    if (!cursor) return std::unexpected(cursor.error());
    const bool bars = request_.what == SearchRequest::What::histogram;
    const auto kind = request_.by ? query::field(*request_.by).kind : Kind::number;
    const bool numbers = bars || !request_.by || kind == Kind::rule || kind == Kind::number ||
                         kind == Kind::time || kind == Kind::severity || kind == Kind::flag;
    Counted counted;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) break;
        const auto weight = piece.tallies         ? static_cast<std::uint64_t>(cursor->integer(1))
                            : bars || request_.by ? std::uint64_t{1}
                                                  : static_cast<std::uint64_t>(cursor->integer(0));
        if (weight == 0) continue;
        counted.total += weight;
        if (!bars && !request_.by) continue;
        if (!numbers) {
            counted.values[cursor->text(0)] += weight;
            continue;
        }
        const std::int64_t number = cursor->integer(0);
        counted.numbers[piece.tallies && bars ? number * kSearchSpan : number] += weight;
    }
    return take_over(counted);
}

void SqliteSearch::stop_here() {
    using What = SearchRequest::What;
    answer_.partial = fmt::format(
        "stopped after {:.1f} s of work; ask for less time, or for fewer "
        "values",
        to_seconds(worked_));
    if (request_.what != What::page || pieces_.empty()) return;
    const SequenceRange& left = pieces_.front().range;
    const auto sequence = [&](std::int64_t at) {
        return chosen_ ? these_[static_cast<std::size_t>(at)] : at;
    };
    if (left.low > left.high) return;
    answer_.page.next = request_.newest_first ? sequence(left.high) + 1 : sequence(left.low) - 1;
}

void SqliteSearch::finish() {
    if (!unwritten_.empty() && answer_.partial.empty())
        answer_.partial = "the newest alerts are not found just now: " + unwritten_;
    if (index_.missing() > 0 && !is_everything() && answer_.partial.empty())
        answer_.partial = fmt::format(
            "the newest {} alerts were stored just before the daemon was killed; they are found "
            "after its next start",
            index_.missing());
    answer_.groups = groups_.groups(request_.groups);
    answer_.histogram = bars_.histogram();
}

}  // namespace kentongan
