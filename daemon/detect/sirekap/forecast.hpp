#pragma once
// How many TPS will have sent something at a later time: by survival, never by a straight line
// (R01 of the catalogue).
#include <cstdint>
#include <optional>

namespace kentongan::sirekap {

/// What is known of an area. Hours count from the close of its polls.
struct Progress {
    std::uint32_t expected = 0;  ///< TPS
    std::uint32_t received = 0;  ///< of these, there at `hours`
    std::uint32_t recent = 0;  ///< of these, within the last `window` hours: three, or half of all
    double hours = 0;
    double window = 3;
};

struct Forecast {
    double share = 0;  ///< of TPS at the later time, the middle of the band
    double low = 0;    ///< two standard errors to either side
    double high = 0;
    double below_target = 0;  ///< probability that the share stays under the target
};

/// The rate c = −d ln(1 − U/N) / d ln t of the last hours, with which remaining(T) =
/// remaining(t) · (t/T)^c; nothing before the polls closed an hour ago or without TPS.
/// `usual`: c of the area around it, which counts as much as kPriorTps arrivals, so that a
/// kecamatan of a dozen TPS does not swing with each of them.
struct Pace {
    static constexpr double kPriorTps = 10;
    double c = 0;
    double error = 0;  ///< standard error
};
[[nodiscard]] std::optional<Pace> pace_of(const Progress& progress,
                                          std::optional<double> usual = {});

/// At `at_hours` after the close. c is taken to slow down by a third within six hours, give or take
/// as much: it fell to between a half and a third from evening to morning in both elections of
/// 2024. The band holds that, the error of c, and chance.
[[nodiscard]] Forecast forecast(const Progress& progress, const Pace& pace, double at_hours,
                                double target_share);

/// Share that is there at `hours` in an area whose remaining falls by the same law once votes have
/// been counted for two hours, and that just reaches `target_share` at `target_hours`. In 2024 the
/// regional election was well above it (82 % after six hours), the general one below (41 % after
/// twenty).
[[nodiscard]] double share_on_the_way(double hours, double target_hours, double target_share);

}  // namespace kentongan::sirekap
