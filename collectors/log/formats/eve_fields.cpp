#include "collectors/log/formats/eve_fields.hpp"

#include <algorithm>
#include <vector>

namespace kentongan::log {

namespace {

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

std::vector<EveField> sorted_rows() {
    using enum EveConversion;
    std::vector<EveField> rows{
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
    std::ranges::sort(rows, {}, &EveField::path);
    return rows;
}

constexpr EveType kTypes[] = {{"alert", EventKind::notice, {}, {}},
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
constexpr EveType kOther{"other", EventKind::log, {}, {}};

}  // namespace

const EveField* eve_field(std::string_view path) {
    static const std::vector<EveField> rows = sorted_rows();
    const auto found = std::ranges::lower_bound(rows, path, {}, &EveField::path);
    return found != rows.end() && found->path == path ? &*found : nullptr;
}

const EveType& eve_type(std::string_view name) {
    const auto* found = std::ranges::find(kTypes, name, &EveType::name);
    return found == std::end(kTypes) ? kOther : *found;
}

}  // namespace kentongan::log
