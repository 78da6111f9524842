#pragma once
// Something that goes on, such as a scan: told at once when it begins, then at most once every
// ten seconds of event time with what came since, so an attack never becomes a flood of findings.
#include "daemon/detect/anomaly/lru_table.hpp"

namespace kentongan::anomaly {

inline constexpr Duration kUpdateInterval = std::chrono::seconds{10};

/// `Tally` is what a message about the episode needs. What is reported depends on event times
/// alone, not on how often advance() is called.
template <class Key, class Tally>
class Episodes {
  public:
    /// An episode ends after `quiet` without a note.
    Episodes(std::int64_t capacity, Duration quiet, std::uint64_t seed)
        : table_(capacity, std::max(quiet, 2 * kUpdateInterval), seed) {}

    [[nodiscard]] bool ongoing(const Key& key) { return table_.find(key) != nullptr; }

    /// `report(key, time, tally, count)` for the first note of an episode, and for those due.
    template <class Report>
    void note(const Key& key, Timestamp time, const Tally& tally, std::uint64_t count,
              Report&& report) {
        advance(time, report);
        auto [episode, created] = table_.touch(key, time);
        if (created) {
            episode.due = time + kUpdateInterval;
            report(key, time, tally, count);
            return;
        }
        if (episode.pending == 0 && time >= episode.due) episode.due = time + kUpdateInterval;
        episode.pending += count;
        episode.last = std::max(episode.last, time);
        episode.tally = tally;
        next_due_ = std::min(next_due_, episode.due);
    }

    template <class Report>
    void advance(Timestamp now, Report&& report) {
        if (now >= next_due_) flush(now, report);
        table_.expire(now);
    }
    [[nodiscard]] std::uint64_t evicted() const { return table_.evicted(); }

  private:
    struct Episode {
        Timestamp due{};   // when `pending` is to be told
        Timestamp last{};  // of the newest note in `pending`
        std::uint64_t pending = 0;
        Tally tally{};
    };

    template <class Report>
    void flush(Timestamp now, Report&& report) {
        next_due_ = Timestamp::max();
        table_.for_each([&](const Key& key, Episode& episode) {
            if (episode.pending == 0) return;
            if (now < episode.due) {
                next_due_ = std::min(next_due_, episode.due);
                return;
            }
            report(key, episode.last, episode.tally, episode.pending);
            episode.pending = 0;
        });
    }

    LruTable<Key, Episode> table_;
    Timestamp next_due_ = Timestamp::max();
};

}  // namespace kentongan::anomaly
