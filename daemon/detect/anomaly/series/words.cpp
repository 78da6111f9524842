// Numbers for people.
#include "daemon/detect/anomaly/series/words.hpp"

#include <fmt/format.h>

#include <array>

namespace kentongan::anomaly {

std::string spoken(Duration duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration).count();
    if (seconds < 120) return fmt::format("{} s", seconds);
    const auto minutes = seconds / 60;
    if (minutes < 120) return fmt::format("{} min", minutes);
    const auto hours = minutes / 60;
    if (hours < 48) return fmt::format("{} h {} min", hours, minutes % 60);
    return fmt::format("{} d {} h", hours / 24, hours % 24);
}

std::string spoken_latency(double milliseconds) {
    if (milliseconds < 1000) return fmt::format("{:.0f} ms", milliseconds);
    return fmt::format("{:.1f} s", milliseconds / 1000);
}

std::string spoken_share(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string spoken_bytes(double bytes) {
    static constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; bytes >= 1000 && unit + 1 < kUnits.size(); ++unit) bytes /= 1000;
    return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, kUnits[unit]);
}

}  // namespace kentongan::anomaly
