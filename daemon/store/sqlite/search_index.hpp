#pragma once
// SearchIndex: writes what search reads, within the transaction that writes the alert.
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

    /// An alert that was just inserted; its place in triage is taken from `alerts`.
    [[nodiscard]] Result<> add(std::int64_t sequence, const Alert& alert);
    /// One that was just replaced: only what differs is written.
    [[nodiscard]] Result<> replace(std::int64_t sequence, const Alert& alert);
    /// At the end of a transaction that added or replaced: the words of all of them at once. (A
    /// statement that may be undone by itself, as most are, makes FTS5 write what it has gathered:
    /// word by word of each alert, that costs four times as much.)
    [[nodiscard]] Result<> finish();
    /// After a transaction that was rolled back.
    void forget() {
        rules_.clear();
        words_.clear();
    }
    /// Adds alerts that were stored before there was a search, in transactions of its own.
    [[nodiscard]] Result<> catch_up();

  private:
    struct Place {  // in search_tallies
        std::int64_t span = 0;
        std::int64_t rule = 0;
        std::int64_t severity = 0;
        bool operator==(const Place&) const = default;
    };
    [[nodiscard]] Result<std::int64_t> rule_of(const query::Document& document);
    [[nodiscard]] Result<> write_row(std::int64_t sequence, std::int64_t rule,
                                     const query::Document& document);
    [[nodiscard]] Result<> count(std::int64_t sequence, const Place& place, int change);
    [[nodiscard]] Result<> replace_words(std::int64_t sequence, const query::Document& document);
    [[nodiscard]] Result<> replace_addresses(std::int64_t sequence, const std::string& before,
                                             const std::string& after);
    [[nodiscard]] Result<std::size_t> catch_up_some();

    struct Words {
        std::int64_t sequence = 0;
        std::string before;  // as they are in the index; empty: it has none
        std::string after;
    };
    SqliteDatabase& database_;
    std::vector<Words> words_;                             // of this transaction
    std::unordered_map<std::string, std::int64_t> rules_;  // by all that tells them apart
};

}  // namespace kentongan
