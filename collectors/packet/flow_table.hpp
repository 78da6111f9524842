#pragma once
// The flows being followed: a hash table over a preallocated pool with one idle list per class of
// timeout, so every step of a packet is a few array accesses and none allocates.
#include <array>
#include <cstdint>
#include <vector>

#include "collectors/packet/flow.hpp"

namespace kentongan::packet {

/// Decides nothing about packets; single-threaded. Times given must not go backwards.
class FlowTable {
  public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    /// `capacity` flows at least 1. `seed` keys the hash, so that a sender cannot aim at one
    /// bucket; nothing that can be observed depends on it.
    FlowTable(std::size_t capacity, std::uint64_t seed);

    struct Found {
        std::uint32_t index = kNone;
        bool forward = true;  ///< the tuple's source is the flow's
        std::uint32_t hash = 0;
    };
    /// The flow of a tuple in either direction.
    [[nodiscard]] Found find(const Tuple& tuple) const;

    [[nodiscard]] bool full() const { return free_ == kNone && pool_.size() == capacity_; }
    /// Who has to go when the table is full: the flow idle the longest, but among those that nobody
    /// answered while these fill half of the table, so that a flood cannot push out real ones.
    [[nodiscard]] std::uint32_t victim() const;

    /// A new flow, seen at `now`, for a tuple find() did not find; the table must not be full. Its
    /// tuple may be turned around but not changed. Call touch() once its class is known.
    [[nodiscard]] std::uint32_t insert(const Tuple& tuple, const Found& missing, Timestamp now);
    /// The flow was seen at `now`; takes up a change of its class.
    void touch(std::uint32_t index, Timestamp now);
    void erase(std::uint32_t index);

    /// The flow whose timeout ended first, if that was at or before `now`.
    [[nodiscard]] std::uint32_t expired(Timestamp now);
    /// The flow that will time out first; kNone when there is none.
    [[nodiscard]] std::uint32_t next_to_expire() const;
    [[nodiscard]] Timestamp deadline(std::uint32_t index) const {
        return pool_[index].flow.last + timeout_of(pool_[index].listed);
    }

    [[nodiscard]] Flow& operator[](std::uint32_t index) { return pool_[index].flow; }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Slot {
        Flow flow;
        std::uint32_t older = kNone;
        std::uint32_t newer = kNone;
        FlowClass listed = FlowClass::stream;
    };
    /// Apart from the slots, so that a look-up walks few cache lines.
    struct Chain {
        std::uint32_t next = kNone;  // in the bucket, or the next free one
        std::uint32_t hash = 0;
    };
    struct List {
        std::uint32_t oldest = kNone;
        std::uint32_t newest = kNone;
        std::size_t size = 0;
    };

    [[nodiscard]] std::uint32_t hash(const Tuple& tuple) const;
    [[nodiscard]] List& list(FlowClass c) { return lists_[static_cast<std::size_t>(c)]; }
    [[nodiscard]] const List& list(FlowClass c) const {
        return lists_[static_cast<std::size_t>(c)];
    }
    [[nodiscard]] std::uint32_t older_of(std::uint32_t a, std::uint32_t b) const;
    void link(std::uint32_t index, FlowClass flow_class);
    void unlink(std::uint32_t index);

    std::size_t capacity_;
    std::uint64_t seed_;
    std::vector<Slot> pool_;
    std::vector<Chain> chains_;  // one for each slot
    std::vector<std::uint32_t> buckets_;
    std::array<List, kFlowClasses> lists_{};
    std::uint32_t free_ = kNone;
    std::size_t size_ = 0;
    Timestamp next_deadline_ = Timestamp::max();  // no flow times out before it
};

}  // namespace kentongan::packet
