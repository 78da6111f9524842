#pragma once
// RuleSlot: the rules in force. Swapped whole; work in flight keeps the set it began with.
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "daemon/detect/rulebook.hpp"

namespace kentongan {

/// Thread-safe.
class RuleSlot {
  public:
    explicit RuleSlot(std::shared_ptr<const Rulebook> rules) : rules_(std::move(rules)) {}

    void swap(std::shared_ptr<const Rulebook> rules) {
        const std::scoped_lock lock(mutex_);
        rules_ = std::move(rules);
        generation_.fetch_add(1, std::memory_order_release);
    }
    [[nodiscard]] std::shared_ptr<const Rulebook> rules() const {
        const std::scoped_lock lock(mutex_);
        return rules_;
    }
    /// Changes with every swap; cheap to ask once a batch.
    [[nodiscard]] std::uint64_t generation() const {
        return generation_.load(std::memory_order_acquire);
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Rulebook> rules_;
    std::atomic<std::uint64_t> generation_{1};
};

}  // namespace kentongan
