#include "daemon/detect/subject.hpp"

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kExcerptCap = 1024;

std::string text_of(const Event& event, Field field) {
    return printable_utf8(event.get(field).to_string(), kExcerptCap);
}

std::optional<std::uint16_t> port_of(const Event& event, Field field) {
    const auto number = event.integer(field);
    if (!number || *number < 0 || *number > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

std::string_view evidence_kind(const Event& event) {
    const auto source = event.origin.source;
    if (source.starts_with("pcap:") || source.starts_with("packet:")) return "packet";
    switch (event.kind) {
        case EventKind::conn:
        case EventKind::dns:
        case EventKind::tls:
        case EventKind::ssh:
        case EventKind::sql:
        case EventKind::mail:
        case EventKind::ftp:
        case EventKind::payload:
        case EventKind::content:
        case EventKind::anomaly:
            return "packet";
        case EventKind::file:
        case EventKind::published:
            return "file";
        case EventKind::notice:
        case EventKind::report:
            return "event";
        default:
            return "log";
    }
}

}  // namespace

Subject subject_of(const Event& event) {
    Subject out;
    out.source_ip = event.ip(Field::source_ip);
    out.source_port = port_of(event, Field::source_port);
    out.destination_ip = event.ip(Field::destination_ip);
    out.destination_port = port_of(event, Field::destination_port);
    out.user = text_of(event, Field::user_name);
    if (out.user.empty()) out.user = text_of(event, Field::sirekap_account);
    out.host = text_of(event, Field::host_hostname);
    out.file_path = text_of(event, Field::file_path);
    out.file_sha256 = text_of(event, Field::file_hash_sha256);
    out.url = text_of(event, Field::url_original);
    out.tps = text_of(event, Field::sirekap_tps);
    out.area = text_of(event, Field::sirekap_area);
    if (out.area.empty() && out.tps.size() >= 6) out.area = out.tps.substr(0, 6);
    return out;
}

Evidence evidence_of(const Event& event) {
    const std::string json = event.raw().empty() ? to_json(event) : std::string{};
    const std::string_view record = event.raw().empty() ? std::string_view{json} : event.raw();
    return {std::string(evidence_kind(event)), std::string(event.origin.source),
            event.origin.position, sha256_hex(record), printable_utf8(record, kExcerptCap)};
}

namespace {
std::string entity_of(const Subject& subject, const Event& event) {
    if (!subject.tps.empty()) return subject.tps;
    if (!subject.file_path.empty()) return subject.file_path;
    if (subject.source_ip) return subject.source_ip->to_string();
    if (!subject.user.empty()) return subject.user;
    if (!subject.host.empty()) return subject.host;
    return std::string(event.origin.source);
}
}  // namespace

Finding finding_of(std::shared_ptr<const Rule> rule, const Event& event, std::string message) {
    Finding out;
    out.rule = std::move(rule);
    out.time = event.time;
    out.subject = subject_of(event);
    out.entity = entity_of(out.subject, event);
    out.message = std::move(message);
    out.evidence.push_back(evidence_of(event));
    return out;
}

}  // namespace kentongan
