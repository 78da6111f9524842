#pragma once
// Thresholds of the anomaly detectors; the names are those of the [anomaly] settings.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"
#include "daemon/detect/anomaly/flood/asn_table.hpp"

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
    std::int64_t series_bin_seconds = 60;
    std::int64_t series_warm_up_bins = 120;
    std::int64_t series_entries = 2048;
    double login_failure_z = 6;
    std::int64_t log_gap_seconds = 60;
    std::int64_t outbound_mb = 500;
    std::int64_t outbound_day_mb = 2000;
    std::vector<IpNetwork> outbound_allowed{};
    std::vector<std::string> own_domains{"kpu.go.id"};  ///< lower case, as is the next
    std::vector<std::string> dns_allowed{};
    std::vector<IpNetwork> beacon_allowed{};
    std::vector<IpNetwork> management_hosts{};  ///< may reach many on administration ports
    std::vector<IpNetwork> own_networks{};      ///< besides the private ones
    std::vector<IpNetwork> access_networks{};   ///< of the country's access providers
    std::uint32_t web_sample = 1;               ///< web requests of one source in so many are seen
    std::shared_ptr<const AsnTable> asns{};     ///< null: autonomous systems are not known
    std::vector<std::uint32_t> access_asns{};   ///< of the country's access providers
    std::int64_t web_workers = 0;          ///< connections a server serves at once; 0: not known
    std::int64_t link_mbps = 0;            ///< 0: not known
    std::optional<Timestamp> polls_close;  ///< on polling day
    std::chrono::seconds local_offset = std::chrono::hours{7};
    std::uint64_t seed =
        0;              ///< of the hash tables; secret in production, fixed in tests and replay
    bool live = false;  ///< event time is the clock's, and may jump
};

}  // namespace kentongan::anomaly
