#include "daemon/detect/sigma/plan_store.hpp"

#include <algorithm>

namespace kentongan::sigma {

PlanStore::PlanStore(const Program& program, std::filesystem::path cache)
    : program_(program), databases_(std::move(cache)) {}

std::shared_ptr<PlanStore::Entry> PlanStore::entry_for(const EventClass& events) {
    const std::scoped_lock lock(mutex_);
    for (const auto& entry : entries_)
        if (entry->events == events) return entry;
    if (entries_.size() == kMaximumPlans) entries_.erase(entries_.begin());
    auto fresh = std::make_shared<Entry>();
    fresh->events = events;
    return entries_.emplace_back(std::move(fresh));
}

std::shared_ptr<const Matcher> PlanStore::plan_for(const EventClass& events) {
    const auto entry = entry_for(events);
    std::call_once(entry->once, [&] {
        entry->plan = std::make_shared<const Matcher>(program_, events, databases_);
        entry->ready = true;
    });
    return entry->plan;
}

std::shared_ptr<const Matcher> PlanStore::ready_plan_for(const EventClass& events) {
    const std::scoped_lock lock(mutex_);
    for (const auto& entry : entries_)
        if (entry->events == events && entry->ready) return entry->plan;
    return nullptr;
}

void PlanStore::want(const EventClass& events) {
    static_cast<void>(entry_for(events));
    wanted_ = true;
}

std::vector<EventClass> PlanStore::classes() {
    const std::scoped_lock lock(mutex_);
    std::vector<EventClass> out;
    for (const auto& entry : entries_) out.push_back(entry->events);
    return out;
}

bool PlanStore::take_duty() { return wanted_.load() && wanted_.exchange(false); }

void PlanStore::compile_wanted() {
    std::vector<EventClass> wanted;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& entry : entries_)
            if (!entry->ready) wanted.push_back(entry->events);
    }
    for (const EventClass& events : wanted) {
        static_cast<void>(plan_for(events));
        ++generation_;
    }
}

}  // namespace kentongan::sigma
