#include "daemon/detect/sirekap/flow.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kBusiest = 2;  // bins left out of a level
constexpr std::size_t kRecovery = 5;
constexpr std::size_t kRecovered = 4;
constexpr std::size_t kLongRecovery = 30;

/// Probability that a Poisson variable of mean `expected` is `count` (rounded up) or less. Above a
/// mean of 100 it is far below anything asked of a trickle.
double at_most(double count, double expected) {
    if (expected > 100) return count <= expected / 4 ? 0 : 1;
    double term = std::exp(-expected);
    double out = term;
    for (int i = 1; i <= static_cast<int>(std::ceil(count)); ++i) out += term *= expected / i;
    return out;
}
}  // namespace

void Flow::close_bin(std::uint32_t uploads) {
    bins_[at_] = uploads;
    at_ = (at_ + 1) % kBins;
    filled_ = std::min<std::uint32_t>(filled_ + 1, kBins - 1);
}

std::uint32_t Flow::sum(std::size_t bins) const {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(bins, filled_); ++i) out += closed(i);
    return out;
}

bool Flow::has_level() const {
    return std::accumulate(bins_.begin(), bins_.end(), std::uint64_t{0}) >= kLeastUploads;
}

Flow::Level Flow::level_before(std::size_t back) const {
    std::array<double, kBaseline> bins{};
    for (std::size_t i = 0; i < kBaseline; ++i)
        bins[i] = back + i < filled_ ? static_cast<double>(closed(back + i)) : 0;
    Level out;
    for (const double bin : bins) out.mean += bin / kBaseline;
    // By differences of neighbours (von Neumann), so that a trend does not count.
    double variance = 0;
    for (std::size_t i = 1; i < kBaseline; ++i)
        variance += (bins[i] - bins[i - 1]) * (bins[i] - bins[i - 1]) / (2 * (kBaseline - 1));
    if (out.mean > 0) out.dispersion = std::max(1.0, variance / out.mean);
    std::ranges::sort(bins);
    for (std::size_t i = 0; i < kBaseline - kBusiest; ++i)
        out.trimmed += bins[i] / (kBaseline - kBusiest);
    return out;
}

double Flow::expected_in(std::size_t bins, const Level& level, std::uint32_t came,
                         const Question& question) const {
    // What is missing now, of what was missing in the middle of the bins before.
    const double missing = question.remaining + came + level.mean * kBaseline / 2;
    const double share = missing > 0 ? question.remaining / missing : 0;
    const auto quiet = static_cast<double>(bins);
    const double middle = question.since_close - quiet / 2;
    const double before = question.since_close - quiet - kBaseline / 2.0;
    const double hazard = before > 0 && middle > before ? before / middle : 1;
    return level.trimmed * share * hazard * quiet;
}

std::optional<Flow::Quiet> Flow::quiet(const Question& question) const {
    const std::uint32_t busiest = *std::ranges::max_element(bins_);  // no level is above it
    std::uint32_t came = 0;
    for (std::size_t bins = 1; bins <= question.most && bins + kBaseline / 2 <= filled_; ++bins) {
        came += closed(bins - 1);
        if (bins < question.least || came > kTrickle * static_cast<double>(bins * busiest) ||
            sum(bins + question.hour) - came < kLeastUploads)
            continue;
        const Level level = level_before(bins);
        const double expected = expected_in(bins, level, came, question);
        const double dispersion = std::max(level.dispersion, question.burst);
        // It begins with a quiet bin.
        if (came > kTrickle * expected || closed(bins - 1) > kFlowing * level.trimmed) continue;
        if (at_most(came / dispersion, expected / dispersion) >= question.unlikely) continue;
        return Quiet{bins, expected / static_cast<double>(bins), dispersion, expected, came};
    }
    return std::nullopt;
}

bool Flow::flows(double level, std::size_t since) const {
    const std::size_t known = std::min<std::size_t>(since, filled_);
    const double enough = std::max(1.0, kFlowing * level);
    std::size_t flowing = 0;
    for (std::size_t i = 0; i < std::min(kRecovery, known); ++i)
        flowing += static_cast<double>(closed(i)) >= enough ? 1 : 0;
    if (flowing >= kRecovered) return true;
    if (known < kLongRecovery) return false;
    std::size_t some = 0;
    for (std::size_t i = 0; i < kLongRecovery; ++i) some += closed(i) != 0 ? 1 : 0;
    return some >= kLongRecovery / 2 &&
           static_cast<double>(sum(kLongRecovery)) >= level * kLongRecovery / 2;
}

Flow::Step Flow::last_step() const {
    if (filled_ == 0) return {};
    const Level level = level_before(1);
    return {closed(0), level.mean, level.dispersion, filled_ > kBaseline};
}

}  // namespace kentongan::sirekap
