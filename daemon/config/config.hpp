#pragma once
// Every setting of both programs: name, unit, default and meaning, once. The reader, `config show`
// and the reference page all walk these `visit` functions.
//
// A visitor is called as visitor(key, member, help, allowed = {}) for a value, as
// visitor.table(key, struct, help) for a table and as visitor.tables(key, map, help) for named
// tables such as [log.auth]; named tables, never arrays, so a drop-in can patch one key.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/allowed.hpp"

namespace kentongan {

template <class T>
using NamedTables = std::map<std::string, T>;

struct DaemonSettings {
    bool operator==(const DaemonSettings&) const = default;
    std::string name;
    std::int64_t lanes = 0;
    std::string state_directory = "/var/lib/kentongan";
    std::int64_t drain_seconds = 10;
    std::string log_format = "text";
    std::string log_level = "info";
    bool exercise = false;
    std::string exercise_began;
    std::string exercise_time;
    double exercise_speed = 1;

    void visit(this auto& self, auto& v) {
        v("name", self.name, "name of this sensor in alerts; empty: the host's name");
        v("lanes", self.lanes, "lane threads; 0: one per core", within(0, 64));
        v("state_directory", self.state_directory, "folder of the database and the baselines",
          required());
        v("drain_seconds", self.drain_seconds,
          "longest wait at shutdown for what is in flight, seconds", within(0, 600));
        v("log_format", self.log_format, "format of our own log: text, json or logfmt",
          one_of({"text", "json", "logfmt"}));
        v("log_level", self.log_level, "least level of our own log: debug, info, warning or error",
          one_of({"debug", "info", "warning", "error"}));
        v("exercise", self.exercise,
          "marks every alert as an exercise; its database is never used for real duty");
        v("exercise_began", self.exercise_began,
          "an exercise may have its own time: the real instant from which that counts", instant());
        v("exercise_time", self.exercise_time, "what the exercise's clock showed then", instant());
        v("exercise_speed", self.exercise_speed, "its seconds in a real one", within(1, 3600));
    }
};

struct RuleSettings {
    bool operator==(const RuleSettings&) const = default;
    std::vector<std::string> paths{"/usr/share/kentongan/rules"};
    std::string routing;
    std::string placeholders;
    std::string forms;

    void visit(this auto& self, auto& v) {
        v("paths", self.paths,
          "folders or files of Sigma and YARA rules, and of anomaly/ and sirekap/");
        v("routing", self.routing,
          "routing file; empty: routing/routing.toml in the first of the paths");
        v("placeholders", self.placeholders,
          "TOML file of lists for Sigma's expand; empty: sigma/placeholders.toml of the paths",
          readable_file());
        v("forms", self.forms,
          "TOML file of where people write on forms; empty: handwriting is not compared",
          readable_file());
    }
};

struct PacketSettings {
    bool operator==(const PacketSettings&) const = default;
    std::string interface;
    std::string file;
    std::string filter;
    std::int64_t snap_bytes = 262144;
    std::int64_t buffer_mib = 16;
    bool promiscuous = false;
    std::int64_t maximum_flows = 200000;
    std::int64_t body_bytes = 1048576;

    void visit(this auto& self, auto& v) {
        v("interface", self.interface, "interface to capture on");
        v("file", self.file, "capture file to read instead");
        v("filter", self.filter, "BPF filter, as tcpdump takes it");
        v("snap_bytes", self.snap_bytes, "bytes captured of each packet", within(64, 262144));
        v("buffer_mib", self.buffer_mib, "kernel buffer, MiB", within(1, 4096));
        v("promiscuous", self.promiscuous, "take packets that are not for this host");
        v("maximum_flows", self.maximum_flows,
          "connections followed at once; the oldest idle one goes", within(1, 50'000'000));
        v("body_bytes", self.body_bytes, "bytes of an HTTP request body kept for YARA",
          within(0, 67'108'864));
    }
};

struct LogSettings {
    bool operator==(const LogSettings&) const = default;
    std::string path;
    std::string format = "auto";
    std::string zone = "+07:00";
    std::string start = "begin";
    std::string category;
    std::string product;
    std::string service;
    std::map<std::string, std::string> fields;
    std::int64_t line_bytes = 65536;
    std::string multiline = "none";
    std::int64_t record_bytes = 262144;
    std::int64_t record_lines = 500;

    void visit(this auto& self, auto& v) {
        v("path", self.path,
          "file to follow, or a pattern with *, ? and [] (no **) for every file that matches, "
          "those that appear later too",
          required());
        v("format", self.format, "format of the lines; `kentongan replay --formats` lists them");
        v("zone", self.zone, "offset of times that state no zone, such as +07:00", utc_offset());
        v("start", self.start, "where to begin in a file never read before: begin or end",
          one_of({"begin", "end"}));
        v("category", self.category, "Sigma logsource category, where the format does not say");
        v("product", self.product, "Sigma logsource product");
        v("service", self.service, "Sigma logsource service");
        v("fields", self.fields, "JSON key (dots for nesting) to field name");
        v("line_bytes", self.line_bytes, "longest line; a longer one is cut and counted",
          within(256, 16'777'216));
        v("multiline", self.multiline,
          "none: the format says which lines belong together; stack_trace: the lines of a stack "
          "trace join the line before them as well",
          one_of({"none", "stack_trace"}));
        v("record_bytes", self.record_bytes,
          "longest record of several lines; a longer one is cut and counted",
          within(256, 16'777'216));
        v("record_lines", self.record_lines, "most lines of a record", within(2, 10'000));
    }
};

struct JournalSettings {
    bool operator==(const JournalSettings&) const = default;
    std::string path;
    std::vector<std::string> units;
    std::vector<std::string> identifiers;
    std::string start = "begin";

    void visit(this auto& self, auto& v) {
        v("path", self.path,
          "folder of journal files, or one of them; empty: the journal of this machine");
        v("units", self.units, "only entries of these units, such as ssh.service");
        v("identifiers", self.identifiers,
          "only entries with these syslog identifiers, such as sshd; with `units`, either");
        v("start", self.start, "where to begin in a journal never read before: begin or end",
          one_of({"begin", "end"}));
    }
};

struct IntegritySettings {
    bool operator==(const IntegritySettings&) const = default;
    std::string path;
    std::vector<std::string> exclude;
    std::int64_t interval_seconds = 300;
    std::int64_t maximum_mib = 256;
    std::string kind = "system";

    void visit(this auto& self, auto& v) {
        v("path", self.path, "folder to check", required());
        v("exclude", self.exclude, "glob patterns of paths below it to leave out");
        v("interval_seconds", self.interval_seconds, "time between the starts of two scans",
          within(1, 604800));
        v("maximum_mib", self.maximum_mib, "larger files are hashed but not scanned by YARA, MiB",
          within(0, 1'048'576));
        v("kind", self.kind, "what it holds: system, webroot, upload or config",
          one_of({"system", "webroot", "upload", "config"}));
    }
};

struct ZeekSettings {
    bool operator==(const ZeekSettings&) const = default;
    std::string socket;

    void visit(this auto& self, auto& v) {
        v("socket", self.socket, "Unix socket for kentongan-broker-bridge; empty: none");
    }
};

struct PublishedSettings {
    bool operator==(const PublishedSettings&) const = default;
    std::string url;
    std::string folder;
    std::string race;
    std::string referer;
    std::string ca_file;
    std::vector<std::string> areas;
    std::string depth = "kecamatan";
    std::int64_t interval_seconds = 900;
    std::int64_t connections = 4;
    double requests_per_second = 5;
    std::int64_t timeout_seconds = 20;
    std::int64_t maximum_mib = 32;
    std::int64_t redirects = 3;
    std::vector<std::string> redirect_hosts;
    std::int64_t quota_mib = 2048;

    void visit(this auto& self, auto& v) {
        v("url", self.url,
          "folder of a race on the server that publishes results, such as "
          "https://host/pilkada/hhcw/pkwkp",
          server_url());
        v("folder", self.folder, "folder of saved snapshots to read instead, and to watch");
        v("race", self.race, "KPU's name of the race; empty: the last part of the url");
        v("referer", self.referer, "header Referer that the server asks for; empty: none");
        v("ca_file", self.ca_file, "CA certificates to trust, PEM; empty: the system's",
          readable_file());
        v("areas", self.areas, "codes of the areas that are walked; none: the whole country");
        v("depth", self.depth,
          "how far down: country, province, kabupaten, kecamatan, kelurahan or "
          "tps",
          one_of({"country", "province", "kabupaten", "kecamatan", "kelurahan", "tps"}));
        v("interval_seconds", self.interval_seconds,
          "time between the starts of two walks, or two looks at the folder", within(1, 86400));
        v("connections", self.connections, "requests at once", within(1, 64));
        v("requests_per_second", self.requests_per_second, "requests a second, all together",
          within(0.01, 1000));
        v("timeout_seconds", self.timeout_seconds, "longest time of a request, to its last byte",
          within(1, 600));
        v("maximum_mib", self.maximum_mib, "a larger file is not taken, MiB", within(1, 32));
        v("redirects", self.redirects, "redirections of a request that are followed",
          within(0, 20));
        v("redirect_hosts", self.redirect_hosts,
          "hosts other than the url's that may be redirected to");
        v("quota_mib", self.quota_mib, "disk for versions that are kept as evidence, MiB; 0: none",
          within(0, 1'048'576));
    }
};

struct SirekapSettings {
    bool operator==(const SirekapSettings&) const = default;
    std::string register_file;
    std::string assignments;
    std::string election = "pilkada2024";
    std::string polling_day;
    std::string close;
    std::int64_t upload_target_hours = 0;
    std::int64_t coverage_target_percent = 0;
    std::int64_t maximum_voters = 0;
    std::vector<std::string> islands;
    std::string race;
    std::int64_t pages = 0;
    std::int64_t coverage_step_percent = 25;
    std::string signing_key_file;

    void visit(this auto& self, auto& v) {
        v("register", self.register_file,
          "the TPS: a CSV (tps,name,dpt or Sirekap's kelurahan list), a file of Sirekap's region "
          "list (wilayah) or a folder of them");
        v("assignments", self.assignments,
          "CSV of who may upload for which TPS: tps,account,device; empty: counts alone are judged",
          readable_file());
        v("election", self.election, "profile of the election",
          one_of({"pilkada2024", "pemilu2024"}));
        v("polling_day", self.polling_day, "such as 2024-11-27; empty: the profile's");
        v("close", self.close,
          "when the polls close, local time such as 13:00; empty: the profile's");
        v("upload_target_hours", self.upload_target_hours,
          "hours after the close by which forms should be there; 0: the profile's", within(0, 720));
        v("coverage_target_percent", self.coverage_target_percent,
          "share of an ordinary area's TPS that should be there by then; 0: the profile's",
          within(0, 100));
        v("maximum_voters", self.maximum_voters, "voters of a TPS at most; 0: the profile's",
          within(0, 10000));
        v("islands", self.islands,
          "codes of provinces and kabupaten of islands, with a target of their own; none: the "
          "profile's");
        v("race", self.race,
          "whose forms make the coverage, such as pkwkp or ppwp; empty: the "
          "profile's first");
        v("pages", self.pages, "pages of its form; 0: the profile's", within(0, 32));
        v("coverage_step_percent", self.coverage_step_percent,
          "an informational alert each time a kecamatan's coverage passes a multiple of this",
          within(1, 100));
        v("signing_key_file", self.signing_key_file,
          "Ed25519 key that signs what is recorded of stalls; empty: the systemd credential "
          "sirekap-signing-key, or unsigned",
          readable_file());
    }
};

struct WorkflowSettings {
    bool operator==(const WorkflowSettings&) const = default;
    std::string positions;
    bool rehearsal = false;
    std::vector<std::string> tps_roles{"kpps"};
    std::vector<std::string> kecamatan_roles{"ppk"};
    std::vector<std::string> higher_roles{"kpu_kab", "kpu_kota", "kpu_prov", "kpu_ri", "kpu"};
    std::vector<std::string> technical_roles{"admin", "dba", "support", "auditor", "svc"};
    std::vector<std::string> result_tables{"hasil", "suara",     "rekap",   "formc",
                                           "formd", "penetapan", "tungsura"};
    std::vector<std::string> application_accounts{"app", "sirekap", "sirekap_app"};
    std::vector<std::string> application_hosts{"10.10.0.0/24", "127.0.0.0/8", "::1/128"};
    bool require_request = false;
    std::int64_t join_seconds = 30;
    std::vector<std::string> placeholder_hashes;
    std::int64_t bulk_tps = 10;
    std::int64_t quick_seconds = 5;
    std::int64_t verified_per_hour = 120;
    double regularity = 0.05;
    std::int64_t table_entries = 100000;
    std::int64_t tps_entries = 1000000;
    std::int64_t image_entries = 1000000;

    void visit(this auto& self, auto& v) {
        v("positions", self.positions, "CSV of where the TPS stand: tps,latitude,longitude",
          readable_file());
        v("rehearsal", self.rehearsal,
          "a training or simulation: forms before the polls close are meant to be");
        v("tps_roles", self.tps_roles, "roles of the polling stations in the application's log");
        v("kecamatan_roles", self.kecamatan_roles, "roles of the kecamatan");
        v("higher_roles", self.higher_roles, "roles of the offices above it");
        v("technical_roles", self.technical_roles,
          "what roles begin with that have no part in the workflow");
        v("result_tables", self.result_tables,
          "words between points and underscores in the names of the database's tables of results");
        v("application_accounts", self.application_accounts,
          "accounts with which the application writes results to its database");
        v("application_hosts", self.application_hosts,
          "networks from which it does, such as 10.10.0.0/24");
        v("require_request", self.require_request,
          "true: the application names its request in every write, so one without is told");
        v("join_seconds", self.join_seconds,
          "a write to the database and its event of the application are at most so far apart",
          within(1, 3600));
        v("placeholder_hashes", self.placeholder_hashes,
          "SHA-256 of pictures that stand for a form that is not there yet");
        v("bulk_tps", self.bulk_tps, "TPS edited by one account within a minute that are told",
          within(2, 1000));
        v("quick_seconds", self.quick_seconds, "a TPS verified sooner after opening is too quick",
          within(1, 600));
        v("verified_per_hour", self.verified_per_hour,
          "TPS verified by one account within an hour; more are told", within(1, 450));
        v("regularity", self.regularity,
          "gaps between verifications that vary less than this share are a program's",
          within(0, 1));
        v("table_entries", self.table_entries,
          "accounts, devices and TPS with recent changes that each detector remembers",
          within(100, 100'000'000));
        v("tps_entries", self.tps_entries, "TPS whose stage is followed, 16 bytes each",
          within(100, 100'000'000));
        v("image_entries", self.image_entries, "hashes of pictures remembered, 40 bytes each",
          within(100, 100'000'000));
    }
};

struct ChangeWindowSettings {
    bool operator==(const ChangeWindowSettings&) const = default;
    std::string from;
    std::string to;
    std::vector<std::string> areas;
    std::vector<std::string> accounts;
    std::string note;
    std::string approved_by;
    std::string plenary = "none";

    void visit(this auto& self, auto& v) {
        v("from", self.from, "when it begins", instant());
        v("to", self.to, "when it ends", instant());
        v("areas", self.areas, "codes of areas or TPS; none: the whole country");
        v("accounts", self.accounts, "who may change; none: anybody");
        v("note", self.note, "what was ordered, for the card that tells of it");
        v("approved_by", self.approved_by, "who ordered it", required());
        v("plenary", self.plenary,
          "none: an order to correct results; kecamatan or above: the plenary of that level is in "
          "session",
          one_of({"none", "kecamatan", "above"}));
    }
};

struct VotingDaySettings {
    bool operator==(const VotingDaySettings&) const = default;
    std::string day;
    std::vector<std::string> areas;
    bool instead = false;

    void visit(this auto& self, auto& v) {
        v("day", self.day, "the day, such as 2024-12-05", required());
        v("areas", self.areas, "codes of the areas or TPS that vote then");
        v("instead", self.instead,
          "true: they vote on this day only (PSL); false: once more (PSU)");
    }
};

struct ReportSettings {
    bool operator==(const ReportSettings&) const = default;
    std::string listen;
    std::vector<std::string> trusted_proxies{"127.0.0.0/8", "::1/128"};
    double per_hour = 12;
    double per_hour_without_proof = 3;
    double unproven_per_hour = 300;
    double contact_per_hour = 5;
    std::int64_t difficulty_bits = 17;
    double busy_per_minute = 60;
    std::int64_t text_characters = 4000;
    std::int64_t photos = 3;
    std::int64_t photo_mib = 6;
    std::int64_t photos_mib = 2048;
    std::int64_t journal_mib = 512;
    std::int64_t connections = 64;
    std::string zone = "+07:00";

    void visit(this auto& self, auto& v) {
        v("listen", self.listen, "address:port of the page and of POST /v1/reports; empty: none",
          listen_address());
        v("trusted_proxies", self.trusted_proxies,
          "networks of reverse proxies whose X-Forwarded-For is believed");
        v("per_hour", self.per_hour, "reports an hour from one network (/24, /48 of IPv6)",
          within(1, 100'000));
        v("per_hour_without_proof", self.per_hour_without_proof,
          "the same without a proof of work, that is, without JavaScript", within(1, 100'000));
        v("unproven_per_hour", self.unproven_per_hour,
          "reports an hour without a proof of work, from all networks together",
          within(1, 1'000'000));
        v("contact_per_hour", self.contact_per_hour,
          "reports an hour with one contact, which programs may send along", within(1, 100'000));
        v("difficulty_bits", self.difficulty_bits,
          "zero bits of a proof of work; each costs the sender twice the time", within(0, 24));
        v("busy_per_minute", self.busy_per_minute,
          "each doubling of reports a minute beyond this asks for one bit more",
          within(1, 1'000'000));
        v("text_characters", self.text_characters, "longest account", within(100, 4500));
        v("photos", self.photos, "photographs of one report", within(0, 10));
        v("photo_mib", self.photo_mib, "largest photograph, MiB", within(1, 64));
        v("photos_mib", self.photos_mib,
          "room for all photographs; beyond it reports come without them, MiB",
          within(1, 16'777'216));
        v("journal_mib", self.journal_mib, "room for the reports; beyond it none are taken, MiB",
          within(1, 1'048'576));
        v("connections", self.connections, "connections at once", within(4, 10'000));
        v("zone", self.zone, "offset of the times that people state", utc_offset());
    }
};

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
        v("polls_close", self.polls_close,
          "when the polls close; traffic of that day is compared by the hours since", instant());
        v("zone", self.zone, "offset of the clock by which other days are compared", utc_offset());
    }
};

struct AlertSettings {
    bool operator==(const AlertSettings&) const = default;
    std::int64_t merge_seconds = 600;

    void visit(this auto& self, auto& v) {
        v("merge_seconds", self.merge_seconds,
          "findings of one rule about one entity this close in event time are one alert",
          within(0, 86400));
    }
};

struct StoreSettings {
    bool operator==(const StoreSettings&) const = default;
    std::string path;

    void visit(this auto& self, auto& v) {
        v("path", self.path, "database file; empty: alerts.db in daemon.state_directory");
    }
};

struct DeliverySettings {
    bool operator==(const DeliverySettings&) const = default;
    std::string url;
    std::string secret_file;
    std::string ca_file;
    std::int64_t timeout_seconds = 20;
    std::int64_t retry_seconds = 60;
    std::int64_t give_up_hours = 72;
    bool enabled = true;

    void visit(this auto& self, auto& v) {
        v("url", self.url, "webhook of the agency: https, or http on loopback", webhook_url());
        v("secret_file", self.secret_file,
          "file with the signing key: whsk_… (ed25519) or whsec_… (HMAC-SHA256)", readable_file());
        v("ca_file", self.ca_file, "CA certificates to trust, PEM; empty: the system's",
          readable_file());
        v("timeout_seconds", self.timeout_seconds, "longest wait for an answer", within(1, 600));
        v("retry_seconds", self.retry_seconds, "longest pause between attempts", within(1, 86400));
        v("give_up_hours", self.give_up_hours, "age after which a message is put aside as dead",
          within(1, 8760));
        v("enabled", self.enabled, "false: messages wait");
    }
};

struct ApiSettings {
    bool operator==(const ApiSettings&) const = default;
    std::string listen = "127.0.0.1:8470";
    std::string token_file;
    std::string metrics_listen;

    void visit(this auto& self, auto& v) {
        v("listen", self.listen, "address:port of the HTTP API and the page; empty: none",
          listen_address());
        v("token_file", self.token_file, "file with one bearer token a line; the API needs it",
          readable_file());
        v("metrics_listen", self.metrics_listen,
          "address:port for /metrics alone; empty: the API's", listen_address());
    }
};

/// All settings. Plain data; reading it is config/reader.hpp's work.
struct Config {
    bool operator==(const Config&) const = default;
    DaemonSettings daemon;
    RuleSettings rules;
    NamedTables<PacketSettings> packet;
    NamedTables<LogSettings> log;
    NamedTables<JournalSettings> journal;
    NamedTables<IntegritySettings> integrity;
    ZeekSettings zeek;
    NamedTables<PublishedSettings> published;
    SirekapSettings sirekap;
    WorkflowSettings workflow;
    NamedTables<ChangeWindowSettings> change_window;
    NamedTables<VotingDaySettings> voting_day;
    ReportSettings report;
    AnomalySettings anomaly;
    AlertSettings alerts;
    StoreSettings store;
    NamedTables<DeliverySettings> delivery;
    ApiSettings api;

    void visit(this auto& self, auto& v) {
        v.table("daemon", self.daemon, "the process");
        v.table("rules", self.rules, "what is detected");
        v.tables("packet", self.packet, "network interfaces and captures");
        v.tables("log", self.log, "log files");
        v.tables("journal", self.journal, "systemd's journal");
        v.tables("integrity", self.integrity, "folders whose files are checked");
        v.table("zeek", self.zeek, "Zeek");
        v.tables("published", self.published, "published results, polled or saved");
        v.table("sirekap", self.sirekap, "the election");
        v.table("workflow", self.workflow, "how results go through Sirekap");
        v.tables("change_window", self.change_window,
                 "when results may be corrected in bulk, and when plenaries are in session");
        v.tables("voting_day", self.voting_day, "areas that vote on another day");
        v.table("report", self.report, "citizens' reports");
        v.table("anomaly", self.anomaly, "thresholds of the anomaly detectors");
        v.table("alerts", self.alerts, "the alert desk");
        v.table("store", self.store, "the database");
        v.tables("delivery", self.delivery, "where alerts go: one table an agency");
        v.table("api", self.api, "HTTP");
    }
};

}  // namespace kentongan
