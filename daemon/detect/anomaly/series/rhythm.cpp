// A histogram of pauses that forgets.
#include "daemon/detect/anomaly/series/rhythm.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kentongan::anomaly {

namespace {

constexpr double kStep = 1.25;
constexpr int kOrdinaryFrom = 3;
constexpr float kMost = 1024;
constexpr double kRecent = 1.0 / 64;
constexpr Duration kDay = std::chrono::hours{24};

std::size_t step_of(Duration pause, std::size_t steps) {
    const double seconds = std::max(to_seconds(pause), 1.0);
    const auto step =
        static_cast<std::size_t>(std::ceil(std::log(seconds) / std::log(kStep) - 1e-9));
    return std::min(step, steps - 1);
}

}  // namespace

void Rhythm::add(Duration pause, Timestamp when) {
    if (when - day_ > kDay) {
        longest_before_ = std::exchange(longest_, Duration{0});
        day_ = when;
        extraordinary_ = 0;
    }
    take_as_ordinary(pause);
    count(pause);
}

void Rhythm::add_extraordinary(Duration pause) {
    if (++extraordinary_ >= kOrdinaryFrom) take_as_ordinary(pause);
    count(pause);
}

void Rhythm::take_as_ordinary(Duration pause) {
    longest_ = std::max(longest_, pause);
    const double seconds = to_seconds(pause);
    const double share = mean_ == 0 ? 1 : kRecent;
    if (mean_ != 0) deviation_ += kRecent * (std::abs(seconds - mean_) - deviation_);
    mean_ += share * (seconds - mean_);
}

void Rhythm::count(Duration pause) {
    ++pauses_;
    steps_[step_of(pause, kSteps)] += 1;
    if (++weight_ < kMost) return;
    for (float& step : steps_) step /= 2;
    weight_ /= 2;
}

Duration Rhythm::recent_bound() const {
    return Duration{static_cast<std::int64_t>((4 * mean_ + 120 * deviation_) * 1e9)};
}

Duration Rhythm::p99() const {
    float left = weight_ * 0.99F;
    for (std::size_t i = 0; i < kSteps; ++i) {
        left -= steps_[i];
        if (left <= 0 && weight_ > 0)
            return Duration{static_cast<std::int64_t>(std::pow(kStep, i) * 1e9)};
    }
    return Duration{0};
}

}  // namespace kentongan::anomaly
