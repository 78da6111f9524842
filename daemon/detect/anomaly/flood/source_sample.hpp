#pragma once
// A fair sample of the sources of a stream with exact counts: those with the least hashes (Cohen
// and Kaplan, "Summarizing Data using Bottom-k Sketches", 2007).
#include <cstdint>
#include <map>
#include <vector>

namespace kentongan::anomaly {

/// Keeps 512 sources whatever their number; each was there from its first request on, so its count
/// is exact, and quantiles over them are those of all sources. Hashes must be keyed.
class SourceSample {
  public:
    static constexpr std::size_t kSize = 512;

    void add(std::uint64_t hash) {
        if (counts_.size() == kSize && hash > counts_.rbegin()->first) return;
        ++counts_[hash];
        if (counts_.size() > kSize) counts_.erase(std::prev(counts_.end()));
    }
    /// Estimated number of distinct sources; exact below 512.
    [[nodiscard]] double distinct() const {
        if (counts_.size() < kSize) return static_cast<double>(counts_.size());
        const double last = static_cast<double>(counts_.rbegin()->first) / 18446744073709551616.0;
        return static_cast<double>(kSize - 1) / last;
    }
    /// Requests of each sampled source, ascending.
    [[nodiscard]] std::vector<double> rates() const;

  private:
    std::map<std::uint64_t, std::uint64_t> counts_;
};

}  // namespace kentongan::anomaly
