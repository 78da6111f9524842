#pragma once
// The uploads of one area in bins of equal length, and whether they stopped (R02 of the catalogue).
#include <array>
#include <cstdint>
#include <optional>

namespace kentongan::sirekap {

/// A stop is told by a Poisson test: so few came in a stretch in which so many were expected that
/// chance does it once in 20,000 stretches. What was expected is the level before, without its two
/// busiest bins and for the part of the pages that is still missing. Uploads come in bursts (three
/// pages a TPS, retries, crowds), so the test counts bursts: numbers are divided by the dispersion
/// of the bins before (variance ÷ mean). A trickle is a stop too: a tenth of the level at most.
///
/// A night that dies down is none, however quiet it gets: its level halves in an hour or so, and
/// the level is always that of the bins just before. 260 bytes.
class Flow {
  public:
    static constexpr std::size_t kBins = 64;
    static constexpr std::size_t kBaseline = 12;        ///< bins that make a level
    static constexpr std::uint32_t kLeastUploads = 50;  ///< of the hour before: else no level
    static constexpr double kLeastExpected = 10;        ///< e^-10 is less than 5e-5
    static constexpr double kTrickle = 0.1;
    static constexpr double kFlowing = 0.2;  ///< of the level: it flows again

    struct Quiet {
        std::size_t bins = 0;  ///< how many, up to now
        double level = 0;      ///< uploads a bin before
        double dispersion = 1;
        double expected = 0;     ///< in those bins
        std::uint32_t came = 0;  ///< in those bins
    };

    void add(std::uint32_t uploads) { bins_[at_] += uploads; }
    /// The bin at hand is over.
    void close_bin();

    /// Whether the last closed bins, at least `least` and at most `most` of them, are a stop.
    /// `hour`: bins that make one. `remaining`: pages that are still missing in the area.
    [[nodiscard]] std::optional<Quiet> quiet(std::size_t least, std::size_t most, std::size_t hour,
                                             double remaining) const;
    /// Whether uploads flow at a level of so many a bin again: four of the last five bins each held
    /// a fifth of it, or half of all that was expected of the last 30 came in half of them.
    [[nodiscard]] bool flows(double level) const;

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

    std::array<std::uint32_t, kBins> bins_{};
    std::uint32_t at_ = 0;
    std::uint32_t filled_ = 0;  // closed bins, at most kBins - 1
};

}  // namespace kentongan::sirekap
