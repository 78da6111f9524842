// Range and relative entropy of one series.
#include "daemon/detect/anomaly/series/range_entropy.hpp"

#include <algorithm>
#include <cmath>

namespace kentongan::anomaly {

namespace {

constexpr double kChiSquare = 16.812;  // 99 %, 6 degrees of freedom
constexpr double kFloor = 0.5;         // samples an empty bin counts as
constexpr std::size_t kHistograms = 64;
constexpr std::uint64_t kLeastQuiet = 30;

/// G of a window of n samples against a stored one.
template <class Counts>
double divergence(const Counts& seen, const Counts& stored) {
    double out = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i] == 0) continue;
        const double expected = stored[i] == 0 ? kFloor : stored[i];
        out += seen[i] * std::log(seen[i] / expected);
    }
    return 2 * out;
}

}  // namespace

RangeEntropy::RangeEntropy(std::size_t warm_up)
    : warm_up_(std::max(warm_up, kWindow)),
      quiet_(std::max<std::uint64_t>(warm_up_ / 5, kLeastQuiet)) {}

RangeEntropy::Verdict RangeEntropy::add(double value) {
    if (!std::isfinite(value)) return samples_ < warm_up_ ? Verdict::learning : Verdict::ordinary;
    ++samples_;
    if (samples_ <= warm_up_) {
        widen(value);
        first_.push_back(value);
        if (samples_ == warm_up_) finish_warm_up();
        return Verdict::learning;
    }
    const bool outside = value > high() || value < low();
    widen(value);
    const bool unlike = push(value);
    if (!outside && !unlike) return Verdict::ordinary;
    if (alarm_ != 0 && samples_ - alarm_ <= quiet_) return Verdict::silenced;
    alarm_ = samples_;
    return outside ? Verdict::out_of_range : Verdict::unlike;
}

void RangeEntropy::finish_warm_up() {
    bins_from_ = low_;
    bin_width_ = (high_ - low_) / kInner;
    for (const double value : first_) (void)push(value);
    first_ = {};
}

void RangeEntropy::widen(double value) {
    low_ = samples_ == 1 ? value : std::min(low_, value);
    high_ = samples_ == 1 ? value : std::max(high_, value);
}

std::uint8_t RangeEntropy::bin_of(double value) const {
    if (value < bins_from_) return 0;
    // The right edge belongs to the last inner bin.
    if (value > bins_from_ + bin_width_ * kInner) return static_cast<std::uint8_t>(kBins - 1);
    if (bin_width_ <= 0) return 1;
    const auto inner = static_cast<std::size_t>((value - bins_from_) / bin_width_);
    return static_cast<std::uint8_t>(1 + std::min(inner, kBins - 3));
}

/// Whether the window that ends with this value is unlike all before.
bool RangeEntropy::push(double value) {
    std::uint8_t& slot = window_[windowed_ % kWindow];
    if (windowed_ >= kWindow) --counts_[slot];
    slot = bin_of(value);
    ++counts_[slot];
    return ++windowed_ >= kWindow && is_unlike();
}

bool RangeEntropy::is_unlike() {
    Histogram* nearest = nullptr;
    double least = kChiSquare;
    for (Histogram& histogram : histograms_)
        if (const double g = divergence(counts_, histogram.counts); g < least) {
            least = g;
            nearest = &histogram;
        }
    if (nearest != nullptr) {
        nearest->fitted = windowed_;
        return false;
    }
    store(windowed_);
    return true;
}

void RangeEntropy::store(std::uint64_t now) {
    if (histograms_.size() < kHistograms)
        histograms_.push_back({counts_, now});
    else
        *std::ranges::min_element(histograms_, {}, &Histogram::fitted) = {counts_, now};
}

}  // namespace kentongan::anomaly
