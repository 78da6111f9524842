#pragma once
// The filters of a rule set: which apply to a rule, and what is to be said of each.
#include <map>
#include <string>
#include <vector>

#include "daemon/detect/sigma/filter_syntax.hpp"
#include "daemon/detect/sigma/refusal.hpp"
#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

/// A filter is applied when it names the rule, or names none, and each attribute its logsource sets
/// is the rule's. Its condition is joined by `and` as it is written: one that is to suppress says
/// `not`. Correlations are never filtered.
class FilterSet {
  public:
    explicit FilterSet(Timestamp now) : now_(now) {}

    /// Refused when its condition cannot be compiled. `rule` and `filter` must outlive the set.
    void add(const RuleSyntax& rule, const FilterSyntax& filter, Refusal& refusal);
    [[nodiscard]] std::vector<const RuleSyntax*> for_rule(const RuleSyntax& rule);
    /// What a status row says of a filter that was taken: that it has expired, that it has no
    /// `not`, or names rules that are not there or that its logsource does not cover. Empty when
    /// there is nothing.
    [[nodiscard]] std::string remark_on(const RuleSyntax& rule) const;

  private:
    struct Entry {
        const RuleSyntax* rule = nullptr;
        const FilterSyntax* filter = nullptr;
        bool expired = false;
        std::map<std::string, bool, std::less<>> named;  // -> found and covered
        std::vector<std::string> uncovered;
    };
    [[nodiscard]] static bool names(Entry& entry, const RuleSyntax& rule, bool covered);

    Timestamp now_;
    std::vector<Entry> entries_;
};

}  // namespace kentongan::sigma
