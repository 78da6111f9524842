// Median and median absolute deviation over a ring.
#include "daemon/detect/anomaly/series/robust_z.hpp"

#include <algorithm>
#include <cmath>

namespace kentongan::anomaly {

namespace {

/// Reorders the values.
double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

RobustZ::RobustZ(std::size_t window) : window_(std::clamp<std::size_t>(window, 8, 512)) {
    samples_.reserve(window_);
    scratch_.reserve(window_);
}

double RobustZ::add(double x) {
    if (!std::isfinite(x)) return 0;
    const double out = samples_.size() * 2 < window_ ? 0 : score(x);
    if (samples_.size() < window_)
        samples_.push_back(x);
    else
        samples_[next_] = x;
    next_ = (next_ + 1) % window_;
    return out;
}

std::vector<double> RobustZ::samples() const {
    std::vector<double> out = samples_;
    if (out.size() == window_)
        std::ranges::rotate(out, out.begin() + static_cast<std::ptrdiff_t>(next_));
    return out;
}

double RobustZ::score(double x) {
    scratch_ = samples_;
    const double median = median_of(scratch_);
    double sum = 0;
    for (double& value : scratch_) sum += value = std::abs(value - median);
    const double mad = median_of(scratch_);
    if (mad > 0) return 0.6745 * (x - median) / mad;
    const double mean = sum / static_cast<double>(samples_.size());
    if (mean > 0) return (x - median) / (1.2533 * mean);
    return x == median ? 0 : std::copysign(HUGE_VAL, x - median);
}

}  // namespace kentongan::anomaly
