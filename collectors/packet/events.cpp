#include "collectors/packet/events.hpp"

#include "collectors/packet/protocol/pending.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

std::string_view transport_of(const Tuple& tuple) {
    switch (tuple.protocol) {
        case protocol::kTcp:
            return "tcp";
        case protocol::kUdp:
            return "udp";
        case protocol::kSctp:
            return "sctp";
        case protocol::kIcmp:
            return "icmp";
        default:
            return "ipv6-icmp";
    }
}

std::int64_t count(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

Event& EventWriter::begin(EventKind kind, std::string_view category, const Tuple& tuple,
                          const Moment& at) {
    event_.clear();
    event_.kind = kind;
    event_.time = at.time;
    event_.logsource.category = category;
    event_.origin = {source_, at.packet};
    set_ends(tuple);
    return event_;
}

void EventWriter::set_ends(const Tuple& tuple) {
    event_.set(Field::source_ip, tuple.source);
    event_.set(Field::source_port, int{tuple.source_port});
    event_.set(Field::destination_ip, tuple.destination);
    event_.set(Field::destination_port, int{tuple.destination_port});
    event_.set(Field::network_transport, transport_of(tuple));
    event_.set(Field::network_community_id, community_id_.of(tuple));
}

const Event& EventWriter::ongoing(const Flow& flow, Timestamp time) {
    (void)connection(flow, time);
    event_.also = {};  // Zeek tells a connection once, at its end
    event_.set(Field::event_action, "ongoing");
    return event_;
}

const Event& EventWriter::connection(const Flow& flow, Timestamp time) {
    static const Field kService = field_named("service");
    static const Field kDuration = field_named("duration");  // Zeek's: seconds
    (void)begin(EventKind::conn, "network", flow.tuple, {time, flow.first_packet});
    event_.set(Field::network_type, flow.ip_version == 6 ? "ipv6" : "ipv4");
    event_.logsource = {"network", {}, "connection"};
    event_.also = {"network_connection", "zeek", "conn"};
    event_.set(Field::network_state, connection_state(flow));
    if (!flow.service.empty()) event_.set(Field::network_protocol, flow.service);
    if (flow.service == "tls") event_.set(kService, "ssl");  // as Zeek calls it
    if (!flow.history.text().empty()) event_.set(Field::network_history, flow.history.text());
    if (flow.originator_spoke_first && flow.tuple.protocol != protocol::kIcmp &&
        flow.tuple.protocol != protocol::kIcmp6)
        event_.set(Field::network_first_data,
                   *flow.originator_spoke_first ? "originator" : "responder");
    if (flow.vlan != 0) event_.set(Field::network_vlan_id, int{flow.vlan});
    if (flow.inner_vlan != 0) event_.set(Field::network_inner_vlan_id, int{flow.inner_vlan});
    if (flow.tunnel != Tunnel::none) event_.set(Field::network_tunnel, name_of(flow.tunnel));
    event_.set(Field::source_bytes, count(flow.originator.bytes));
    event_.set(Field::source_packets, count(flow.originator.packets));
    event_.set(Field::destination_bytes, count(flow.responder.bytes));
    event_.set(Field::destination_packets, count(flow.responder.packets));
    if (flow.gap_bytes != 0) event_.set(Field::network_gap_bytes, count(flow.gap_bytes));
    event_.set(Field::event_start, to_rfc3339(flow.first, 6));
    event_.set(Field::event_duration, std::int64_t{(flow.last - flow.first).count()});
    event_.set(kDuration, std::chrono::duration<double>(flow.last - flow.first).count());
    return event_;
}

}  // namespace kentongan::packet
