#pragma once
// The noise report: what each rule costs people, so that the loud ones are made quieter.
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

struct RuleNoise {
    std::string rule_id;
    std::string name;  ///< as the newest alert has it
    std::uint64_t alerts = 0;
    std::uint64_t over_budget = 0;  ///< stored and not told, for their rule was over its budget
    std::uint64_t suppressed = 0;   ///< not told for a suppression
    std::uint64_t closed = 0;       ///< by people
    std::uint64_t idle = 0;         ///< of these, closed as false or benign
};

/// How many rules a report has at most, the loudest first.
inline constexpr std::size_t kMaximumNoisyRules = 500;

/// What a rule has raised since the database began.
struct RuleFiring {
    std::string rule_id;
    std::uint64_t alerts = 0;
    Timestamp newest{};  ///< when its newest alert was first seen
};
inline constexpr std::size_t kMaximumFirings = 100'000;

/// What a store says of its rules. On the store's thread; blocking.
class NoiseReader {
  public:
    virtual ~NoiseReader() = default;
    /// Alerts first seen at or after `since`, by rule, the most alerts first.
    virtual Result<std::vector<RuleNoise>> noise(Timestamp since) = 0;
    /// Of every rule that has raised an alert, at most kMaximumFirings.
    virtual Result<std::vector<RuleFiring>> firings() = 0;
};

/// What to do about a rule, for people and as a word for pages in other languages; both empty:
/// nothing.
struct Suggestion {
    std::string_view code;  ///< mostly_idle, over_budget, loud
    std::string text;
};
/// `hours` are those of the report.
[[nodiscard]] Suggestion suggestion(const RuleNoise& rule, double hours);

/// {"since","until","hours","rules":[{"rule","name","alerts","alerts_an_hour","closed",
/// "false_or_benign","share","budget","over_budget","suppressed","suggestion","suggestion_code"}]};
/// `share` is null while nobody has closed any.
[[nodiscard]] boost::json::object noise_report(const std::vector<RuleNoise>& rules, Timestamp since,
                                               Timestamp until);

}  // namespace kentongan
