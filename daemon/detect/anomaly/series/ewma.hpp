#pragma once
// Exponentially weighted mean and variance of one series, and how far a sample is from them
// (Roberts, "Control Chart Tests Based on Geometric Moving Averages", 1959).
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace kentongan::anomaly {

/// μ += α(x−μ), σ² = (1−α)(σ² + α(x−μ)²), z = (x−μ)/σ against what came before. A sample moves the
/// mean by 3σ at most (winsorised), and one that alarms not at all (frozen), so an attack does not
/// become the norm; after `kThaw` alarms in a row it is the norm after all. 40 bytes.
class EwmaZ {
  public:
    struct Options {
        double alpha = 0.05;
        double limit = 6;            ///< |z| above it alarms
        double least_deviation = 0;  ///< σ is never taken below this
        std::uint32_t warm_up = 20;  ///< samples before the first verdict
    };
    struct Reading {
        double z = 0;  ///< 0 while learning
        bool alarm = false;
    };
    static constexpr std::uint32_t kThaw = 60;

    explicit EwmaZ(Options options) : options_(options) {}

    void alarm_above(double limit) { options_.limit = limit; }
    Reading add(double x) {
        if (!std::isfinite(x)) return {};
        const bool learning = samples_ < options_.warm_up;
        if (samples_++ == 0) mean_ = x;
        const double deviation = std::max(this->deviation(), options_.least_deviation);
        Reading out;
        if (!learning && deviation > 0) out.z = (x - mean_) / deviation;
        if (!learning && deviation == 0 && x != mean_) out.z = x > mean_ ? HUGE_VAL : -HUGE_VAL;
        out.alarm = std::abs(out.z) > options_.limit;
        alarms_ = out.alarm ? alarms_ + 1 : 0;
        if (out.alarm && alarms_ <= kThaw) return out;
        const double reach = learning || alarms_ > kThaw ? HUGE_VAL : 3 * deviation;
        learn(std::clamp(x - mean_, -reach, reach));
        return out;
    }
    [[nodiscard]] double mean() const { return mean_; }
    [[nodiscard]] double deviation() const { return std::sqrt(variance_); }

  private:
    /// Until α weighs less than 1/n the plain mean is the better one.
    void learn(double step) {
        const double alpha = std::max(options_.alpha, 1.0 / static_cast<double>(samples_));
        mean_ += alpha * step;
        variance_ = (1 - alpha) * (variance_ + alpha * step * step);
    }

    Options options_;
    double mean_ = 0;
    double variance_ = 0;
    std::uint64_t samples_ = 0;
    std::uint32_t alarms_ = 0;  // in a row
};

}  // namespace kentongan::anomaly
