#pragma once
// SimilarIndex: finds a hash that differs from one seen before in a few bits.
#include <boost/unordered/unordered_flat_map.hpp>
#include <vector>

#include "daemon/detect/sirekap/image/cell_hash.hpp"

namespace kentongan::sirekap {

/// Locality-sensitive hashing by bands: of eight bands of sixteen bits at least two are the same
/// when no more than six bits differ, so nothing within that distance is missed, but in a bucket
/// that is full (64) the oldest goes. The oldest hash makes room when the index is full.
class SimilarIndex {
  public:
    static constexpr int kMostDifferent = 6;

    explicit SimilarIndex(std::int64_t capacity);

    struct Found {
        std::uint64_t tps = 0;
        int distance = 0;
    };
    /// Remembers it, and gives the nearest of another TPS within the distance; the oldest of
    /// equals.
    std::optional<Found> add(const CellHash& hash, std::uint64_t tps);
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    struct Entry {
        CellHash hash;
        std::uint64_t tps = 0;
        std::uint64_t number = 0;  // 1 for the first ever
    };
    [[nodiscard]] const Entry* entry(std::uint64_t number) const;
    std::uint64_t keep(const CellHash& hash, std::uint64_t tps);

    std::size_t capacity_;
    std::vector<Entry> entries_;  // a ring
    std::uint64_t numbers_ = 0;
    boost::unordered_flat_map<std::uint32_t, std::vector<std::uint64_t>> buckets_;
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan::sirekap
