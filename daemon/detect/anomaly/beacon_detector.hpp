#pragma once
// Finds hosts that call an address outside at a steady beat, as implants do (X06).
#include <span>
#include <string>
#include <vector>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/recent_set.hpp"
#include "daemon/detect/anomaly/state.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// For a source of ours, a destination outside and a port, from conn events: the last 64 begins
/// and bytes sent. With 20 intervals over at least 30 minutes, a median of 10 s to 24 h and a score
/// of 0.9, the beat is confirmed by an autocorrelation of 0.5 in the series of begins, and told
/// once a day. Not told: destinations called by more than a tenth of our hosts (of at least 20),
/// those in `beacon_allowed`, and the time service's port. Memory: about 1 KiB a pair.
class BeaconDetector final : public Detector {
  public:
    explicit BeaconDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.beacon"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::conn; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    /// The calls of each pair. Which addresses are common is learnt anew after a restart, so for
    /// an hour nothing is told.
    [[nodiscard]] std::optional<std::string> checkpoint() override;
    [[nodiscard]] Result<> restore(std::string_view state) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return pairs_.size(); }

  private:
    static constexpr std::size_t kRing = 64;

    struct Call {
        float at = 0;  // seconds since the first call
        float bytes = 0;
    };
    struct Pair {
        Timestamp first{};
        std::vector<Call> calls;  // up to kRing, in order of time
        std::uint32_t since_judged = 0;
        bool told = false;
        Timestamp told_at{};
    };

    bool restore_line(std::string_view section, StateLine line);
    [[nodiscard]] bool is_common(const IpAddress& destination, Timestamp now);
    void judge(const Event& event, Pair& pair, FindingSink& out);

    std::vector<IpNetwork> ours_;
    std::vector<IpNetwork> allowed_;
    KeyedHash hash_;
    LruTable<std::string, Pair> pairs_;       // "source destination port"
    LruTable<IpAddress, RecentSet> callers_;  // of a destination
    LruTable<IpAddress, bool> hosts_;         // of ours that call anybody
    StateClock clock_;
    bool resumed_ = false;
    Timestamp settled_ = Timestamp::max();  // where it resumed, when verdicts begin
};

/// How steady: the mean of 1-|Bowley skew| and 1-MAD/median (at least 0) of `values`; 0 for none.
[[nodiscard]] double steadiness(std::vector<double> values);

/// Autocorrelation at `period` of begins (in order of time) counted in bins of a third of it.
[[nodiscard]] double beat_correlation(std::span<const double> begins, double period);

}  // namespace kentongan::anomaly
