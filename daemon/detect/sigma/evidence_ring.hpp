#pragma once
// The newest hits of all correlations, linked by group: what a finding shows of the events behind
// it, in bounded memory however many groups there are.
#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/detect/hit.hpp"

namespace kentongan::sigma {

/// Not thread-safe.
class EvidenceRing {
  public:
    static constexpr std::size_t kMostWalked = 64;  ///< hits of a group that are looked at

    explicit EvidenceRing(std::size_t capacity) : capacity_(capacity) {}

    /// Keeps a hit; `previous` is the number of the group's hit before it, 0 for none. Returns its
    /// own number.
    std::uint64_t add(std::shared_ptr<const Hit> hit, std::uint64_t previous) {
        const std::size_t at = next_ % capacity_;
        if (at >= entries_.size()) entries_.emplace_back();
        entries_[at] = {std::move(hit), previous};
        return ++next_;
    }

    /// The group's hits after `since`, oldest first, as far back as they are still kept.
    [[nodiscard]] std::vector<std::shared_ptr<const Hit>> of(std::uint64_t newest,
                                                             Timestamp since) const;

  private:
    struct Entry {
        std::shared_ptr<const Hit> hit;
        std::uint64_t previous = 0;
    };
    std::size_t capacity_;
    std::vector<Entry> entries_;
    std::uint64_t next_ = 0;
};

}  // namespace kentongan::sigma
