#pragma once
// Settings of what is listened to: one struct a kind of source.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/allowed.hpp"

namespace kentongan {

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
    std::int64_t stream_bytes = 262144;
    std::int64_t ring_mib = 0;
    std::string ring_folder;
    std::int64_t files_mib = 0;
    bool checksums = false;
    bool vlans_apart = true;
    std::int64_t long_flow_seconds = 1800;
    std::int64_t handles = 1;

    void visit(this auto& self, auto& v) {
        v("interface", self.interface, "interface to capture on");
        v("file", self.file,
          "capture file to read instead, also compressed (gzip, Zstandard); a folder: its files in "
          "the order of their names");
        v("filter", self.filter, "BPF filter, as tcpdump takes it");
        v("snap_bytes", self.snap_bytes, "bytes captured of each packet", within(64, 262144));
        v("buffer_mib", self.buffer_mib, "kernel buffer, MiB", within(1, 4096));
        v("promiscuous", self.promiscuous, "take packets that are not for this host");
        v("maximum_flows", self.maximum_flows,
          "connections followed at once; the oldest idle one goes", within(1, 50'000'000));
        v("body_bytes", self.body_bytes, "bytes of an HTTP request body kept for YARA",
          within(0, 67'108'864));
        v("stream_bytes", self.stream_bytes,
          "bytes of each end of a connection that YARA rules with the tag `stream` look at",
          within(0, 67'108'864));
        v("ring_mib", self.ring_mib,
          "size of the rolling capture on disk, MiB, from which an alert's packets are taken; 0: "
          "none; of live interfaces only",
          within(0, 1'048'576));
        v("ring_folder", self.ring_folder, "its folder; empty: `packets` in the state directory");
        v("files_mib", self.files_mib,
          "size of the store of files that came whole over the wire, by their SHA-256, in the "
          "folder `files` of the state directory, MiB; the oldest go first; 0: none; of live "
          "interfaces only",
          within(0, 1'048'576));
        v("checksums", self.checksums, "leave out packets whose checksum is wrong, and count them");
        v("vlans_apart", self.vlans_apart,
          "the same addresses in two VLANs are two networks; false where a mirror port tags the "
          "two "
          "directions of a connection differently");
        v("long_flow_seconds", self.long_flow_seconds,
          "a connection that lasts is told each so often; 0: at its end only",
          within(0, 31'536'000));
        v("handles", self.handles,
          "captures of the interface, each on a lane, that share its packets by connection",
          within(1, 64));
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

}  // namespace kentongan
