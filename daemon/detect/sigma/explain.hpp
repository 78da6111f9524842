#pragma once
// Says in words why a rule matched an event, or what kept it from doing so.
#include <memory>
#include <string>
#include <vector>

#include "daemon/detect/sigma/evaluation.hpp"
#include "daemon/detect/sigma/ruleset.hpp"

namespace kentongan::sigma {

struct Explanation {
    std::shared_ptr<const Rule> rule;
    bool matched = false;             ///< the condition holds and the logsource does not conflict
    bool logsource_conflict = false;  ///< the rule is for other logs
    /// It did not match though something in it did: a selection or item that is not negated holds,
    /// or the whole condition does and only the logsource conflicts.
    bool near_miss = false;
    std::vector<std::string> feeds;    ///< correlations that count the rule, in words
    std::vector<std::string> kept_by;  ///< filters but for which it would have matched
    bool alerts = true;                ///< false: it is only counted
    /// Indented: each selection with true or false, and under it the items with the value that
    /// decided: "selection: false", "    cs-method: 'POST': false (http.request.method is 'GET')".
    std::vector<std::string> lines;
};

/// One for each rule of the set, in the order loaded. Correlations are not judged on one event.
[[nodiscard]] std::vector<Explanation> explain(const Ruleset& ruleset, const Event& event);

/// "Title: url.query is 'id=1 union select …'". The rule holds for the event, which `evaluation`
/// was begun with.
[[nodiscard]] std::string gist_of(const CompiledRule& rule, const Event& event,
                                  Evaluation& evaluation);

}  // namespace kentongan::sigma
