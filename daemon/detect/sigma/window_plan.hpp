#pragma once
// What a correlation's windows have to remember, decided once from its definition.
#include <cstdint>
#include <vector>

#include "daemon/detect/sigma/correlation_syntax.hpp"

namespace kentongan::sigma {

/// Event times and values kept of one group are exact up to these; see the README.
constexpr std::size_t kExactTimes = 1024;
constexpr std::size_t kBuckets = 256;
constexpr std::size_t kPercentileValues = 512;

struct WindowPlan {
    /// What the words of a group's block are.
    enum class Keeps : std::uint8_t {
        times,     ///< the newest event times, in order
        buckets,   ///< pairs: number of a 1/256 of the timespan, sum of the values in it
        distinct,  ///< pairs: hash of a value, when it was last seen
        last,      ///< for each rule, when it was last seen
        ordered,   ///< pairs for each rule: latest start of the order up to it, when last seen
        tally,     ///< one word: the sum of the window
        hashes,    ///< hashes of distinct values
        numbers,   ///< the newest values
        nothing,
    };
    Keeps keeps = Keeps::times;
    /// Only the end of a window can tell: an upper bound, an equality, or an average, which rises
    /// and falls. The window then runs from a group's first hit for one timespan. Otherwise it
    /// slides, and is decided at every hit.
    bool deferred = false;
    std::int64_t span = 0;    ///< nanoseconds; a window is half open: (t - span, t]
    std::size_t needed = 1;   ///< of times: how many are enough
    std::size_t entries = 1;  ///< most entries of a block
    std::size_t stride = 1;   ///< words of an entry
    std::size_t rules = 1;
    CorrelationType type = CorrelationType::event_count;
    std::vector<Criterion> criteria;
    double percentile = 50;

    [[nodiscard]] static WindowPlan of(const CorrelationSyntax& syntax);
    [[nodiscard]] bool holds(double value) const;
    [[nodiscard]] std::int64_t bucket_width() const {
        return span / static_cast<std::int64_t>(kBuckets);
    }
};

}  // namespace kentongan::sigma
