#pragma once
// Thresholds of the anomaly detectors.
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/allowed.hpp"

namespace kentongan {

struct AnomalySettings {
    bool operator==(const AnomalySettings&) const = default;
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
    std::vector<std::string> outbound_allowed;
    std::vector<std::string> own_networks;
    std::vector<std::string> own_domains{"kpu.go.id"};
    std::vector<std::string> dns_allowed{"spamhaus.org", "barracudacentral.org", "sorbs.net",
                                         "sophosxl.net", "mcafee.com"};
    std::vector<std::string> beacon_allowed;
    std::vector<std::string> management_hosts;
    std::vector<std::string> access_networks;
    std::string asn_file;
    std::vector<std::string> access_asns{"AS7713", "AS23693", "AS4761", "AS24203", "AS45727"};
    std::int64_t web_workers = 0;
    std::int64_t link_mbps = 0;
    std::string polls_close;
    std::string zone = "+07:00";

    void visit(this auto& self, auto& v) {
        v("scan_ports", self.scan_ports,
          "distinct ports of one source in the window that make a scan", within(2, 65535));
        v("scan_hosts", self.scan_hosts,
          "distinct hosts of one source in the window that make a scan", within(2, 1'000'000));
        v("scan_window_seconds", self.scan_window_seconds, "window of the two, seconds",
          within(1, 86400));
        v("syn_flood_per_second", self.syn_flood_per_second, "SYNs a second to one service",
          within(1, 1'000'000'000));
        v("syn_flood_completed_ratio", self.syn_flood_completed_ratio,
          "at most this share of handshakes completed", within(0, 1));
        v("brute_force_failures", self.brute_force_failures,
          "failed logins of one source in the window", within(2, 1'000'000));
        v("brute_force_window_seconds", self.brute_force_window_seconds, "that window, seconds",
          within(1, 86400));
        v("table_entries", self.table_entries, "sources and services each detector remembers",
          within(100, 100'000'000));
        v("series_bin_seconds", self.series_bin_seconds,
          "logs are judged by what they hold in so many seconds", within(1, 3600));
        v("series_warm_up_bins", self.series_warm_up_bins,
          "so many of those are learnt before the first verdict on a log or a route",
          within(52, 100'000));
        v("series_entries", self.series_entries,
          "logs and routes followed at once, up to 12 KiB each", within(16, 1'000'000));
        v("login_failure_z", self.login_failure_z,
          "share of failed logins: so many standard deviations above the usual one alarm",
          within(3, 100));
        v("log_gap_seconds", self.log_gap_seconds,
          "least silence of a log that is told; more for logs that pause by themselves, seconds",
          within(10, 86400));
        v("outbound_mb", self.outbound_mb,
          "MB that a host sends outside in 10 minutes, far more than usual, that alarm",
          within(1, 10'000'000));
        v("outbound_day_mb", self.outbound_day_mb,
          "MB to an address not known for a week, in 24 hours, that alarm", within(1, 100'000'000));
        v("outbound_allowed", self.outbound_allowed,
          "networks not counted in either: off-site backup, the CDN", network());
        v("own_networks", self.own_networks,
          "networks of ours besides the private ones: no address in them is outside", network());
        v("own_domains", self.own_domains,
          "domains of ours, lower case: watched for floods of random names, not for tunnels");
        v("dns_allowed", self.dns_allowed,
          "domains below which long names are usual: block lists, antivirus, CDN telemetry");
        v("beacon_allowed", self.beacon_allowed,
          "networks that hosts of ours may call at a steady beat: time servers, monitoring, "
          "updates",
          network());
        v("management_hosts", self.management_hosts,
          "hosts that may open administration ports of many others: Ansible, patching, scanners",
          network());
        v("access_networks", self.access_networks,
          "networks of the country's access providers, from which a crowd comes; none: not judged",
          network());
        v("asn_file", self.asn_file,
          "which autonomous system addresses belong to: lines as iptoasn.com has them, or "
          "network,number",
          readable_file());
        v("access_asns", self.access_asns,
          "autonomous systems of the country's access providers, where asn_file names any");
        v("web_workers", self.web_workers,
          "connections that one web server serves at once: half of them held open alarm; 0 when "
          "not known, and 1,000 alarm",
          within(0, 10'000'000));
        v("link_mbps", self.link_mbps,
          "speed of the link that is captured; 0 when not known, and no forecast of its end is "
          "made",
          within(0, 10'000'000));
        v("polls_close", self.polls_close,
          "when the polls close; traffic of that day is compared by the hours since", instant());
        v("zone", self.zone, "offset of the clock by which other days are compared", utc_offset());
    }
};

}  // namespace kentongan
