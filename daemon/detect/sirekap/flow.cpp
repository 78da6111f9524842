#include "daemon/detect/sirekap/flow.hpp"

#include <algorithm>

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kBusiest = 2;  // bins left out of a level
constexpr std::size_t kRecovery = 5;
constexpr std::size_t kRecovered = 4;
constexpr std::size_t kLongRecovery = 30;
}  // namespace

void Flow::close_bin() {
    at_ = (at_ + 1) % kBins;
    bins_[at_] = 0;
    filled_ = std::min<std::uint32_t>(filled_ + 1, kBins - 1);
}

std::uint32_t Flow::sum(std::size_t bins) const {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(bins, filled_); ++i) out += closed(i);
    return out;
}

Flow::Level Flow::level_before(std::size_t back) const {
    std::array<double, kBaseline> bins{};
    for (std::size_t i = 0; i < kBaseline; ++i)
        bins[i] = back + i < filled_ ? static_cast<double>(closed(back + i)) : 0;
    Level out;
    for (const double bin : bins) out.mean += bin / kBaseline;
    double variance = 0;
    for (const double bin : bins) variance += (bin - out.mean) * (bin - out.mean) / (kBaseline - 1);
    if (out.mean > 0) out.dispersion = std::max(1.0, variance / out.mean);
    std::ranges::sort(bins);
    for (std::size_t i = 0; i < kBaseline - kBusiest; ++i)
        out.trimmed += bins[i] / (kBaseline - kBusiest);
    return out;
}

std::optional<Flow::Quiet> Flow::quiet(std::size_t least, std::size_t most, std::size_t hour,
                                       double remaining) const {
    std::uint32_t came = 0;
    for (std::size_t bins = 1; bins <= most && bins + kBaseline / 2 <= filled_; ++bins) {
        came += closed(bins - 1);
        if (bins < least) continue;
        const Level level = level_before(bins);
        if (sum(bins + hour) - came < kLeastUploads) continue;
        // What is missing now, of what was missing in the middle of the bins before.
        const double missing = remaining + came + level.mean * kBaseline / 2;
        const double share = missing > 0 ? remaining / missing : 0;
        const double expected = level.trimmed * share * static_cast<double>(bins);
        if (came > kTrickle * expected || expected / level.dispersion < kLeastExpected) continue;
        return Quiet{bins, level.trimmed * share, level.dispersion, expected, came};
    }
    return std::nullopt;
}

bool Flow::flows(double level) const {
    const double enough = std::max(1.0, kFlowing * level);
    std::size_t flowing = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(kRecovery, filled_); ++i)
        flowing += static_cast<double>(closed(i)) >= enough ? 1 : 0;
    if (flowing >= kRecovered) return true;
    std::size_t some = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(kLongRecovery, filled_); ++i)
        some += closed(i) != 0 ? 1 : 0;
    return some >= kLongRecovery / 2 &&
           static_cast<double>(sum(kLongRecovery)) >= level * kLongRecovery / 2;
}

Flow::Step Flow::last_step() const {
    Step out;
    if (filled_ < kBaseline / 2 + 1) return out;
    const Level level = level_before(1);
    return {closed(0), level.mean, level.dispersion, true};
}

}  // namespace kentongan::sirekap
