#pragma once
// The windows of one correlation, a group each: pure, on numbers alone.
#include <cstdint>
#include <optional>
#include <span>

#include "daemon/detect/sigma/group_table.hpp"
#include "daemon/detect/sigma/window_plan.hpp"

namespace kentongan::sigma {

/// Times are event times in nanoseconds. Deterministic: the same calls give the same answers.
class Windows {
  public:
    struct Limits {
        std::size_t groups = 100'000;
        std::size_t bytes = std::size_t{32} << 20;  ///< of what groups remember
    };
    struct Sample {
        std::uint64_t key = 0;  ///< of the group
        std::int64_t time = 0;
        std::uint16_t position = 0;  ///< which rule of the correlation
        std::uint64_t hash = 0;      ///< of the value counted
        double number = 1;           ///< the value computed with
    };
    enum class Answer : std::uint8_t {
        quiet,
        fired,  ///< the condition holds, and did not before
        again,  ///< it has fired and the window has not been empty since
        late    ///< too old for the window its group is in
    };
    struct Outcome {
        Answer answer = Answer::quiet;
        std::uint32_t group = GroupTable::kNone;
        double value = 0;  ///< what was compared, when fired
    };

    Windows(const WindowPlan& plan, Limits limits);

    /// Event time has reached `now` elsewhere. A source may be far behind the others, reading what
    /// was written while nobody looked: its windows are decided by its own times, and stay for a
    /// timespan from here on.
    void reach(std::int64_t now) { now_ = now; }

    /// A deferred window that the sample finds ended must have been closed before: see ended().
    Outcome take(const Sample& sample);

    /// The first deferred window that has ended by now, or kNone; close() it then.
    [[nodiscard]] std::uint32_t ended();
    /// The first that is open at all.
    [[nodiscard]] std::uint32_t first_open() const {
        return plan_.deferred ? groups_.front() : GroupTable::kNone;
    }
    /// The deferred window that a sample of this key and time comes too late for, or kNone.
    [[nodiscard]] std::uint32_t ended_for(std::uint64_t key, std::int64_t time);
    /// What the condition is asked of at the end; nothing when it does not hold. The group is gone.
    std::optional<double> close(std::uint32_t group);
    /// Forgets sliding windows that are empty by now.
    void expire();

    [[nodiscard]] Group& group(std::uint32_t index) { return groups_[index]; }
    [[nodiscard]] std::size_t size() const { return groups_.size(); }
    /// Groups pushed out while their window was open.
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
    [[nodiscard]] std::size_t memory() const { return groups_.memory() + pool_.memory(); }

  private:
    std::uint32_t find_or_make(const Sample& sample);
    void push_out();
    void forget(std::uint32_t index);
    void start_over(Group& group);
    [[nodiscard]] std::span<std::uint64_t> room_for(Group& group, std::size_t entries);

    Outcome slide(std::uint32_t index, const Sample& sample);
    void gather(std::uint32_t index, const Sample& sample);
    [[nodiscard]] double measure(Group& group, const Sample& sample);
    [[nodiscard]] double add_time(Group& group, std::int64_t time);
    [[nodiscard]] double add_to_bucket(Group& group, std::int64_t time, double number);
    [[nodiscard]] double add_distinct(Group& group, std::int64_t time, std::uint64_t hash);
    [[nodiscard]] double mark(Group& group, std::int64_t time, std::uint16_t position);
    [[nodiscard]] double mark_in_order(Group& group, std::int64_t time, std::uint16_t position);
    [[nodiscard]] double value_at_end(Group& group);

    WindowPlan plan_;
    Limits limits_;
    GroupTable groups_;
    BlockPool pool_;
    std::int64_t now_ = 0;
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan::sigma
