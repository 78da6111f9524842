#pragma once
// How the detectors of series say durations and numbers to people.
#include <string>

#include "daemon/base/time.hpp"

namespace kentongan::anomaly {

/// "75 s", "12 min", "3 h 20 min", "2 d 4 h"; below a second "0 s".
[[nodiscard]] std::string spoken(Duration duration);
/// Milliseconds: "210 ms", "3.2 s".
[[nodiscard]] std::string spoken_latency(double milliseconds);
/// "34.2 %".
[[nodiscard]] std::string spoken_share(double share);
/// Bytes: "812 B", "3.2 kB", "1.1 MB".
[[nodiscard]] std::string spoken_bytes(double bytes);

}  // namespace kentongan::anomaly
