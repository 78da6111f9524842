#pragma once
// Where the TPS stand, as KPU surveyed them, and how far a telephone is from there.
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/sirekap/tps_code.hpp"

namespace kentongan::sirekap {

struct Position {
    double latitude = 0;   ///< degrees, north positive
    double longitude = 0;  ///< degrees, east positive
};

/// Metres along a great circle (haversine, mean radius 6,371,009 m).
[[nodiscard]] double distance_between(const Position& a, const Position& b);

/// Immutable once loaded; sixteen bytes a TPS.
class TpsPositions {
  public:
    static constexpr std::size_t kMaximum = 2'000'000;

    /// Lines of tps,latitude,longitude in degrees; a first line that starts with "tps" is a
    /// heading. Messages name the line.
    [[nodiscard]] static Result<TpsPositions> parse(std::string_view csv, std::string_view file);
    [[nodiscard]] static Result<TpsPositions> load(const std::filesystem::path& path);
    [[nodiscard]] std::optional<Position> of(TpsCode tps) const;

  private:
    struct Row {
        TpsCode tps;
        float latitude = 0;
        float longitude = 0;
    };
    std::vector<Row> rows_;  // by TPS
};

}  // namespace kentongan::sirekap
