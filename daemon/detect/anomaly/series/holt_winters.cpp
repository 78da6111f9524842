// One step of Holt-Winters smoothing.
#include "daemon/detect/anomaly/series/holt_winters.hpp"

#include <algorithm>
#include <cmath>

namespace kentongan::anomaly {

namespace {
constexpr std::size_t kOutsideOfNine = 7;
}

HoltWinters::HoltWinters(Options options, std::size_t season)
    : options_(options), places_(std::max<std::size_t>(season, 1)) {}

HoltWinters::Reading HoltWinters::add(double value, std::size_t place) {
    Reading out;
    if (!std::isfinite(value)) return out;
    if (!begun_) {
        level_ = value;
        begun_ = true;
    }
    Place& here = places_[place % places_.size()];
    const double season = here.season;
    out.expected = level_ + trend_ + season;
    out.error = value - out.expected;
    const double usual =
        here.seen == 0 ? 0 : std::max<double>(here.deviation, options_.least_deviation);
    out.deviation = usual;
    out.outside = here.seen != 0 && std::abs(out.error) > options_.width * usual;
    outside_ = outside_ << 1;
    outside_.set(0, out.outside);
    out.alarm = out.outside && outside_.count() >= kOutsideOfNine;

    const double before = level_;
    level_ = options_.alpha * (value - season) + (1 - options_.alpha) * (level_ + trend_);
    trend_ = options_.beta * (level_ - before) + (1 - options_.beta) * trend_;
    here.season =
        static_cast<float>(options_.gamma * (value - level_) + (1 - options_.gamma) * season);
    // The first error of a place sets its deviation, later ones move it.
    const double weight = here.seen == 0 ? 1 : options_.gamma;
    here.deviation =
        static_cast<float>(weight * std::abs(out.error) + (1 - weight) * here.deviation);
    here.seen = std::min<std::uint32_t>(here.seen + 1, 1U << 30);
    return out;
}

}  // namespace kentongan::anomaly
