#pragma once
// Finds logs that fall silent, and logs whose clock is set back.
#include <optional>
#include <string>

#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/anomaly/series/rhythm.hpp"
#include "daemon/detect/anomaly/tunable.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// For each log, from the seconds in which it had a line:
/// - silence longer than 60 s (a setting), five times the pause that 99 of 100 do not exceed,
///   four times the longest ordinary pause of the last days, and what the latest pauses allow of a
///   log that dies down (Rhythm::recent_bound). Nothing is said of a log before
///   100 pauses, and before it was followed for ten times as long as the silence it is judged by:
///   a job that writes a thousand lines once an hour is no log that fell silent. When it is heard
///   again, how long it was is told. When every log that is quick enough to tell falls silent, that
///   is one finding about the host or the collector;
/// - time that goes back by more than 2 s and three times what is usual for this log, for many
///   logs are not quite in order; told once in ten minutes.
///
/// Silence counts from when a log was last heard, by the event time that all sources have reached,
/// so neither a log that lags behind nor one with a wrong clock is silent. Live, that time may jump
/// (a source that held it back catches up); a jump counts as 10 s. A recorded log that ended is
/// forgotten. At most 4,096 logs, about 2 KiB each.
class LogGapDetector final : public Detector, public Tunable {
  public:
    explicit LogGapDetector(const AnomalyOptions& options);
    void tune(const AnomalyOptions& options) override;

    [[nodiscard]] std::string_view name() const override { return "anomaly.log-gap"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const LogSecond& second, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override { return logs_.evicted(); }
    [[nodiscard]] std::size_t entries() const override { return logs_.size(); }

  private:
    struct Log {
        Rhythm rhythm;
        Timestamp first{};                 // when it was first heard, by clock_
        Timestamp heard{};                 // when it was last heard, by clock_
        Timestamp second{};                // of its last line, by its own clock
        Duration limit = Duration::max();  // the silence that is told; max: none
        bool silent = false;               // was told, alone or with all
        Duration usual_lateness{0};
        Timestamp clock_told = Timestamp::min();
        std::uint64_t events = 0;
        Origin last;
        std::string line;
        bool line_cut = false;
    };

    void learn(const LogSecond& second, Log& log);
    void heard_again(std::string_view source, Log& log, FindingSink& out);
    void check_clock(const LogSecond& second, Log& log, FindingSink& out);
    [[nodiscard]] bool all_silent(const Log& with);
    void tell_silence(std::string_view source, const Log& log, FindingSink& out) const;
    void move_clock(Timestamp now);
    void tell_all_silent(FindingSink& out);
    void end_silence_of_all(FindingSink& out);

    Duration least_{};
    Duration longest_step_;                    // of clock_
    Timestamp now_{};                          // event time reached
    Timestamp clock_{};                        // the same without jumps
    Timestamp next_check_ = Timestamp::max();  // no log is due before
    std::optional<Timestamp> all_silent_since_;
    LruTable<std::string, Log> logs_;
    std::string key_;
};

}  // namespace kentongan::anomaly
