#pragma once
// The compiled plans of one rule set, by event class.
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/detect/sigma/database_cache.hpp"
#include "daemon/detect/sigma/matcher.hpp"

namespace kentongan::sigma {

/// Thread-safe. At most kMaximumPlans are kept: the oldest is given up first, but lives as long as
/// somebody holds it. The program must outlive the store and the plans.
class PlanStore {
  public:
    static constexpr std::size_t kMaximumPlans = 256;

    /// `cache`: the folder of DatabaseCache; empty: nothing is kept on disk.
    PlanStore(const Program& program, std::filesystem::path cache);

    /// The plan of a class; compiled, by one thread, when there is none yet: up to seconds.
    [[nodiscard]] std::shared_ptr<const Matcher> plan_for(const EventClass& events);

    /// The plan if it is compiled already, else null.
    [[nodiscard]] std::shared_ptr<const Matcher> ready_plan_for(const EventClass& events);
    /// Asks for the plan of a class to be compiled.
    void want(const EventClass& events);
    /// True for one caller, when plans are wanted: compile_wanted() is then its duty.
    [[nodiscard]] bool take_duty();
    void compile_wanted();
    /// Grows whenever a wanted plan has become ready.
    [[nodiscard]] std::uint64_t generation() const { return generation_.load(); }

    /// Those that were asked for, the oldest first.
    [[nodiscard]] std::vector<EventClass> classes();
    [[nodiscard]] DatabaseCache::Counts counts() const { return databases_.counts(); }

  private:
    struct Entry {
        EventClass events;
        std::once_flag once;
        std::atomic<bool> ready = false;
        std::shared_ptr<const Matcher> plan;
    };

    std::shared_ptr<Entry> entry_for(const EventClass& events);

    const Program& program_;
    DatabaseCache databases_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<Entry>> entries_;
    std::atomic<bool> wanted_ = false;
    std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace kentongan::sigma
