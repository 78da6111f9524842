#pragma once
// DailyFigures: once a day, what the day's alerts were in numbers, as a message to each agency
// whose rows of the routing say `daily`. On the store's thread.
#include <optional>

#include "daemon/alert/figures.hpp"
#include "daemon/deliver/destinations.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// A day ends at midnight of a clock that is `offset` ahead of UTC, or with the first look after
/// it. Each alert is counted once, with the day in which it was raised; one that was stored only
/// after that day was told is counted with the next. How far it came is a bookmark of the store,
/// written with the messages, so a restart neither repeats nor loses any. The first day begins with
/// the first step ever.
class DailyFigures {
  public:
    static constexpr std::size_t kSlice = 200;  ///< alerts, some milliseconds
    static constexpr std::string_view kBookmark = "figures";
    /// Days that nobody looked in are told one by one; of more than so many, the first as one.
    static constexpr std::chrono::days kMostMissed{31};

    /// All outlive it.
    DailyFigures(AlertStore& store, EntryLog& history, const Clock& clock,
                 std::chrono::seconds offset)
        : store_(store), history_(history), clock_(clock), offset_(offset) {}

    enum class Step { idle, more, told };
    /// Reads one slice if a day is over. told: messages were queued. Whatever fails is tried again
    /// with the next step. `exercise`: the messages bear the mark.
    [[nodiscard]] Result<Step> step(std::shared_ptr<const Routing> routing,
                                    const Destinations& destinations, bool exercise);

  private:
    /// What is counted: raised before `until` and stored up to `seen`. All else is at or after
    /// `first`.
    struct Reached {
        Timestamp until{};
        std::int64_t first = 1;
        std::int64_t seen = 0;
    };
    struct Day {
        Figures figures;
        Reached then;
        std::int64_t after = 0;  // read up to here
    };
    [[nodiscard]] Result<> open();
    [[nodiscard]] Result<std::int64_t> newest();
    [[nodiscard]] Timestamp end_of_day(Timestamp now) const;
    [[nodiscard]] Result<> begin(std::shared_ptr<const Routing> routing, Timestamp until);
    [[nodiscard]] Result<bool> read_slice();
    [[nodiscard]] Result<Step> tell(const Destinations& destinations, bool exercise);
    static std::string text_of(const Reached& reached);

    AlertStore& store_;
    EntryLog& history_;
    const Clock& clock_;
    std::chrono::seconds offset_;
    std::optional<Reached> reached_;
    std::optional<Day> day_;
};

}  // namespace kentongan
