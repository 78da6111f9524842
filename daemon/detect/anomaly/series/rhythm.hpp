#pragma once
// How often something comes, learnt from its pauses: which pause is out of the ordinary.
#include <algorithm>
#include <array>
#include <cstdint>

#include "daemon/base/time.hpp"

namespace kentongan::anomaly {

/// Pauses are counted in steps of a quarter, from one second to 13 days, and forgotten by halves
/// (about 1,000 count), so a quiet night is learnt in time. 300 bytes.
class Rhythm {
  public:
    void add(Duration pause, Timestamp when);
    /// One that was told: it counts, but is the longest ordinary one only when it is the third
    /// within a day or two.
    void add_extraordinary(Duration pause);

    [[nodiscard]] std::uint64_t pauses() const { return pauses_; }
    /// 99 of 100 pauses were no longer, right within a quarter and never too short; 0 before any.
    [[nodiscard]] Duration p99() const;
    /// What is out of the ordinary by the last 64 or so alone, for a log that comes in bursts and
    /// dies down: four times their mean and 120 times their mean deviation from it. Of a Poisson
    /// process that is about 90 means, of a clock's beat four.
    [[nodiscard]] Duration recent_bound() const;
    /// The longest ordinary one of the last one to two days.
    [[nodiscard]] Duration longest() const { return std::max(longest_, longest_before_); }

  private:
    static constexpr std::size_t kSteps = 64;

    void take_as_ordinary(Duration pause);
    void count(Duration pause);

    std::array<float, kSteps> steps_{};
    float weight_ = 0;
    std::uint64_t pauses_ = 0;
    double mean_ = 0;  // seconds, smoothed
    double deviation_ = 0;
    Duration longest_{0};
    Duration longest_before_{0};
    Timestamp day_{};        // when longest_ began
    int extraordinary_ = 0;  // since then
};

}  // namespace kentongan::anomaly
