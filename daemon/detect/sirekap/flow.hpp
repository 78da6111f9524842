#pragma once
// The uploads of one area in bins of equal length, and whether they stopped (R02 of the catalogue).
#include <array>
#include <cstdint>
#include <optional>

namespace kentongan::sirekap {

/// A stop is told by a Poisson test: so few came in a stretch in which so many were expected that
/// chance does it once in 20,000 stretches, or more rarely where many areas are looked at. What was
/// expected is the level before, without its two busiest bins, for the part of the pages that is
/// still missing and with the hazard that falls as the reciprocal of the time since the close.
/// Uploads come in bursts (the pages of a TPS, retries, crowds), so the test counts bursts: numbers
/// are divided by the dispersion of the bins before (variance ÷ mean), which is at least the pages
/// of a TPS. A trickle is a stop too: a tenth of the level at most.
///
/// A night that dies down is none, however quiet it gets: its level halves in an hour or so, and
/// the level is always that of the bins just before. 260 bytes.
class Flow {
  public:
    static constexpr std::size_t kBins = 64;
    static constexpr std::size_t kBaseline = 12;        ///< bins that make a level
    static constexpr std::uint32_t kLeastUploads = 50;  ///< of the hour before: else no level
    static constexpr double kUnlikely = 5e-5;
    static constexpr double kTrickle = 0.1;
    static constexpr double kFlowing = 0.2;  ///< of the level: it flows again

    struct Quiet {
        std::size_t bins = 0;  ///< how many, up to now
        double level = 0;      ///< uploads a bin before
        double dispersion = 1;
        double expected = 0;     ///< in those bins
        std::uint32_t came = 0;  ///< in those bins
    };

    /// One more bin is over, with so many uploads.
    void close_bin(std::uint32_t uploads);
    /// Whether enough came in all bins for quiet() to have anything to judge by; quick.
    [[nodiscard]] bool has_level() const;

    struct Question {
        std::size_t least = 5;        ///< bins that a stop takes
        std::size_t most = 30;        ///< bins that are looked at
        std::size_t hour = 60;        ///< bins that make one
        double remaining = 0;         ///< pages that are still missing in the area
        double burst = 1;             ///< uploads that come together at least
        double since_close = 0;       ///< bins since the polls closed; 0: not known
        double unlikely = kUnlikely;  ///< a probability: a stop is less likely to be chance
    };
    /// Whether the bins closed last are a stop.
    [[nodiscard]] std::optional<Quiet> quiet(const Question& question) const;
    /// Whether uploads flow at a level of so many a bin again, of the last `since` bins: four of
    /// the last five each held a fifth of it, or half of all that was expected of the last 30 came
    /// in half of them.
    [[nodiscard]] bool flows(double level, std::size_t since) const;

    /// Of the bin closed last; the mean and dispersion of the kBaseline bins before it.
    struct Step {
        std::uint32_t came = 0;
        double usual = 0;
        double dispersion = 1;
        bool known = false;  ///< there are bins to compare with
    };
    [[nodiscard]] Step last_step() const;
    /// Of the last `bins` closed ones.
    [[nodiscard]] std::uint32_t sum(std::size_t bins) const;

  private:
    /// 0 is the bin closed last.
    [[nodiscard]] std::uint32_t closed(std::size_t back) const {
        return bins_[(at_ + kBins - 1 - back) % kBins];
    }
    struct Level {
        double mean = 0;
        double trimmed = 0;
        double dispersion = 1;
    };
    [[nodiscard]] Level level_before(std::size_t back) const;
    [[nodiscard]] double expected_in(std::size_t bins, const Level& level, std::uint32_t came,
                                     const Question& question) const;

    std::array<std::uint32_t, kBins> bins_{};
    std::uint32_t at_ = 0;
    std::uint32_t filled_ = 0;  // closed bins, at most kBins - 1
};

}  // namespace kentongan::sirekap
