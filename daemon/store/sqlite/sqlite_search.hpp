#pragma once
// SqliteSearch: one question, answered in slices of sequences that take some milliseconds each, so
// that commits come in between.
#include <chrono>
#include <deque>

#include "daemon/store/alert_search.hpp"
#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/sqlite/search_index.hpp"
#include "daemon/store/sqlite/search_sql.hpp"

namespace kentongan {

/// A statement that is started with its values.
[[nodiscard]] Result<SqliteCursor> start(SqliteDatabase& database, const Sql& sql);

class SqliteSearch final : public Search {
  public:
    SqliteSearch(SqliteDatabase& database, SearchIndex& index, SearchRequest request);
    Result<bool> step() override;

  private:
    using Time = std::chrono::steady_clock::time_point;
    /// Counts of one slice, which are taken over only when it was read to its end.
    struct Counted {
        std::unordered_map<std::string, std::uint64_t> values;
        std::unordered_map<std::int64_t, std::uint64_t> numbers;
        std::uint64_t total = 0;
        std::uint64_t without = 0;
    };
    /// What is still to be read: rows of `search` by sequence, or of `search_tallies` by span.
    struct Piece {
        bool tallies = false;
        SqlCondition condition;
        SequenceRange range;
    };

    // Planning.
    Result<> plan();
    Result<SequenceRange> sequences(const query::Window& window);
    Result<SequenceRange> spans(const query::Window& window);
    Result<> plan_tallies(const query::Window& window);
    Result<> plan_rows(const query::Expression& where, const query::Window& window);
    Result<> choose_interval(const query::Window& window);
    Result<bool> choose_way();
    Result<> collect_these();
    [[nodiscard]] std::optional<Sql> source(const SequenceRange& slice) const;
    [[nodiscard]] bool tallies_suffice() const;

    // Working.
    Result<bool> freshen();
    Result<> work(Time until);
    [[nodiscard]] bool is_everything() const;
    Result<bool> read_slice();
    [[nodiscard]] SequenceRange next_slice(const Piece& piece) const;
    void size_slice(std::chrono::nanoseconds took);
    Result<> read_page(const Piece& piece, const SequenceRange& slice);
    Result<> read_counts(const Piece& piece, const SequenceRange& slice);
    [[nodiscard]] Sql counts_sql(const Piece& piece, const SequenceRange& slice) const;
    Result<> take_over(const Counted& counted);
    Result<> take_rules(const Counted& counted);
    [[nodiscard]] bool full() const;
    void stop_here();
    void finish();

    SqliteDatabase& database_;
    SearchIndex& index_;
    SearchRequest request_;
    bool fresh_ = false;     // what was stored before it is searchable
    std::string unwritten_;  // why the newest are not searchable; empty: they are
    bool planned_ = false;
    std::vector<Way> ways_;
    std::size_t probed_ = 0;
    std::int64_t best_ = 0;            // matches of the best way
    const Way* way_ = nullptr;         // of ways_
    std::vector<std::int64_t> these_;  // what it led to; ranges are then indexes of it
    bool chosen_ = false;              // these_ is used
    std::optional<Way> words_;         // for slices, where no way is short
    std::deque<Piece> pieces_;
    std::int64_t slice_ = 0;  // sequences
    std::chrono::nanoseconds caught_up_{};
    std::chrono::nanoseconds worked_{};
    query::GroupTally groups_;
    query::HistogramTally bars_;
};

}  // namespace kentongan
