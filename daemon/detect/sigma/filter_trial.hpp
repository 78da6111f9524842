#pragma once
// Asks what a filter would change of matches seen before.
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/detect/sigma/evaluation.hpp"
#include "daemon/detect/sigma/ruleset.hpp"

namespace kentongan::sigma {

/// The rules together with filters on trial. One thread.
class FilterTrial {
  public:
    enum class Verdict : std::uint8_t {
        kept,
        suppressed,
        no_match,  ///< the rule as loaded does not match the event, filter or not
    };

    /// `rules` were loaded along with the file of the filters, of which `titles` are on trial.
    FilterTrial(std::shared_ptr<const Ruleset> rules, const std::vector<std::string>& titles);

    /// Whether a filter on trial is part of the rule with this id.
    [[nodiscard]] bool touches(const std::string& rule_id) const {
        return rules_by_id_.contains(rule_id);
    }
    /// Whether a correlation has this id.
    [[nodiscard]] bool is_correlation(const std::string& rule_id) const;
    /// Of an event that the rule, which is touched, has matched.
    [[nodiscard]] Verdict judge(const std::string& rule_id, const Event& event);
    /// How many rules are touched.
    [[nodiscard]] std::size_t touched() const { return rules_by_id_.size(); }

  private:
    struct Touched {
        const CompiledRule* rule = nullptr;
        std::vector<const Expression*> filters;  // those on trial
    };
    std::shared_ptr<const Ruleset> rules_;
    Evaluation evaluation_;
    std::unordered_map<std::string, Touched> rules_by_id_;
};

}  // namespace kentongan::sigma
