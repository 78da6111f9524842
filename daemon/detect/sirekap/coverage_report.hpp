#pragma once
// Coverage as people ask for it: the areas within one, with rate, forecast and a flag.
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/sirekap/coverage.hpp"
#include "daemon/detect/sirekap/election.hpp"
#include "daemon/detect/sirekap/forecast.hpp"

namespace kentongan::sirekap {

struct CoverageRow {
    AreaCoverage area;
    Timestamp target{};                     ///< when it should be there, or the time asked for
    double target_share = 0;                ///< so much of it
    double due = 0;                         ///< share at `time` that is on the way to the target
    std::optional<double> rate_per_hour{};  ///< TPS in the last hour; not for a kelurahan
    std::optional<Forecast> outlook{};  ///< of `target`; nothing once that is over, or too early
    std::string_view flag{};            ///< complete, at risk, missed or empty
};

struct TpsRow {
    std::string code;
    std::optional<Timestamp> first{};  ///< when its first page arrived
};

struct CoverageReport {
    Timestamp time{};  ///< of the numbers
    CoverageRow whole;
    std::vector<CoverageRow> rows;  ///< the areas one level below it, by code
    std::vector<TpsRow> tps;        ///< of a kelurahan, by code
};

/// At risk: with so much probability it stays under its target, and lacks so many TPS of it.
inline constexpr double kRiskProbability = 0.9;
inline constexpr double kRiskGap = 5;

/// Of an area (empty: all of the register); nothing for a code the register does not have. `at`: a
/// time that is over gives the numbers as they were then (a count of TPS; pages are those of now),
/// a later one the forecast for it. Any thread, no lock; the present takes about a microsecond an
/// area.
[[nodiscard]] std::optional<CoverageReport> coverage_report(const Coverage& coverage,
                                                            const Election& election,
                                                            std::string_view area,
                                                            std::optional<Timestamp> at = {});

/// How the uploads of an area (empty: all of the register) came in: up to `points` times from the
/// close of its polls until now, evenly spaced, and how many were due then to be on the way to the
/// target; until the target a sixth as many more with what is due and what the forecast says, when
/// there is one. {"times","received","due","ahead":{"times","due","forecast","low","high"}};
/// nothing for an unknown area. Looks at each TPS once a point: off the loop for a large one.
[[nodiscard]] std::optional<boost::json::object> coverage_series(const Coverage& coverage,
                                                                 const Election& election,
                                                                 std::string_view area,
                                                                 std::size_t points = 120);

/// For the API and programs; README.md lists the members.
[[nodiscard]] boost::json::object to_json(const CoverageReport& report);

}  // namespace kentongan::sirekap
