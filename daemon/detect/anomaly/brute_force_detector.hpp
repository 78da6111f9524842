#pragma once
// Finds password guessing, spraying over many users, and the login that follows when it worked.
#include "daemon/detect/anomaly/attempt_witnesses.hpp"
#include "daemon/detect/anomaly/episodes.hpp"
#include "daemon/detect/anomaly/login_window.hpp"
#include "daemon/detect/anomaly/tunable.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// For each source address of auth events (those without source.ip are not counted):
/// - guessing: so many failures in the window, counted exactly;
/// - spraying: failures of 20 distinct users within 10 minutes;
/// - login after guessing: a success within 30 minutes of either, once for a user.
/// A login that its server's log and a sensor both tell counts once (attempt_witnesses.hpp); of its
/// user's name the witness that knows it is heard.
/// A source whose logins succeed more often than three times in five is silent: behind one address
/// of a mobile carrier are thousands of people, some of whom mistype.
/// A job with a stale password stays silent as long as it fails less often than the window's rate
/// (every 6.7 s by default). A faster one is told: a fixed period is too easily imitated.
class BruteForceDetector final : public Detector, public Tunable {
  public:
    explicit BruteForceDetector(const AnomalyOptions& options);
    void tune(const AnomalyOptions& options) override;

    [[nodiscard]] std::string_view name() const override { return "anomaly.brute-force"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::auth; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;

  private:
    struct Source {
        AttemptWitnesses told;
        NewestTimes failures;
        OutcomeWindow recent;    // over the guessing window
        OutcomeWindow long_run;  // over the spraying window
        RecentSet users;
        RecentSet reported;                     // users whose login was told
        std::uint64_t failed = 0;               // since first seen
        Timestamp guessing = Timestamp::min();  // when it was last seen to guess
    };
    /// The newest event of an episode, in the form of a finding.
    using Episode = Episodes<IpAddress, Finding>;

    void failure(const IpAddress& address, Source& source, const Event& event, bool again,
                 FindingSink& out);
    void note_guessing(const IpAddress& address, Source& source, const Event& event,
                       FindingSink& out);
    void note_spraying(const IpAddress& address, Source& source, const Event& event, bool again,
                       FindingSink& out);
    void success(const IpAddress& address, Source& source, const Event& event, FindingSink& out);
    bool guesses(const Source& source, Timestamp now) const;
    bool sprays(const Source& source, Timestamp now) const;

    std::size_t failures_ = 1;
    Duration window_;
    KeyedHash hash_;
    LruTable<IpAddress, Source> sources_;
    Episode guessing_;
    Episode spraying_;
    std::uint64_t attempts_evicted_ = 0;
};

}  // namespace kentongan::anomaly
