#pragma once
// The compiled plan of one event class: the rules that apply to it and how to find those few that
// an event may match.
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/detect/sigma/number_index.hpp"
#include "daemon/detect/sigma/program.hpp"
#include "daemon/detect/sigma/text_index.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sigma {

/// Both set an attribute and the values differ. What one side leaves open never conflicts.
[[nodiscard]] bool conflicts(const LogSourceNames& rule, const LogSource& event);

/// The logsources of an event: one or, where a record is of two kinds, two.
struct EventClass {
    LogSourceNames main;
    LogSourceNames also;  ///< all empty: there is none

    [[nodiscard]] static EventClass of(const Event& event);
    [[nodiscard]] bool is_of(const Event& event) const;
    /// Whether a rule applies to such events: it conflicts with one of the logsources at most.
    [[nodiscard]] bool takes(const LogSourceNames& rule) const;
    bool operator==(const EventClass&) const = default;
};

/// Immutable, shared by the lanes. The program must outlive it.
class Matcher {
  public:
    struct SlotIndex {
        SlotId slot = 0;
        TextIndex texts;
        NumberIndex numbers;
    };

    /// Compiling takes from a millisecond to seconds, depending on the rules.
    Matcher(const Program& program, const EventClass& events, DatabaseSource& databases);

    /// Of the program's rules, in the order loaded.
    [[nodiscard]] const std::vector<std::uint32_t>& rules() const { return rules_; }
    /// Those that no hit announces: they are always candidates.
    [[nodiscard]] const std::vector<std::uint32_t>& always() const { return always_; }
    [[nodiscard]] std::span<const std::uint32_t> rules_of(const IndexHit& hit) const {
        return std::span(witnessed_).subspan(hit.first_rule, hit.rules);
    }
    [[nodiscard]] const TextIndex& keywords() const { return keywords_; }
    /// What to look for in values of fields of a group.
    [[nodiscard]] const std::vector<SlotIndex>& of_group(GroupId group) const {
        return by_group_[group];
    }
    void make_room_in(ScanScratch& scratch) const;

  private:
    class Builder;

    std::vector<std::uint32_t> rules_;
    std::vector<std::uint32_t> always_;
    std::vector<std::uint32_t> witnessed_;  // the rules of each predicate's hits, one after another
    std::vector<std::vector<SlotIndex>> by_group_;
    TextIndex keywords_;
};

}  // namespace kentongan::sigma
