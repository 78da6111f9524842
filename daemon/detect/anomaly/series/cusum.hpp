#pragma once
// Cumulative sums: finds a shift that stays, however small a single sample shows it (Page,
// "Continuous Inspection Schemes", 1954).
#include <algorithm>
#include <cmath>

namespace kentongan::anomaly {

/// Takes standardised samples (mean 0, deviation 1 while all is ordinary); S = max(0, S + z − k) on
/// either side, an alarm above h, after which both start over. The mean distance of false alarms in
/// one direction is (e^{2kb} − 2kb − 1)/(2k²) samples with b = h + 1.166 (Siegmund 1985): with k .5
/// and h 12 that is 1.0 million. A single sample counts at most `kReach`. 32 bytes.
class Cusum {
  public:
    static constexpr double kReach = 6;

    explicit Cusum(double drift = 0.5, double limit = 12) : drift_(drift), limit_(limit) {}

    /// +1 for a shift upwards, -1 downwards, 0 for none.
    int add(double z) {
        if (!std::isfinite(z)) return 0;
        z = std::clamp(z, -kReach, kReach);
        up_ = std::max(0.0, up_ + z - drift_);
        down_ = std::max(0.0, down_ - z - drift_);
        const int out = up_ > limit_ ? 1 : down_ > limit_ ? -1 : 0;
        if (out != 0) up_ = down_ = 0;
        return out;
    }
    [[nodiscard]] double up() const { return up_; }
    [[nodiscard]] double down() const { return down_; }

    /// Mean number of samples between false alarms in one direction.
    [[nodiscard]] static double run_length(double drift, double limit) {
        const double x = 2 * drift * (limit + 1.166);
        return (std::exp(x) - x - 1) / (2 * drift * drift);
    }

  private:
    double drift_;
    double limit_;
    double up_ = 0;
    double down_ = 0;
};

}  // namespace kentongan::anomaly
