#pragma once
// Every setting of both programs: name, unit, default and meaning, once. The reader, `config show`
// and the reference page all walk these `visit` functions.
//
// A visitor is called as visitor(key, member, help) for a value and visitor.tables(key, map, help)
// for named tables such as [log.auth]; named tables, never arrays, so a drop-in can patch one key.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kentongan {

template <class T>
using NamedTables = std::map<std::string, T>;

struct DaemonSettings {
    std::string name;
    std::int64_t lanes = 0;
    std::string state_directory = "/var/lib/kentongan";
    std::int64_t drain_seconds = 10;
    std::string log_format = "text";
    std::string log_level = "info";
    bool exercise = false;

    template <class V>
    void visit(V& v) {
        v("name", name, "name of this sensor in alerts; empty: the host's name");
        v("lanes", lanes, "lane threads; 0: one per core");
        v("state_directory", state_directory, "folder of the database and the baselines");
        v("drain_seconds", drain_seconds,
          "longest wait at shutdown for what is in flight, seconds");
        v("log_format", log_format, "format of our own log: text, json or logfmt");
        v("log_level", log_level, "least level of our own log: debug, info, warning or error");
        v("exercise", exercise, "marks every alert as an exercise");
    }
};

struct RuleSettings {
    std::vector<std::string> paths{"/usr/share/kentongan/rules"};
    std::string routing;

    template <class V>
    void visit(V& v) {
        v("paths", paths, "folders or files of Sigma and YARA rules, and of anomaly/ and sirekap/");
        v("routing", routing,
          "routing file; empty: routing/routing.toml in the first of the paths");
    }
};

struct PacketSettings {
    std::string interface;
    std::string file;
    std::string filter;
    std::int64_t snap_bytes = 262144;
    std::int64_t buffer_mib = 16;
    bool promiscuous = false;
    std::int64_t maximum_flows = 200000;
    std::int64_t body_bytes = 1048576;

    template <class V>
    void visit(V& v) {
        v("interface", interface, "interface to capture on");
        v("file", file, "capture file to read instead");
        v("filter", filter, "BPF filter, as tcpdump takes it");
        v("snap_bytes", snap_bytes, "bytes captured of each packet");
        v("buffer_mib", buffer_mib, "kernel buffer, MiB");
        v("promiscuous", promiscuous, "take packets that are not for this host");
        v("maximum_flows", maximum_flows, "connections followed at once; the oldest idle one goes");
        v("body_bytes", body_bytes, "bytes of an HTTP request body kept for YARA");
    }
};

struct LogSettings {
    std::string path;
    std::string format = "auto";
    std::string zone = "+07:00";
    std::string start = "begin";
    std::string category;
    std::string product;
    std::string service;
    std::map<std::string, std::string> fields;
    std::int64_t line_bytes = 65536;

    template <class V>
    void visit(V& v) {
        v("path", path, "file to follow");
        v("format", format, "format of the lines; `kentongan replay --formats` lists them");
        v("zone", zone, "offset of times that state no zone, such as +07:00");
        v("start", start, "where to begin in a file never read before: begin or end");
        v("category", category, "Sigma logsource category, where the format does not say");
        v("product", product, "Sigma logsource product");
        v("service", service, "Sigma logsource service");
        v("fields", fields, "JSON key (dots for nesting) to field name");
        v("line_bytes", line_bytes, "longest line; a longer one is cut and counted");
    }
};

struct IntegritySettings {
    std::string path;
    std::vector<std::string> exclude;
    std::int64_t interval_seconds = 300;
    std::int64_t maximum_mib = 256;
    std::string kind = "system";

    template <class V>
    void visit(V& v) {
        v("path", path, "folder to check");
        v("exclude", exclude, "glob patterns of paths below it to leave out");
        v("interval_seconds", interval_seconds, "time between the starts of two scans");
        v("maximum_mib", maximum_mib, "larger files are hashed but not scanned by YARA, MiB");
        v("kind", kind, "what it holds: system, webroot, upload or config");
    }
};

struct ZeekSettings {
    std::string socket;

    template <class V>
    void visit(V& v) {
        v("socket", socket, "Unix socket for kentongan-broker-bridge; empty: none");
    }
};

struct SirekapSettings {
    std::string register_file;
    std::int64_t coverage_step_percent = 25;

    template <class V>
    void visit(V& v) {
        v("register", register_file, "CSV of the TPS: tps,name or Sirekap's kelurahan list");
        v("coverage_step_percent", coverage_step_percent,
          "an informational alert each time a kecamatan's coverage passes a multiple of this");
    }
};

struct AnomalySettings {
    std::int64_t scan_ports = 100;
    std::int64_t scan_hosts = 50;
    std::int64_t scan_window_seconds = 60;
    std::int64_t syn_flood_per_second = 1000;
    double syn_flood_completed_ratio = 0.3;
    std::int64_t brute_force_failures = 10;
    std::int64_t brute_force_window_seconds = 60;
    std::int64_t table_entries = 100000;

    template <class V>
    void visit(V& v) {
        v("scan_ports", scan_ports, "distinct ports of one source in the window that make a scan");
        v("scan_hosts", scan_hosts, "distinct hosts of one source in the window that make a scan");
        v("scan_window_seconds", scan_window_seconds, "window of the two, seconds");
        v("syn_flood_per_second", syn_flood_per_second, "SYNs a second to one service");
        v("syn_flood_completed_ratio", syn_flood_completed_ratio,
          "at most this share of handshakes completed");
        v("brute_force_failures", brute_force_failures,
          "failed logins of one source in the window");
        v("brute_force_window_seconds", brute_force_window_seconds, "that window, seconds");
        v("table_entries", table_entries, "sources and services each detector remembers");
    }
};

struct AlertSettings {
    std::int64_t merge_seconds = 600;

    template <class V>
    void visit(V& v) {
        v("merge_seconds", merge_seconds,
          "findings of one rule about one entity this close in event time are one alert");
    }
};

struct StoreSettings {
    std::string path;

    template <class V>
    void visit(V& v) {
        v("path", path, "database file; empty: alerts.db in daemon.state_directory");
    }
};

struct DeliverySettings {
    std::string url;
    std::string secret_file;
    std::string ca_file;
    std::int64_t timeout_seconds = 20;
    std::int64_t retry_seconds = 60;
    std::int64_t give_up_hours = 72;
    bool enabled = true;

    template <class V>
    void visit(V& v) {
        v("url", url, "webhook of the agency: https, or http on loopback");
        v("secret_file", secret_file,
          "file with the signing key: whsk_… (ed25519) or whsec_… (HMAC-SHA256)");
        v("ca_file", ca_file, "CA certificates to trust, PEM; empty: the system's");
        v("timeout_seconds", timeout_seconds, "longest wait for an answer");
        v("retry_seconds", retry_seconds, "longest pause between attempts");
        v("give_up_hours", give_up_hours, "age after which a message is put aside as dead");
        v("enabled", enabled, "false: messages wait");
    }
};

struct ApiSettings {
    std::string listen = "127.0.0.1:8470";
    std::string token_file;
    std::string metrics_listen;

    template <class V>
    void visit(V& v) {
        v("listen", listen, "address:port of the HTTP API and the page; empty: none");
        v("token_file", token_file, "file with one bearer token a line; the API needs it");
        v("metrics_listen", metrics_listen, "address:port for /metrics alone; empty: the API's");
    }
};

/// All settings. Plain data; reading it is config/reader.hpp's work.
struct Config {
    DaemonSettings daemon;
    RuleSettings rules;
    NamedTables<PacketSettings> packet;
    NamedTables<LogSettings> log;
    NamedTables<IntegritySettings> integrity;
    ZeekSettings zeek;
    SirekapSettings sirekap;
    AnomalySettings anomaly;
    AlertSettings alerts;
    StoreSettings store;
    NamedTables<DeliverySettings> delivery;
    ApiSettings api;

    template <class V>
    void visit(V& v) {
        v.table("daemon", daemon, "the process");
        v.table("rules", rules, "what is detected");
        v.tables("packet", packet, "network interfaces and captures");
        v.tables("log", log, "log files");
        v.tables("integrity", integrity, "folders whose files are checked");
        v.table("zeek", zeek, "Zeek");
        v.table("sirekap", sirekap, "the election");
        v.table("anomaly", anomaly, "thresholds of the anomaly detectors");
        v.table("alerts", alerts, "the alert desk");
        v.table("store", store, "the database");
        v.tables("delivery", delivery, "where alerts go: one table an agency");
        v.table("api", api, "HTTP");
    }
};

}  // namespace kentongan
