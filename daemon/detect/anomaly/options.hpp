#pragma once
// Thresholds of the anomaly detectors; the names are those of the [anomaly] settings.
#include <cstdint>

namespace kentongan::anomaly {

/// Counts are at least 1, windows at least 1 s; smaller values are taken as 1.
struct AnomalyOptions {
    std::int64_t scan_ports = 100;
    std::int64_t scan_hosts = 50;
    std::int64_t scan_window_seconds = 60;
    std::int64_t syn_flood_per_second = 1000;
    double syn_flood_completed_ratio = 0.3;
    std::int64_t brute_force_failures = 10;
    std::int64_t brute_force_window_seconds = 60;
    std::int64_t table_entries = 100000;
    std::uint64_t seed = 0;  ///< of the hash tables; secret in production, fixed in tests
};

}  // namespace kentongan::anomaly
