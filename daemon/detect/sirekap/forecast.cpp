#include "daemon/detect/sirekap/forecast.hpp"

#include <algorithm>
#include <cmath>

namespace kentongan::sirekap {

namespace {

constexpr double kEarliest = 1;          // hours after close
constexpr double kShortestSince = 0.25;  // hours: where the window may begin
constexpr double kCounting = 2;          // hours: until then votes are counted, and nothing is due
constexpr double kSlowing = 0.35;        // of c, as a share of it, from evening to morning
constexpr double kSlowingHours = 6;      // ahead, until it is as slow
constexpr double kDrift = 0.3;           // of c, as a share of it: how it changes until later
constexpr double kPriorSpread = 0.5;     // how far c of an area is from that around it

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double remaining_of(const Progress& progress, std::uint32_t received) {
    return 1 - static_cast<double>(received) / static_cast<double>(progress.expected);
}

}  // namespace

std::optional<Pace> pace_of(const Progress& progress, std::optional<double> usual) {
    if (progress.expected == 0 || progress.hours < kEarliest) return std::nullopt;
    const double begin = std::max(progress.hours - progress.window, kShortestSince);
    const double before =
        remaining_of(progress, progress.received - std::min(progress.recent, progress.received));
    const double after = remaining_of(progress, progress.received);
    // Arrivals are a Poisson process of intensity c · remaining in ln t.
    const double exposure = (before + after) / 2 * std::log(progress.hours / begin) *
                            static_cast<double>(progress.expected);
    const auto arrivals = static_cast<double>(progress.recent);
    if (usual && *usual > 0) {
        const double prior = Pace::kPriorTps / *usual;
        const double c = (arrivals + Pace::kPriorTps) / (exposure + prior);
        const double share = prior / (exposure + prior);  // how much of c is borrowed
        return Pace{
            c, std::hypot(c / std::sqrt(arrivals + Pace::kPriorTps), kPriorSpread * share * c)};
    }
    if (exposure <= 0) return Pace{0, 0};
    return Pace{arrivals / exposure, std::sqrt(std::max(arrivals, 1.0)) / exposure};
}

Forecast forecast(const Progress& progress, const Pace& pace, double at_hours,
                  double target_share) {
    const double now = remaining_of(progress, progress.received);
    const double ratio = at_hours > progress.hours ? progress.hours / at_hours : 1.0;
    const auto share_with = [&](double c) { return 1 - now * std::pow(ratio, std::max(c, 0.0)); };
    const double ahead = std::clamp((at_hours - progress.hours) / kSlowingHours, 0.0, 1.0);
    const double c = pace.c * (1 - kSlowing * ahead);
    const double error = std::hypot(pace.error, kDrift * pace.c * ahead);
    const auto tps = static_cast<double>(std::max(progress.expected, 1u));
    const double arrives = 1 - std::pow(ratio, c);
    const double chance = std::sqrt(std::max(now * arrives * (1 - arrives), 0.0) / tps);
    Forecast out;
    out.share = share_with(c);
    const double down = std::hypot(out.share - share_with(c - 2 * error), 2 * chance);
    const double up = std::hypot(share_with(c + 2 * error) - out.share, 2 * chance);
    out.low = std::max(out.share - down, 1 - now);
    out.high = std::min(out.share + up, 1.0);
    const double spread = (target_share < out.share ? down : up) / 2;
    if (1 - now >= target_share)
        out.below_target = 0;
    else if (spread <= 1e-9)
        out.below_target = out.share < target_share ? 1 : 0;
    else
        out.below_target = normal_cdf((target_share - out.share) / spread);
    return out;
}

double share_on_the_way(double hours, double target_hours, double target_share) {
    if (hours <= kCounting || target_hours <= kCounting) return 0;
    const double left = std::max(1 - target_share, 1e-6);
    const double c = -std::log(left) / std::log(target_hours / kCounting);
    return 1 - std::pow(kCounting / hours, c);
}

}  // namespace kentongan::sirekap
