#pragma once
// VerificationPaceDetector: operators who verify results in a way that people do not.
#include <array>
#include <deque>

#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/sirekap/workflow/app_detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"

namespace kentongan::sirekap {

/// R16, by account:
/// - five TPS within ten minutes verified less than five seconds after they were opened;
/// - more TPS within an hour than the setting (120): low; more than 450: medium, that is one each
///   eight seconds without a pause;
/// - twenty verifications as regular as a program's: the coefficient of variation of the gaps is
///   under .05. (The catalogue has .1; gaps spread evenly from 8 to 10 s, a practised operator on a
///   clean queue, have .064 and must not be told.)
/// - five within ten minutes without having looked at the TPS, once the log is known to record
///   looks (twenty of them in the last hour, whoever's).
/// Told once an hour for each of them and each account.
class VerificationPaceDetector final : public AppDetector {
  public:
    explicit VerificationPaceDetector(const WorkflowOptions& options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.verification-pace"; }
    void advance(Timestamp now, FindingSink&) override { operators_.expire(now); }
    [[nodiscard]] std::uint64_t evicted() const override { return operators_.evicted(); }
    [[nodiscard]] std::size_t entries() const override { return operators_.size(); }

  private:
    enum Reason : std::size_t { quick, many, too_many, rhythm, unseen, kReasons };
    struct Look {
        std::uint64_t tps = 0;
        Timestamp time{};
    };
    struct Operator {
        std::deque<Timestamp> verified;  // of the last hour, at most 451
        std::deque<Timestamp> quickly;   // at most five
        std::deque<Timestamp> unseen;    // at most five
        std::deque<Look> looks;          // at most 64
        std::uint64_t last_tps = 0;
        std::array<Timestamp, kReasons> told{};
    };

    void inspect_act(const AppEvent& app, FindingSink& out) override;
    void look(const AppEvent& app);
    void verify(const AppEvent& app, Operator& by, FindingSink& out);
    void check_quick(const AppEvent& app, Operator& by, std::optional<Duration> open,
                     FindingSink& out);
    void check_hour(const AppEvent& app, Operator& by, FindingSink& out);
    void check_rhythm(const AppEvent& app, Operator& by, FindingSink& out);
    void check_unseen(const AppEvent& app, Operator& by, bool seen, FindingSink& out);
    void tell(Reason reason, const AppEvent& app, Operator& by, Severity severity,
              std::string_view what, FindingSink& out);

    std::size_t per_hour_;
    Duration quick_;
    double regularity_;
    anomaly::LruTable<std::string, Operator> operators_;
    std::deque<Timestamp> looks_;  // the newest twenty, anybody's
};

}  // namespace kentongan::sirekap
