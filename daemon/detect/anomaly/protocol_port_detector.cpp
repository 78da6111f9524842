// Which protocol belongs where, and what was spoken where before.
#include "daemon/detect/anomaly/protocol_port_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {

constexpr Duration kDay = std::chrono::hours{24};
constexpr Duration kMemory = 30 * kDay;
constexpr std::int64_t kBadRequest = 400;

struct Usual {
    std::string_view protocol;
    std::span<const std::int64_t> ports;
};
constexpr std::array<std::int64_t, 19> kHttp{80,   631,  1900, 2375, 3000, 3128, 5000,
                                             5985, 8000, 8008, 8080, 8081, 8086, 8088,
                                             8090, 8888, 9090, 9093, 9200};
/// Implicit TLS, and the ports where STARTTLS or the like comes first.
constexpr std::array<std::int64_t, 38> kTls{
    443,  465,  563,  636,  853,  989,  990,  992,  993,  994,  995,  2376, 2379,
    2380, 3269, 4443, 5061, 5671, 5986, 6443, 6514, 8443, 8531, 8883, 9443, 10250,
    21,   25,   110,  143,  389,  587,  1433, 2525, 3306, 3389, 5222, 5432};
constexpr std::array<std::int64_t, 3> kQuic{443, 853, 8443};
constexpr std::array<std::int64_t, 3> kSsh{22, 830, 2222};
constexpr std::array<std::int64_t, 4> kDns{53, 137, 5353, 5355};
constexpr std::array<std::int64_t, 4> kSmtp{25, 465, 587, 2525};
constexpr std::array<std::int64_t, 2> kFtp{21, 990};
constexpr std::array<std::int64_t, 2> kMysql{3306, 33060};
constexpr std::array<std::int64_t, 2> kPostgresql{5432, 6432};
constexpr std::array<Usual, 9> kUsual{{{"http", kHttp},
                                       {"tls", kTls},
                                       {"quic", kQuic},
                                       {"ssh", kSsh},
                                       {"dns", kDns},
                                       {"smtp", kSmtp},
                                       {"ftp", kFtp},
                                       {"mysql", kMysql},
                                       {"postgresql", kPostgresql}}};

struct Owner {
    std::int64_t port;
    std::string_view protocol;
};
constexpr std::array<Owner, 16> kOwners{{{21, "FTP"},
                                         {22, "SSH"},
                                         {23, "Telnet"},
                                         {25, "SMTP"},
                                         {53, "DNS"},
                                         {80, "HTTP"},
                                         {110, "POP3"},
                                         {123, "NTP"},
                                         {143, "IMAP"},
                                         {443, "TLS"},
                                         {587, "SMTP"},
                                         {853, "DNS over TLS"},
                                         {993, "IMAP over TLS"},
                                         {995, "POP3 over TLS"},
                                         {3306, "MySQL"},
                                         {5432, "PostgreSQL"}}};

/// Zeek writes several with commas and in any case; the first counts.
std::string protocol_of(const Event& event) {
    const std::string_view text = event.text(Field::network_protocol);
    std::string out = to_lower(text.substr(0, text.find(',')));
    return out == "ssl" ? "tls" : out;
}

bool was_answered(const Event& event) {
    switch (event.kind) {
        case EventKind::web: {
            const auto status = event.integer(Field::http_response_status_code).value_or(0);
            return status >= 200 && status != kBadRequest;
        }
        case EventKind::tls:
            return !event.text(Field::tls_version).empty();
        case EventKind::dns:
            return !event.text(Field::dns_response_code).empty();
        default:
            return true;  // told of when both ends have spoken
    }
}

std::string key_of(std::string_view protocol, const Endpoint& server) {
    return fmt::format("{} {}", protocol, server.to_string());
}

}  // namespace

bool is_usual(std::string_view protocol, std::int64_t port) {
    const auto found = std::ranges::find(kUsual, protocol, &Usual::protocol);
    return found == kUsual.end() || std::ranges::find(found->ports, port) != found->ports.end();
}

std::string_view owner_of(std::int64_t port) {
    const auto found = std::ranges::find(kOwners, port, &Owner::port);
    return found == kOwners.end() ? std::string_view{} : found->protocol;
}

ProtocolPortDetector::ProtocolPortDetector(const AnomalyOptions& options)
    : ours_(options.own_networks), spoken_(options.table_entries, kMemory, options.seed) {}

bool ProtocolPortDetector::wants(EventKind kind) const {
    switch (kind) {
        case EventKind::web:
        case EventKind::dns:
        case EventKind::tls:
        case EventKind::ssh:
        case EventKind::sql:
        case EventKind::mail:
        case EventKind::ftp:
            return true;
        default:
            return false;
    }
}

bool ProtocolPortDetector::picks(const Event& event) const {
    const auto port = event.integer(Field::destination_port);
    return port && *port > 0 && *port <= 65535 && !event.text(Field::network_protocol).empty() &&
           !is_usual(protocol_of(event), *port);
}

std::uint64_t ProtocolPortDetector::evicted() const { return spoken_.evicted(); }

bool ProtocolPortDetector::is_ours(const IpAddress& address) const {
    return is_internal(address) || is_in(address, ours_);
}

void ProtocolPortDetector::inspect(const Event& event, FindingSink& out) {
    const auto from = event.ip(Field::source_ip);
    const auto to = event.ip(Field::destination_ip);
    if (!picks(event) || !from || !to || !was_answered(event)) return;
    const bool to_ours = is_ours(*to);
    const std::int64_t port = event.integer(Field::destination_port).value_or(0);
    const std::string_view owner = owner_of(port);
    if (!to_ours && (owner.empty() || !is_ours(*from))) return;
    clock_.changed();
    begun_ = std::min(begun_, event.time);
    const Endpoint server{*to, static_cast<std::uint16_t>(port)};
    const std::string protocol = protocol_of(event);
    const bool is_new = spoken_.touch(key_of(protocol, server), event.time).created;
    if (!is_new || (owner.empty() && event.time - begun_ < kDay)) return;
    Finding finding = finding_of(
        protocol_port_rule(), event,
        fmt::format("{} spoke {} on {}, {}", from->to_string(), protocol, server.to_string(),
                    owner.empty() ? std::string("where it was not spoken in the 30 days before")
                                  : fmt::format("a port of {}", owner)));
    finding.entity = key_of(protocol, server);
    out.report(std::move(finding));
}

void ProtocolPortDetector::advance(Timestamp now, FindingSink&) {
    begun_ = std::min(begun_, now);
    spoken_.expire(now);
    clock_.at(now);
}

std::optional<std::string> ProtocolPortDetector::checkpoint() {
    if (!clock_.take()) return std::nullopt;
    StateWriter out{name(), 1};
    out.begin("begun");
    out.add(begun_, "");
    out.begin("spoken");
    spoken_.for_each_touched(
        [&](const std::string& key, Timestamp touched, bool) { out.add(touched, key); });
    return out.finish();
}

Result<> ProtocolPortDetector::restore(std::string_view state) {
    auto out = read_state(state, name(), 1, [&](std::string_view section, StateLine line) {
        if (section == "begun") begun_ = line.touched();
        if (section != "spoken") return section == "begun";
        spoken_.touch(std::string(line.rest()), line.touched());
        return !line.rest().empty();
    });
    if (!out) {
        spoken_.clear();
        begun_ = Timestamp::max();
    }
    return out;
}

}  // namespace kentongan::anomaly
