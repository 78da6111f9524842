#pragma once
// A scenario of a drill: something that happens on an election night, hostile or only so looking,
// and what the daemon is expected to say about it.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/drill/generate/jakarta.hpp"
#include "daemon/drill/generate/random.hpp"
#include "daemon/drill/published.hpp"
#include "daemon/drill/script.hpp"

namespace kentongan::drill {

/// What a scenario plays with.
struct Scene {
    Script& script;
    Publication& publication;
    generate::Random random;  ///< the scenario's own
    const generate::Jakarta& jakarta;
    Timestamp start;  ///< of the scenario
};

struct Scenario {
    std::string_view name;   ///< for the command line
    std::string_view title;  ///< a sentence
    bool benign = false;
    Duration begins{};    ///< after the close of the polls
    Duration patience{};  ///< from then on: the alert has to come, or what looks like one may not
    /// Ids or names of rules. Of an attack: one of them must fire, and all may. Of a benign
    /// scenario: none of them may fire because of it.
    std::vector<std::string_view> rules;
    std::vector<std::string_view> agencies;  ///< who must be told
    /// What an alert about it names: addresses, accounts, TPS, files. None: its rules and its time
    /// alone say whose an alert is.
    std::vector<std::string_view> marks;
    void (*play)(Scene&) = nullptr;
    /// Rules that may rightly say that it happened, though they neither detect nor mistake it.
    std::vector<std::string_view> cards{};
};

/// The scenario in which the stage's ordinary night uploads nothing for an hour.
inline constexpr std::string_view kOutage = "outage";

/// The window of changes that KPU ordered, which the stage's settings name.
inline constexpr std::chrono::minutes kCleanUpFrom{335};  ///< after the close
inline constexpr std::chrono::minutes kCleanUpLasts{40};
inline constexpr std::string_view kCleanUpAccount = "kpu.ri.perapian";

/// All scenarios, in the order in which they begin.
[[nodiscard]] std::span<const Scenario> scenarios();
[[nodiscard]] const Scenario* scenario_called(std::string_view name);

// The parts of the catalogue, one a file of scenarios/.
[[nodiscard]] std::vector<Scenario> account_scenarios();
[[nodiscard]] std::vector<Scenario> web_scenarios();
[[nodiscard]] std::vector<Scenario> host_scenarios();
[[nodiscard]] std::vector<Scenario> database_scenarios();
[[nodiscard]] std::vector<Scenario> result_scenarios();
[[nodiscard]] std::vector<Scenario> service_scenarios();
[[nodiscard]] std::vector<Scenario> citizen_scenarios();

}  // namespace kentongan::drill
