#pragma once
// The rules that apply to the events of one logsource, with the literals they look for.
#include <cstdint>
#include <vector>

#include "daemon/detect/sigma/literal_set.hpp"
#include "daemon/detect/sigma/program.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sigma {

/// Both set an attribute and the values differ. What one side leaves open never conflicts.
[[nodiscard]] bool conflicts(const LogSourceNames& rule, const LogSource& event);

/// Immutable. The program must outlive it.
class Matcher {
  public:
    /// A pattern of a predicate whose literal was found.
    struct Target {
        PredicateId predicate = 0;
        TextPattern::Shape shape = TextPattern::Shape::contains;
        bool sure = true;  ///< the literal at the right place is all; else the pattern is checked
        std::uint32_t length = 0;
    };
    struct SlotLiterals {
        SlotId slot = 0;
        LiteralSet literals;
    };

    Matcher(const Program& program, const LogSource& logsource);

    [[nodiscard]] const std::vector<std::uint32_t>& rules() const { return rules_; }
    [[nodiscard]] const LiteralSet& keywords() const { return keywords_; }
    /// What to look for in values of fields of a group.
    [[nodiscard]] const std::vector<SlotLiterals>& of_group(GroupId group) const {
        return by_group_[group];
    }
    [[nodiscard]] const Target& target(std::uint32_t id) const { return targets_[id]; }

  private:
    void add_targets(const Program& program, const std::vector<PredicateId>& predicates);

    std::vector<std::uint32_t> rules_;  // in the order loaded
    std::vector<Target> targets_;
    std::vector<std::vector<SlotLiterals>> by_group_;
    LiteralSet keywords_;
};

}  // namespace kentongan::sigma
