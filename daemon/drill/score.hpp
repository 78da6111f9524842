#pragma once
// Score: what was said about each scenario, how soon, and what was said without cause.
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

/// An alert of the daemon, as its API gives it.
struct SeenAlert {
    std::string id;
    std::string rule_id;
    std::string rule_name;
    std::string message;
    std::string text;  ///< all of its JSON
    Severity severity = Severity::info;
    Timestamp first_seen{};
    Timestamp last_seen{};
    Timestamp created{};  ///< when the daemon raised it, by the drill's clock
    bool exercise = false;
    std::map<std::string, Timestamp> told;  ///< agency: when it accepted it, by that clock

    /// An error names the member that is missing.
    [[nodiscard]] static Result<SeenAlert> of(const boost::json::value& json);
};

struct ScenarioScore {
    const Scenario* scenario = nullptr;
    bool passed = false;
    std::string why;                           ///< when it did not
    std::optional<Duration> detected;          ///< from its begin to the first alert of its rules
    std::map<std::string, Duration> agencies;  ///< from its begin to the agency's acknowledgement
    std::vector<const SeenAlert*> alerts;      ///< of its rules
};

struct Score {
    std::vector<ScenarioScore> scenarios;
    std::vector<const SeenAlert*> false_alarms;  ///< medium or more, and no attack's
    std::vector<const SeenAlert*> unmarked;      ///< not marked as of an exercise
    std::size_t alerts = 0;

    [[nodiscard]] bool passed() const;
    [[nodiscard]] std::size_t passed_scenarios() const;
};

/// `close` is that of the night. Answers point into `alerts`, which must outlive it. With
/// `deliveries`, an agency that was not told is a failure.
[[nodiscard]] Score score_of(std::span<const Scenario* const> played,
                             std::span<const SeenAlert> alerts, Timestamp close, bool deliveries);

[[nodiscard]] boost::json::object to_json(const Score& score);

/// The score of a night that is still under way: to_json with "running", "time", and for each
/// scenario its "begins" and "until" and a "state": upcoming, running, detected, missed, quiet or
/// alarm.
[[nodiscard]] boost::json::object to_json(const Score& score, Timestamp close, Timestamp now,
                                          bool running);

}  // namespace kentongan::drill
