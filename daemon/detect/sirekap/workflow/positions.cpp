#include "daemon/detect/sirekap/workflow/positions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/csv_line.hpp"

namespace kentongan::sirekap {

namespace {
constexpr double kEarthRadius = 6371009;
constexpr std::size_t kLargestFile = std::size_t{256} << 20;

double radians(double degrees) { return degrees * std::numbers::pi / 180; }
bool is_within(const std::optional<double>& value, double most) {
    return value && *value >= -most && *value <= most;
}
}  // namespace

double distance_between(const Position& a, const Position& b) {
    const double north = std::sin(radians(b.latitude - a.latitude) / 2);
    const double east = std::sin(radians(b.longitude - a.longitude) / 2);
    const double h =
        north * north + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * east * east;
    return 2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

Result<TpsPositions> TpsPositions::parse(std::string_view csv, std::string_view file) {
    TpsPositions out;
    std::vector<std::string> fields;
    if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
    for (std::size_t line = 1; !csv.empty(); ++line) {
        const std::string_view text = trim(take_until(csv, '\n'));
        if (text.empty() || (out.rows_.empty() && to_lower(text.substr(0, 3)) == "tps")) continue;
        split_csv_line(text, fields);
        fields.resize(3);
        const auto tps = TpsCode::parse(fields[0]);
        const auto latitude = parse_number<double>(fields[1]);
        const auto longitude = parse_number<double>(fields[2]);
        if (!tps || !is_within(latitude, 90) || !is_within(longitude, 180))
            return fail(ErrorCode::data,
                        "positions of TPS {}:{}: '{}' is not a TPS code, latitude and longitude",
                        file, line, printable_utf8(text, 60));
        if (out.rows_.size() == kMaximum)
            return fail(ErrorCode::data, "positions of TPS {}:{}: more than {}", file, line,
                        kMaximum);
        out.rows_.push_back({*tps, static_cast<float>(*latitude), static_cast<float>(*longitude)});
    }
    std::ranges::sort(out.rows_, {}, &Row::tps);
    return out;
}

Result<TpsPositions> TpsPositions::load(const std::filesystem::path& path) {
    const auto text = read_file(path, kLargestFile);
    if (!text) return std::unexpected(text.error().within("positions of TPS"));
    return parse(*text, path.native());
}

std::optional<Position> TpsPositions::of(TpsCode tps) const {
    const auto found = std::ranges::lower_bound(rows_, tps, {}, &Row::tps);
    if (found == rows_.end() || found->tps != tps) return std::nullopt;
    return Position{found->latitude, found->longitude};
}

}  // namespace kentongan::sirekap
