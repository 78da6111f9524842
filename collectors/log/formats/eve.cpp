// Suricata's EVE log (docs.suricata.io, "Eve JSON Format"; 4 to 8): alerts become notices, protocol
// records events of their kind. Every value has its ECS name or is kept as suricata.eve.<path>.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <vector>

#include "collectors/egress.hpp"
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

enum class How : std::uint8_t { copy, lower, http_version, seconds, dns_type, skip };

struct Row {
    std::string_view path;
    Field field = Field::message;
    How how = How::copy;
};

std::vector<Row> sorted_rows() {
    using enum How;
    std::vector<Row> rows{
        {"event_type", Field::suricata_event_type},
        {"flow_id", Field::suricata_flow_id},
        {"src_ip", Field::source_ip},
        {"src_port", Field::source_port},
        {"dest_ip", Field::destination_ip},
        {"dest_port", Field::destination_port},
        {"proto", Field::network_transport, lower},
        {"app_proto", Field::network_protocol},
        {"community_id", Field::network_community_id},
        {"vlan", Field::network_vlan_id},
        {"host", Field::host_hostname},
        {"alert.action", Field::suricata_action},
        {"alert.signature_id", Field::rule_id},
        {"alert.rev", Field::rule_version},
        {"alert.signature", Field::rule_name},
        {"alert.category", Field::rule_category},
        {"alert.severity", Field::event_severity},
        {"alert.metadata.mitre_technique_id", named("threat.technique.id")},
        {"http.hostname", Field::url_domain},
        {"http.url", Field::url_original},
        {"http.http_user_agent", Field::user_agent_original},
        {"http.http_method", Field::http_request_method},
        {"http.protocol", Field::http_version, http_version},
        {"http.status", Field::http_response_status_code},
        {"http.length", Field::http_response_body_bytes},
        {"http.http_refer", Field::http_request_referrer},
        {"http.http_content_type", Field::http_response_mime_type},
        {"http.xff", Field::network_forwarded_ip},
        {"http.cookie", Field::http_request_cookie},
        {"http.authorization", Field::message, skip},
        {"http.request_headers.value", Field::message, skip},  // cookies and tokens among them
        {"http.http_request_body_printable", Field::http_request_body_content},
        {"dns.id", Field::dns_id},
        {"dns.type", Field::dns_type, dns_type},
        {"dns.rrname", Field::dns_question_name},
        {"dns.rrtype", Field::dns_question_type},
        {"dns.query.rrname", Field::dns_question_name},
        {"dns.query.rrtype", Field::dns_question_type},
        {"dns.queries.rrname", Field::dns_question_name},
        {"dns.queries.rrtype", Field::dns_question_type},
        {"dns.rcode", Field::dns_response_code},
        {"dns.flags", Field::dns_header_flags},
        {"dns.rdata", Field::dns_answers_data},
        {"dns.ttl", Field::dns_answers_ttl},
        {"dns.answers.rrname", Field::dns_answers_name},
        {"dns.answers.rrtype", Field::dns_answers_type},
        {"dns.answers.rdata", Field::dns_answers_data},
        {"dns.answers.ttl", Field::dns_answers_ttl},
        {"tls.sni", Field::tls_client_server_name},
        {"tls.version", Field::tls_version},
        {"tls.subject", Field::tls_server_subject},
        {"tls.issuerdn", Field::tls_server_issuer},
        {"tls.fingerprint", Field::tls_server_hash_sha1},
        {"tls.notbefore", Field::tls_server_not_before},
        {"tls.notafter", Field::tls_server_not_after},
        {"tls.ja3.hash", Field::tls_client_ja3},
        {"tls.ja3s.hash", Field::tls_server_ja3s},
        {"tls.ja4", Field::tls_client_ja4},
        {"flow.pkts_toserver", Field::source_packets},
        {"flow.pkts_toclient", Field::destination_packets},
        {"flow.bytes_toserver", Field::source_bytes},
        {"flow.bytes_toclient", Field::destination_bytes},
        {"flow.start", Field::event_start},
        {"flow.end", Field::event_end},
        {"flow.age", Field::event_duration, seconds},
        {"flow.state", Field::suricata_flow_state},
        {"netflow.pkts", Field::network_packets},
        {"netflow.bytes", Field::network_bytes},
        {"netflow.age", Field::event_duration, seconds},
        {"fileinfo.filename", Field::file_name},
        {"fileinfo.size", Field::file_size},
        {"fileinfo.magic", Field::file_type},
        {"fileinfo.md5", Field::file_hash_md5},
        {"fileinfo.sha1", Field::file_hash_sha1},
        {"fileinfo.sha256", Field::file_hash_sha256},
        {"fileinfo.mimetype", Field::file_mime_type},
        {"files.filename", Field::file_name},
        {"files.sha256", Field::file_hash_sha256},
        {"timestamp", Field::message, skip},
        {"payload", Field::message, skip},  // bytes: the raw record has them
        {"payload_printable", Field::message, skip},
        {"packet", Field::message, skip},
        {"tls.certificate", Field::message, skip},
        {"tls.chain", Field::message, skip},
        {"http.http_request_body", Field::message, skip},
        {"http.http_response_body", Field::message, skip},
        {"http.http_response_body_printable", Field::message, skip},
    };
    std::ranges::sort(rows, {}, &Row::path);
    return rows;
}

const Row* row_of(std::string_view path) {
    static const std::vector<Row> rows = sorted_rows();
    const auto found = std::ranges::lower_bound(rows, path, {}, &Row::path);
    return found != rows.end() && found->path == path ? &*found : nullptr;
}

/// What a type of record is: its kind, and the category of Sigma that its rules are written for.
struct Type {
    std::string_view name;
    EventKind kind = EventKind::log;
    std::string_view category;
    std::string_view network;  ///< the service of category `network` it is as well
};
constexpr Type kTypes[] = {{"alert", EventKind::notice, {}, {}},
                           {"http", EventKind::web, "webserver", {}},
                           {"dns", EventKind::dns, "dns", "dns"},
                           {"tls", EventKind::tls, {}, {}},
                           {"flow", EventKind::conn, "network", "connection"},
                           {"netflow", EventKind::conn, "network", "connection"},
                           {"ssh", EventKind::log, {}, {}},
                           {"fileinfo", EventKind::log, {}, {}},
                           {"anomaly", EventKind::log, {}, {}},
                           {"drop", EventKind::log, {}, {}},
                           {"smtp", EventKind::log, {}, {}},
                           {"ftp", EventKind::log, {}, {}},
                           {"smb", EventKind::log, {}, {}},
                           {"rdp", EventKind::log, {}, {}},
                           {"krb5", EventKind::log, {}, {}},
                           {"pgsql", EventKind::log, {}, {}},
                           {"quic", EventKind::log, {}, {}}};
constexpr Type kOther{"other", EventKind::log, {}, {}};

const Type& type_named(std::string_view name) {
    const auto* found = std::ranges::find(kTypes, name, &Type::name);
    return found == std::end(kTypes) ? kOther : *found;
}

std::string_view text_in(const json::value& value) {
    const auto* text = value.if_string();
    return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

const json::object* object_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

bool has_detailed_answers(const json::object& record) {
    const auto* dns = object_in(record, "dns");
    return dns != nullptr && (dns->contains("answers") || dns->contains("rdata"));
}

/// FTP's PASS: the password is kept neither as a field nor in the raw record.
bool says_password(const json::object& record) {
    const auto* ftp = object_in(record, "ftp");
    return ftp != nullptr && equals_ignoring_case(text_of(*ftp, "command"), "PASS");
}

std::string without_password(const json::object& record) {
    json::object harmless = record;
    harmless["ftp"].as_object()["command_data"] = "-";
    return json::serialize(harmless);
}

class EveFormat final : public Format {
  public:
    /// A `stats` record is no event: the sensor's counters, every eight seconds.
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const auto* record = json_.read(line);
        if (record == nullptr) return ParseResult::unparsed;
        const auto event_type = text_of(*record, "event_type");
        const auto time = parse_rfc3339(text_of(*record, "timestamp"), context.zone);
        if (event_type.empty() || !time) return ParseResult::unparsed;
        if (event_type == "stats") return ParseResult::blank;
        out.time = *time;
        grouped_ = !has_detailed_answers(*record);
        const bool login = says_password(*record);
        const auto visit = [&](std::string_view path, const json::value& value) {
            if (!login || path != "ftp.command_data") set(path, value, context, out);
        };
        Flattening{context, path_, visit}.walk(*record);
        complete_web(out);
        classify(type_named(event_type), out);
        if (login) out.set_raw(without_password(*record));
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {{}, "suricata", {}}; }
    std::string_view name() const override { return "eve"; }

  private:
    void set(std::string_view path, const json::value& value, ParseContext& context, Event& out) {
        if (const Row* row = row_of(path)) return set_known(*row, value, out);
        if (grouped_ && path.starts_with("dns.grouped."))
            set_value(Field::dns_answers_data, value, out);
        name_ = "suricata.eve.";
        name_ += path;
        set_unmapped(name_, value, context, out);
    }

    void set_known(const Row& row, const json::value& value, Event& out) {
        const auto text = text_in(value);
        switch (row.how) {
            case How::copy:
                return set_value(row.field, value, out);
            case How::lower:
                name_.assign(text.substr(0, kMaximumPath));
                std::ranges::transform(name_, name_.begin(), ascii_lower);
                return out.set(row.field, std::string_view(name_));
            case How::http_version:
                return out.set(row.field, text.starts_with("HTTP/") ? text.substr(5) : text);
            case How::seconds:
                if (const auto* age = value.if_int64();
                    age != nullptr && *age >= 0 && *age < 1'000'000'000)
                    out.set(row.field, *age * 1'000'000'000);
                return;
            case How::dns_type:
                if (text == "request") return out.set(row.field, "query");
                return out.set(row.field, text == "response" ? "answer" : text);
            case How::skip:
                return;
        }
    }

    void complete_web(Event& out) {
        if (!out.has(Field::url_original)) return;
        name_.assign(out.text(Field::url_original));  // a copy: setting moves the bytes
        set_url_parts(name_, out);
        if (const auto status = out.integer(Field::http_response_status_code))
            out.set(Field::event_outcome, *status < 400 ? "success" : "failure");
    }

    static void classify(const Type& type, Event& out) {
        out.kind = type.kind;
        out.logsource = {type.category, "suricata", type.name};
        if (type.kind == EventKind::web && is_egress(out)) out.logsource.category = "proxy";
        if (!type.network.empty()) out.also = {"network", {}, type.network};
        if (const auto source = out.ip(Field::source_ip))
            out.set(Field::network_type, source->is_v4() ? "ipv4" : "ipv6");
        if (type.kind == EventKind::notice) out.set(Field::event_category, "intrusion_detection");
        if (!out.has(Field::network_protocol) && type.kind != EventKind::notice &&
            type.kind != EventKind::conn && type.kind != EventKind::log)
            out.set(Field::network_protocol, type.name);
    }

    JsonLine json_;
    std::string path_;
    std::string name_;
    bool grouped_ = false;  // answers are listed by type only
};

}  // namespace

bool looks_like_eve(std::string_view line) {
    return line.starts_with('{') && line.find("\"event_type\":\"") != std::string_view::npos &&
           line.find("\"timestamp\":\"") != std::string_view::npos &&
           (line.find("\"src_ip\":\"") != std::string_view::npos ||
            line.find("\"event_type\":\"stats\"") != std::string_view::npos);
}

std::unique_ptr<Format> make_eve(const FormatOptions&) { return std::make_unique<EveFormat>(); }

}  // namespace kentongan::log
