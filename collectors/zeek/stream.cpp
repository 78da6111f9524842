#include "collectors/zeek/stream.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "collectors/zeek/native.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::zeek {

namespace {

constexpr std::size_t kNameCap = 64;

struct Row {
    std::string_view native;
    Field ecs;
    Conversion conversion = Conversion::copy;
};

using enum Conversion;

constexpr Row kNotice[] = {
    {"note", Field::zeek_notice_note},
    {"note", Field::rule_name},
    {"msg", Field::message},
    {"sub", Field::zeek_notice_sub},
    {"src", Field::source_ip, address},
    {"dst", Field::destination_ip, address},
    {"p", Field::destination_port, integer},
    {"peer_descr", Field::host_hostname},
};
constexpr Row kIntel[] = {
    {"seen.indicator", Field::zeek_notice_sub},
    {"seen.host", Field::source_ip, address},
    {"seen.node", Field::host_hostname},
};
constexpr Row kSignatures[] = {
    {"note", Field::zeek_notice_note},
    {"note", Field::rule_name},
    {"event_msg", Field::message},
    {"sub_msg", Field::zeek_notice_sub},
    {"src_addr", Field::source_ip, address},
    {"src_port", Field::source_port, integer},
    {"dst_addr", Field::destination_ip, address},
    {"dst_port", Field::destination_port, integer},
};
/// Every stream; after the stream's own.
constexpr Row kCommon[] = {
    {"id.orig_h", Field::source_ip, address},
    {"id.orig_p", Field::source_port, integer},
    {"id.resp_h", Field::destination_ip, address},
    {"id.resp_p", Field::destination_port, integer},
    {"uid", Field::zeek_uid},
    {"proto", Field::network_transport},
    {"community_id", Field::network_community_id},
};
constexpr Row kConn[] = {
    {"service", Field::network_protocol},
    {"duration", Field::event_duration, nanoseconds},
    {"orig_bytes", Field::source_bytes, integer},
    {"resp_bytes", Field::destination_bytes, integer},
    {"orig_pkts", Field::source_packets, integer},
    {"resp_pkts", Field::destination_packets, integer},
    {"conn_state", Field::network_state},
    {"history", Field::network_history},
    {"vlan", Field::network_vlan_id, integer},
    {"id.vlan", Field::network_vlan_id, integer},
};
constexpr Row kDns[] = {
    {"query", Field::dns_question_name},  {"qtype_name", Field::dns_question_type},
    {"answers", Field::dns_answers_data}, {"rcode_name", Field::dns_response_code},
    {"trans_id", Field::dns_id, integer}, {"rtt", Field::event_duration, nanoseconds},
};
constexpr Row kHttp[] = {
    {"method", Field::http_request_method},
    {"host", Field::url_domain},
    {"uri", Field::url_original},
    {"referrer", Field::http_request_referrer},
    {"user_agent", Field::user_agent_original},
    {"version", Field::http_version},
    {"request_body_len", Field::http_request_body_bytes, integer},
    {"response_body_len", Field::http_response_body_bytes, integer},
    {"status_code", Field::http_response_status_code, integer},
    {"username", Field::user_name},
    {"orig_mime_types", Field::http_request_mime_type},
    {"resp_mime_types", Field::http_response_mime_type},
};
constexpr Row kSsl[] = {
    {"version", Field::tls_version},
    {"cipher", Field::tls_cipher},
    {"server_name", Field::tls_client_server_name},
    {"established", Field::tls_established},
    {"subject", Field::tls_server_subject},
    {"issuer", Field::tls_server_issuer},
};
constexpr Row kX509[] = {
    {"certificate.subject", Field::tls_server_subject},
    {"certificate.issuer", Field::tls_server_issuer},
};
constexpr Row kFtp[] = {{"user", Field::user_name}, {"command", Field::event_action}};
constexpr Row kFiles[] = {
    {"filename", Field::file_name},
    {"total_bytes", Field::file_size, integer},
    {"sha256", Field::file_hash_sha256},
};
constexpr Row kSmbFiles[] = {{"name", Field::file_name}, {"size", Field::file_size, integer}};
constexpr Row kKerberos[] = {{"client", Field::user_name}};
constexpr Row kRdp[] = {{"cookie", Field::user_name}};
constexpr Row kNtlm[] = {{"username", Field::user_name}, {"hostname", Field::source_domain}};
constexpr Row kReporter[] = {{"message", Field::message}, {"level", Field::log_level}};

constexpr std::string_view kOthers[] = {
    "analyzer",       "broker",        "capture_loss",
    "cluster",        "communication", "config",
    "dhcp",           "dnp3",          "dpd",
    "event",          "irc",           "known_certs",
    "known_devices",  "known_hosts",   "known_services",
    "ldap",           "ldap_search",   "loaded_scripts",
    "modbus",         "mqtt_connect",  "mqtt_publish",
    "mqtt_subscribe", "netcontrol",    "ntp",
    "ocsp",           "packet_filter", "pe",
    "postgresql",     "print",         "quic",
    "radius",         "redis",         "software",
    "stats",          "syslog",        "telemetry",
    "traceroute",     "tunnel",        "unified2",
    "websocket",      "weird",         "smb_mapping",
    "snmp",           "socks",         "sip",
    "smtp",           "rfb",           "mysql",
};

Field interned(std::string_view name) { return intern_field(name).value_or(Field::message); }

/// A native name may be an ECS name where it is not of a group that is ours (native.cpp).
bool is_contested(Field ecs, const std::vector<EcsMapping>& earlier) {
    return native_field(name_of(ecs)).has_value() ||
           std::ranges::any_of(earlier, [&](const EcsMapping& one) { return one.ecs == ecs; });
}

/// Made once: every known stream with its native names interned.
class Catalogue {
  public:
    Catalogue() {
        for (const auto name : kOthers) add({name, "", "", EventKind::log, {}}, {});
        add({"conn", "network", "", EventKind::conn, {}}, kConn);
        add({"dns", "dns", "dns", EventKind::dns, {}}, kDns);
        add({"http", "webserver", "http", EventKind::web, {}}, kHttp);
        add({"ssl", "", "tls", EventKind::tls, {}}, kSsl);
        add({"x509", "", "tls", EventKind::log, {}}, kX509);
        add({"notice", "", "", EventKind::notice, {}}, kNotice);
        add({"notice_alarm", "", "", EventKind::notice, {}}, kNotice);
        add({"intel", "", "", EventKind::notice, {}}, kIntel);
        add({"signatures", "", "", EventKind::notice, {}}, kSignatures);
        add({"ssh", "", "ssh", EventKind::log, {}}, {});
        add({"rdp", "", "rdp", EventKind::log, {}}, kRdp);
        add({"kerberos", "", "kerberos", EventKind::log, {}}, kKerberos);
        add({"ntlm", "", "ntlm", EventKind::log, {}}, kNtlm);
        add({"smb_files", "", "smb", EventKind::log, {}}, kSmbFiles);
        add({"dce_rpc", "", "dce_rpc", EventKind::log, {}}, {});
        add({"ftp", "", "ftp", EventKind::log, {}}, kFtp);
        add({"files", "", "", EventKind::log, {}}, kFiles);
        add({"reporter", "", "", EventKind::log, {}}, kReporter);
        add({"other", "", "", EventKind::log, {}}, {});
    }

    const Stream& find(std::string_view name) const {
        const auto found = streams_.find(name);
        return found == streams_.end() ? streams_.at("other") : found->second;
    }

  private:
    void add(Stream stream, std::span<const Row> rows) {
        for (const auto group : {rows, std::span<const Row>(kCommon)})
            for (const Row& row : group)
                stream.mappings.push_back({interned(row.native), row.ecs, row.conversion,
                                           is_contested(row.ecs, stream.mappings)});
        streams_.emplace(stream.service, std::move(stream));
    }

    std::map<std::string_view, Stream> streams_;
};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// CaptureLoss to capture_loss; SSH and X509 to lower case only.
std::string snake(std::string_view module) {
    std::string out;
    for (std::size_t i = 0; i < module.size(); ++i) {
        const bool starts_word = i > 0 && is_upper(module[i]) && !is_upper(module[i - 1]) &&
                                 i + 1 < module.size() && !is_upper(module[i + 1]);
        if (starts_word && module[i - 1] != '_') out += '_';
        out += ascii_lower(module[i]);
    }
    return out;
}

}  // namespace

std::string stream_name(std::string_view stream) {
    stream = stream.substr(0, kNameCap);
    const auto colons = stream.find("::");
    if (colons == std::string_view::npos) return to_lower(stream);
    std::string name = snake(stream.substr(0, colons));
    if (name == "krb") name = "kerberos";
    std::string_view log = stream.substr(colons + 2);
    if (log == "LOG") return name;
    if (log.ends_with("_LOG")) log.remove_suffix(4);
    return name + '_' + to_lower(log);
}

const Stream& stream_called(std::string_view name) {
    static const Catalogue catalogue;
    return catalogue.find(name);
}

}  // namespace kentongan::zeek
