#include "daemon/detect/sigma/field_map.hpp"

#include <algorithm>
#include <array>

namespace kentongan::sigma {

namespace {

struct Mapping {
    std::string_view from;
    std::string_view to;
};

/// https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html
constexpr std::array kTaxonomy{
    Mapping{"c-ip", "source.ip"},
    Mapping{"src_ip", "source.ip"},
    Mapping{"SourceIp", "source.ip"},
    Mapping{"src_port", "source.port"},
    Mapping{"SourcePort", "source.port"},
    Mapping{"dst_ip", "destination.ip"},
    Mapping{"DestinationIp", "destination.ip"},
    Mapping{"dst_port", "destination.port"},
    Mapping{"DestinationPort", "destination.port"},
    Mapping{"DestinationHostname", "destination.domain"},
    Mapping{"cs-username", "user.name"},
    Mapping{"username", "user.name"},
    Mapping{"cs-method", "http.request.method"},
    Mapping{"cs-uri-stem", "url.path"},
    Mapping{"c-uri-stem", "url.path"},
    Mapping{"c-uri-extension", "url.extension"},
    Mapping{"cs-referer", "http.request.referrer"},
    Mapping{"cs-referrer", "http.request.referrer"},
    Mapping{"cs-user-agent", "user_agent.original"},
    Mapping{"c-useragent", "user_agent.original"},
    Mapping{"cs-host", "url.domain"},
    Mapping{"r-dns", "url.domain"},
    Mapping{"cs-version", "http.version"},
    Mapping{"cs-content-type", "http.request.mime_type"},
    Mapping{"sc-status", "http.response.status_code"},
    Mapping{"sc-bytes", "http.response.body.bytes"},
    Mapping{"cs-bytes", "http.request.body.bytes"},
    Mapping{"Image", "process.executable"},
    Mapping{"CommandLine", "process.command_line"},
    Mapping{"CurrentDirectory", "process.working_directory"},
    Mapping{"ProcessId", "process.pid"},
    Mapping{"ParentImage", "process.parent.executable"},
    Mapping{"ParentCommandLine", "process.parent.command_line"},
    Mapping{"ParentProcessId", "process.parent.pid"},
    Mapping{"User", "user.name"},
    Mapping{"TargetFilename", "file.path"},
};

/// Zeek's field names are ordinary words, so they are mapped for rules on Zeek logs only.
constexpr std::array kZeek{
    Mapping{"id.orig_h", "source.ip"},
    Mapping{"id_orig_h", "source.ip"},
    Mapping{"id.orig_p", "source.port"},
    Mapping{"id_orig_p", "source.port"},
    Mapping{"id.resp_h", "destination.ip"},
    Mapping{"id_resp_h", "destination.ip"},
    Mapping{"id.resp_p", "destination.port"},
    Mapping{"id_resp_p", "destination.port"},
    Mapping{"uid", "zeek.session_id"},
    Mapping{"proto", "network.transport"},
    Mapping{"service", "network.protocol"},
    Mapping{"conn_state", "network.state"},
    Mapping{"history", "network.history"},
    Mapping{"orig_bytes", "source.bytes"},
    Mapping{"resp_bytes", "destination.bytes"},
    Mapping{"orig_pkts", "source.packets"},
    Mapping{"resp_pkts", "destination.packets"},
    Mapping{"orig_ip_bytes", "source.bytes"},
    Mapping{"resp_ip_bytes", "destination.bytes"},
    Mapping{"missed_bytes", "network.gap_bytes"},
    Mapping{"vlan", "network.vlan.id"},
    Mapping{"inner_vlan", "network.inner_vlan.id"},
    Mapping{"community_id", "network.community_id"},
    Mapping{"query", "dns.question.name"},
    Mapping{"qtype_name", "dns.question.type"},
    Mapping{"answers", "dns.answers.data"},
    Mapping{"rcode_name", "dns.response_code"},
    Mapping{"host", "url.domain"},
    Mapping{"method", "http.request.method"},
    Mapping{"user_agent", "user_agent.original"},
    Mapping{"c-useragent", "user_agent"},
    Mapping{"cs-host", "host"},
    Mapping{"cs-method", "method"},
    Mapping{"referrer", "http.request.referrer"},
    Mapping{"status_code", "http.response.status_code"},
    Mapping{"sc-status", "status_code"},
    Mapping{"request_body_len", "http.request.body.bytes"},
    Mapping{"response_body_len", "http.response.body.bytes"},
    Mapping{"orig_mime_types", "http.request.mime_type"},
    Mapping{"resp_mime_types", "http.response.mime_type"},
    Mapping{"server_name", "tls.client.server_name"},
    Mapping{"certificate.subject", "tls.server.subject"},
    Mapping{"certificate.issuer", "tls.server.issuer"},
    Mapping{"note", "zeek.notice.note"},
    Mapping{"sub", "zeek.notice.sub"},
};

/// Words of single Zeek logs, with another meaning in the rest.
struct ServiceMapping {
    std::string_view service;
    Mapping mapping;
};
constexpr std::array kZeekServices{
    ServiceMapping{"smb_files", {"name", "file.name"}},
    ServiceMapping{"smb_files", {"size", "file.size"}},
    ServiceMapping{"kerberos", {"client", "user.name"}},
    ServiceMapping{"rdp", {"cookie", "user.name"}},
    ServiceMapping{"ntlm", {"username", "user.name"}},
    ServiceMapping{"ftp", {"user", "user.name"}},
    ServiceMapping{"files", {"filename", "file.name"}},
    ServiceMapping{"files", {"mime_type", "file.magic"}},
    ServiceMapping{"files", {"source", "file.source"}},
    ServiceMapping{"files", {"seen_bytes", "file.size"}},
    ServiceMapping{"files", {"missing_bytes", "file.gap_bytes"}},
    ServiceMapping{"files", {"sha256", "file.hash.sha256"}},
    ServiceMapping{"files", {"tx_hosts", "source.ip"}},
    ServiceMapping{"files", {"rx_hosts", "destination.ip"}},
    // What the wire shows as events of these logs has ECS names only.
    ServiceMapping{"http", {"version", "http.version"}},
    ServiceMapping{"dns", {"trans_id", "dns.id"}},
    ServiceMapping{"dns", {"qclass_name", "dns.question.class"}},
    ServiceMapping{"ssl", {"version", "tls.version"}},
    ServiceMapping{"ssl", {"cipher", "tls.cipher"}},
    ServiceMapping{"ssl", {"curve", "tls.curve"}},
    ServiceMapping{"ssl", {"established", "tls.established"}},
    ServiceMapping{"ssl", {"resumed", "tls.resumed"}},
    ServiceMapping{"ssl", {"next_protocol", "tls.next_protocol"}},
    ServiceMapping{"ssl", {"last_alert", "tls.alert"}},
    ServiceMapping{"ssl", {"subject", "tls.server.subject"}},
    ServiceMapping{"ssl", {"issuer", "tls.server.issuer"}},
    ServiceMapping{"ssl", {"ja3", "tls.client.ja3"}},
    ServiceMapping{"ssl", {"ja3s", "tls.server.ja3s"}},
    ServiceMapping{"ssl", {"ja4", "tls.client.ja4"}},
    ServiceMapping{"x509", {"fingerprint", "tls.server.hash.sha256"}},
    ServiceMapping{"x509", {"certificate.serial", "tls.server.serial_number"}},
    ServiceMapping{"x509", {"certificate.key_alg", "tls.server.public_key_algorithm"}},
    ServiceMapping{"x509", {"san.dns", "tls.server.alternative_names"}},
    ServiceMapping{"ssh", {"client", "ssh.client.version"}},
    ServiceMapping{"ssh", {"server", "ssh.server.version"}},
    ServiceMapping{"ssh", {"auth_attempts", "ssh.auth.attempts"}},
    ServiceMapping{"ssh", {"hassh", "ssh.client.hassh"}},
    ServiceMapping{"ssh", {"hasshServer", "ssh.server.hassh"}},
    ServiceMapping{"smtp", {"helo", "smtp.helo"}},
    ServiceMapping{"smtp", {"from", "email.from.address"}},
    ServiceMapping{"smtp", {"to", "email.to.address"}},
    ServiceMapping{"smtp", {"subject", "email.subject"}},
    ServiceMapping{"smtp", {"msg_id", "email.message_id"}},
    ServiceMapping{"smtp", {"last_reply", "smtp.last_reply"}},
    ServiceMapping{"smtp", {"tls", "smtp.tls"}},
    ServiceMapping{"ftp", {"command", "ftp.command"}},
    ServiceMapping{"ftp", {"arg", "ftp.argument"}},
    ServiceMapping{"ftp", {"reply_code", "ftp.reply_code"}},
    ServiceMapping{"ftp", {"reply_msg", "ftp.reply"}},
};

constexpr std::array kDns{
    Mapping{"query", "dns.question.name"},       Mapping{"QueryName", "dns.question.name"},
    Mapping{"record_type", "dns.question.type"}, Mapping{"record_type", "qtype_name"},
    Mapping{"answer", "dns.answers.data"},       Mapping{"answer", "answers"},
};

constexpr std::array kSudo{
    Mapping{"USER", "user.effective.name"},
    Mapping{"COMMAND", "process.command_line"},
    Mapping{"PWD", "process.working_directory"},
    Mapping{"TTY", "process.tty.name"},
};

/// Rules carry paths in the "query" and whole URIs in both (SigmaHQ issue 471).
constexpr std::array<std::string_view, 3> kUri{"cs-uri", "c-uri", "uri"};
constexpr std::array<std::string_view, 2> kQuery{"cs-uri-query", "c-uri-query"};

void add(FieldNames& out, std::string_view name) {
    if (std::ranges::find(out.names, name) == out.names.end()) out.names.emplace_back(name);
}

void add_from(const auto& table, std::string_view name, FieldNames& out) {
    for (const Mapping& mapping : table)
        if (mapping.from == name) add(out, mapping.to);
}

bool is_one_of(const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

void add_uri(std::string_view name, FieldNames& out) {
    const bool query = is_one_of(kQuery, name);
    if (query) add(out, "url.query");
    for (const auto alias : kQuery)
        if (query) add(out, alias);
    if (query) out.presence = out.names.size();
    add(out, "url.original");
    for (const auto alias : kUri) add(out, alias);
}

}  // namespace

FieldNames field_names(std::string_view rule_field, const LogSourceNames& logsource) {
    FieldNames out;
    const bool zeek = logsource.product == "zeek";
    const bool uri = zeek && (rule_field == "uri" || rule_field == "c-uri-stem");
    if (uri || is_one_of(kQuery, rule_field) || rule_field == "cs-uri" || rule_field == "c-uri")
        add_uri(rule_field, out);
    if (zeek) add_from(kZeek, rule_field, out);
    for (const auto& [service, mapping] : kZeekServices)
        if (zeek && service == logsource.service && mapping.from == rule_field)
            add(out, mapping.to);
    if (zeek || logsource.category == "dns") add_from(kDns, rule_field, out);
    if (logsource.service == "sudo") add_from(kSudo, rule_field, out);
    add_from(kTaxonomy, rule_field, out);
    add(out, rule_field);
    if (out.presence == 0) out.presence = out.names.size();
    return out;
}

}  // namespace kentongan::sigma
