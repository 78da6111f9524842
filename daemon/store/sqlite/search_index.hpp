#pragma once
// SearchIndex: writes what search reads, some alerts at a time: that costs a third of one by one,
// and after the commits that bring them, so that a burst of alerts is safe on disk first.
#include <algorithm>
#include <compare>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/store/query/document.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kentongan {

/// first_seen / kSearchSpan is a row of search_spans and search_tallies.
inline constexpr std::int64_t kSearchSpan = std::int64_t{300} * 1'000'000'000;
[[nodiscard]] constexpr std::int64_t span_of(std::int64_t first_seen) {
    return first_seen / kSearchSpan - (first_seen % kSearchSpan < 0 ? 1 : 0);
}

class SearchIndex {
  public:
    explicit SearchIndex(SqliteDatabase& database) : database_(database) {}

    /// So many alerts are written at once.
    static constexpr std::size_t kAtOnce = 1024;
    /// So many wait in memory; those after them are read from the database in their turn.
    static constexpr std::size_t kInMemory = 8192;
    /// So many wait at most: from then on each commit writes some.
    static constexpr std::size_t kBehind = 131'072;

    /// An alert that was just inserted.
    void add(std::int64_t sequence, const Alert& alert);
    /// One that was just replaced: only what differs is written.
    [[nodiscard]] Result<> replace(std::int64_t sequence, const Alert& alert);
    /// At the end of a transaction that added or replaced.
    [[nodiscard]] Result<> keep_up();
    /// Writes the oldest that wait, at most kAtOnce alerts, in a transaction of its own.
    [[nodiscard]] Result<> write_some();
    /// How many alerts wait; at least 1 while it is not known.
    [[nodiscard]] std::size_t waiting() const {
        return std::max<std::size_t>(added_, behind_ || !waiting_.empty() ? 1 : 0);
    }
    /// All that waits, and what was stored before there was a search or before a crash.
    [[nodiscard]] Result<> catch_up();
    /// For readers, which cannot catch up: how many alerts no search finds.
    [[nodiscard]] Result<> count_missing();
    [[nodiscard]] std::int64_t missing() const { return missing_; }
    /// After a transaction that was rolled back.
    void forget() {
        rules_.clear();
        words_.clear();
        waiting_.clear();
        behind_ = true;
    }

  private:
    struct Place {  // in search_tallies
        std::int64_t span = 0;
        std::int64_t rule = 0;
        std::int64_t severity = 0;
        auto operator<=>(const Place&) const = default;
    };
    [[nodiscard]] Result<std::int64_t> rule_of(const query::Document& document);
    [[nodiscard]] Result<> write_row(std::int64_t sequence, std::int64_t rule,
                                     const query::Document& document);
    [[nodiscard]] Result<> write_words(std::int64_t sequence, const query::Document& document);
    [[nodiscard]] Result<> put_address(std::string_view address, std::int64_t sequence);
    [[nodiscard]] Result<> widen(std::int64_t span, std::int64_t lowest, std::int64_t highest);
    [[nodiscard]] Result<> count(const Place& place, std::int64_t change);
    [[nodiscard]] Result<> read_waiting();
    [[nodiscard]] Result<> write_waiting();
    /// The words of all alerts of a transaction at once, at its end. (A statement that may be
    /// undone by itself, as most are, makes FTS5 write what it has gathered: word by word of each
    /// alert, that costs four times as much.)
    [[nodiscard]] Result<> write_index();
    [[nodiscard]] Result<> replace_words(std::int64_t sequence, const query::Document& document);
    [[nodiscard]] Result<> replace_addresses(std::int64_t sequence, const std::string& before,
                                             const std::string& after);

    struct Words {
        std::int64_t sequence = 0;
        std::string before;  // as they are in the index; empty: it has none
        std::string after;
    };
    struct Waiting {
        std::int64_t sequence = 0;
        query::Document document;
    };
    SqliteDatabase& database_;
    std::deque<Waiting> waiting_;  // in order
    bool behind_ = true;           // alerts may wait after those of waiting_
    std::size_t added_ = 0;        // that wait, of those added since the start
    std::int64_t missing_ = 0;
    std::vector<Words> words_;                             // of this transaction
    std::unordered_map<std::string, std::int64_t> rules_;  // by all that tells them apart
};

}  // namespace kentongan
