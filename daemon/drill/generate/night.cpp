// What the three generators share: the order of lines and the pressing of the night into less time.
#include "daemon/drill/generate/night.hpp"

#include <algorithm>
#include <tuple>

#include "daemon/drill/generate/logs.hpp"

namespace kentongan::generate {

Timestamp place(const Night& night, Duration after_close) {
    if (night.squeeze.count() == 0) return night.close + after_close;
    constexpr Duration kWhole = std::chrono::hours{24};
    const double share = to_seconds(after_close) / to_seconds(kWhole);
    return night.close +
           Duration{static_cast<std::int64_t>(share * static_cast<double>(night.squeeze.count()))};
}

std::vector<Line> in_order(std::vector<Line> lines) {
    std::ranges::sort(lines, {}, [](const Line& line) { return std::tie(line.time, line.text); });
    return lines;
}

std::string join(const std::vector<Line>& lines) {
    std::string out;
    for (const Line& line : lines) out.append(line.text).push_back('\n');
    return out;
}

std::string local_time(Timestamp time, std::string_view format) {
    return fmt::format(fmt::runtime(format),
                       fmt::gmtime(std::chrono::system_clock::to_time_t(
                           std::chrono::time_point_cast<std::chrono::system_clock::duration>(
                               time + std::chrono::hours{7}))));
}

}  // namespace kentongan::generate
