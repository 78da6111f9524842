#include "collectors/packet/events.hpp"

#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

std::string_view transport_of(const Tuple& tuple) {
    switch (tuple.protocol) {
        case protocol::kTcp:
            return "tcp";
        case protocol::kUdp:
            return "udp";
        case protocol::kIcmp:
            return "icmp";
        default:
            return "ipv6-icmp";
    }
}

std::int64_t count(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

void EventWriter::begin(EventKind kind, std::string_view category, Timestamp time,
                        std::uint64_t position) {
    event_.clear();
    event_.kind = kind;
    event_.time = time;
    event_.logsource.category = category;
    event_.origin = {source_, position};
}

void EventWriter::set_ends(const Tuple& tuple) {
    event_.set(Field::source_ip, tuple.source);
    event_.set(Field::source_port, int{tuple.source_port});
    event_.set(Field::destination_ip, tuple.destination);
    event_.set(Field::destination_port, int{tuple.destination_port});
    event_.set(Field::network_transport, transport_of(tuple));
    event_.set(Field::network_community_id, community_id_.of(tuple));
}

const Event& EventWriter::connection(const Flow& flow, Timestamp time) {
    begin(EventKind::conn, "network", time, flow.first_packet);
    set_ends(flow.tuple);
    event_.set(Field::network_type, flow.ip_version == 6 ? "ipv6" : "ipv4");
    event_.set(Field::network_state, connection_state(flow));
    if (flow.vlan != 0) event_.set(Field::network_vlan_id, int{flow.vlan});
    event_.set(Field::source_bytes, count(flow.originator.bytes));
    event_.set(Field::source_packets, count(flow.originator.packets));
    event_.set(Field::destination_bytes, count(flow.responder.bytes));
    event_.set(Field::destination_packets, count(flow.responder.packets));
    event_.set(Field::event_start, to_rfc3339(flow.first, 6));
    event_.set(Field::event_duration, std::int64_t{(flow.last - flow.first).count()});
    return event_;
}

const Event& EventWriter::web(const HttpExchange& x, const Tuple& tuple, Timestamp time) {
    begin(EventKind::web, "webserver", time, x.packet);
    set_ends(tuple);
    const auto set = [this](Field field, std::string_view text) {
        if (!text.empty()) event_.set(field, text);
    };
    const TargetParts parts = split_target(x.target);
    event_.set(Field::network_protocol, "http");
    event_.set(Field::http_request_method, x.method);
    set(Field::url_original, x.target);
    set(Field::url_path, parts.path);
    set(Field::url_query, parts.query);
    set(Field::url_domain, to_lower(x.host));
    set(Field::http_version, x.version);
    set(Field::user_agent_original, x.user_agent);
    set(Field::http_request_referrer, x.referrer);
    set(Field::http_request_mime_type, x.mime_type);
    event_.set(Field::http_request_body_bytes, x.body_bytes);
    set(Field::http_request_body_content, x.body);
    if (x.status) event_.set(Field::http_response_status_code, *x.status);
    if (x.response_bytes) event_.set(Field::http_response_body_bytes, *x.response_bytes);
    event_.set_raw(x.head);
    return event_;
}

}  // namespace kentongan::packet
