#pragma once
// Level, trend and season of one series, and the band in which the next sample is expected.
#include <array>
#include <bitset>
#include <cstdint>
#include <vector>

namespace kentongan::anomaly {

/// Additive Holt-Winters (Winters, "Forecasting Sales by Exponentially Weighted Moving Averages",
/// 1960) with the deviation band of Brutlag, "Aberrant Behavior Detection in Time Series for
/// Network Monitoring" (LISA 2000): d ← γ|e| + (1−γ)d per place in the season, the band is ±3d, and
/// seven samples of nine outside it alarm. The caller says which place of the season a sample has,
/// so a season need not be a day of the clock. A place that was never seen has no band.
///
/// Memory: 12 bytes a place of the season.
class HoltWinters {
  public:
    struct Options {
        double alpha = 0.1;    ///< of the level
        double beta = 0.0035;  ///< of the trend
        double gamma = 0.1;    ///< of season and deviation
        double width = 3;      ///< the band is so many deviations to either side
        double least_deviation = 0;
    };
    struct Reading {
        double expected = 0;
        double error = 0;      ///< sample minus expected
        double deviation = 0;  ///< usual |error| here; 0 when this place was never seen before
        bool outside = false;  ///< of the band
        bool alarm = false;    ///< seven of the last nine were
    };

    HoltWinters(Options options, std::size_t season);

    /// `place` is taken modulo the season's length.
    Reading add(double value, std::size_t place);

    /// What was learnt of a series whose season has one place, to be kept over a restart.
    struct Learnt {
        double level = 0;
        double trend = 0;
        double season = 0;
        double deviation = 0;
        std::uint32_t seen = 0;
    };
    [[nodiscard]] Learnt learnt() const {
        const Place& here = places_.front();
        return {level_, trend_, here.season, here.deviation, here.seen};
    }
    void take_up(const Learnt& learnt) {
        level_ = learnt.level;
        trend_ = learnt.trend;
        places_.front() = {static_cast<float>(learnt.season), static_cast<float>(learnt.deviation),
                           learnt.seen};
        begun_ = true;
    }

  private:
    struct Place {
        float season = 0;
        float deviation = 0;
        std::uint32_t seen = 0;
    };

    Options options_;
    std::vector<Place> places_;
    double level_ = 0;
    double trend_ = 0;
    bool begun_ = false;
    std::bitset<9> outside_;
};

}  // namespace kentongan::anomaly
