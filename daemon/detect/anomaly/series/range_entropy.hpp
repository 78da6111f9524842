#pragma once
// The default detector of one series: values outside the range seen so far, or a window whose
// distribution is unlike every distribution seen so far.
#include <array>
#include <cstdint>
#include <vector>

namespace kentongan::anomaly {

/// Strictly causal: a verdict depends on earlier samples and the present one only. The relative
/// entropy follows Wang, Viswanathan, Choudur, Talwar, Satterfield and Schwan, "Statistical
/// Techniques for Online Anomaly Detection in Data Centers" (HPL-2011-8): the last 52 samples are
/// counted in 5 bins of equal width over the range of the warm-up and one on either side; with p̂
/// their shares, G = 2·52·Σ p̂ ln(p̂/p) is compared with the 99 % quantile of χ² for each stored
/// histogram p (empty bins count as half a sample). A window unlike all of them is strange and is
/// stored; of 64 the one that fitted longest ago makes room.
///
/// After an alarm follows a time without alarms, a fifth of the warm-up but at least 30 samples, in
/// which learning goes on, so that a shift is told once.
///
/// Memory: 8 bytes a sample of the warm-up, given back at its end, then under 1 KiB. Not
/// thread-safe. NaN and infinities are no samples.
class RangeEntropy {
  public:
    enum class Verdict : std::uint8_t { learning, ordinary, out_of_range, unlike, silenced };

    /// `warm_up` samples are learnt before the first verdict; at least 52.
    explicit RangeEntropy(std::size_t warm_up);

    Verdict add(double value);

    /// The range of what is ordinary, its margin of 5 % included. Both 0 before the first sample.
    [[nodiscard]] double low() const { return low_ - margin(); }
    [[nodiscard]] double high() const { return high_ + margin(); }
    /// Samples since the last alarm.
    [[nodiscard]] std::uint64_t since_alarm() const { return samples_ - alarm_; }
    [[nodiscard]] std::size_t histograms() const { return histograms_.size(); }

  private:
    static constexpr std::size_t kBins = 7;
    static constexpr double kInner = 5;
    static constexpr std::size_t kWindow = 52;
    using Counts = std::array<std::uint8_t, kBins>;
    struct Histogram {
        Counts counts{};
        std::uint64_t fitted = 0;  // sample at which it last fitted
    };

    void finish_warm_up();
    void widen(double value);
    bool push(double value);
    bool is_unlike();
    void store(std::uint64_t now);
    [[nodiscard]] std::uint8_t bin_of(double value) const;
    [[nodiscard]] double margin() const { return 0.05 * (high_ - low_); }

    std::size_t warm_up_;
    std::uint64_t quiet_;  // samples without alarms after one
    std::vector<double> first_;
    double low_ = 0;
    double high_ = 0;
    double bins_from_ = 0;
    double bin_width_ = 0;
    std::array<std::uint8_t, kWindow> window_{};  // bins of the last samples
    Counts counts_{};
    std::vector<Histogram> histograms_;
    std::uint64_t samples_ = 0;
    std::uint64_t windowed_ = 0;
    std::uint64_t alarm_ = 0;
};

}  // namespace kentongan::anomaly
