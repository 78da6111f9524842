#include "collectors/packet/flow.hpp"

#include <utility>

namespace kentongan::packet {

namespace {

bool has(const Decoded& packet, std::uint8_t flags) { return (packet.flags & flags) == flags; }
bool is_syn(const Decoded& packet) {
    return has(packet, tcp::kSyn) && !has(packet, tcp::kAck) && !has(packet, tcp::kRst);
}
bool is_syn_ack(const Decoded& packet) {
    return has(packet, tcp::kSyn | tcp::kAck) && !has(packet, tcp::kRst);
}

/// Sequence numbers a packet takes up: its payload, and one for SYN and FIN each.
std::uint32_t sequence_end(const Decoded& packet) {
    return packet.sequence + packet.payload_bytes + (has(packet, tcp::kSyn) ? 1u : 0u) +
           (has(packet, tcp::kFin) ? 1u : 0u);
}

/// A RST counts when it is near what the side would send next, or answers a SYN.
bool believable_rst(const FlowSide& side, const Decoded& packet) {
    constexpr std::uint32_t kWindow = 1u << 20;
    if (side.packets == 0) return true;
    return packet.sequence - side.next + kWindow <= 2 * kWindow;
}

/// Tries to tell the listening side of a connection whose start was not seen.
bool looks_like_answer(const Decoded& packet) {
    return packet.tuple.source_port < 1024 && packet.tuple.destination_port >= 1024;
}

void note(Flow& flow, const Decoded& packet, bool from_originator) {
    enum : unsigned { syn, syn_ack, ack, data, fin, rst };
    History& history = flow.history;
    if (has(packet, tcp::kSyn))
        history.note(has(packet, tcp::kAck) ? syn_ack : syn, from_originator);
    if (packet.payload_bytes > 0)
        history.note(data, from_originator);
    else if ((packet.flags & (tcp::kSyn | tcp::kFin | tcp::kAck)) == tcp::kAck)
        history.note(ack, from_originator);
    if (has(packet, tcp::kFin)) history.note(fin, from_originator);
    if (has(packet, tcp::kRst)) history.note(rst, from_originator);
}

FlowClass class_of(const Flow& flow) {
    if (flow.tuple.protocol != protocol::kTcp)
        return flow.answered() ? FlowClass::datagram : FlowClass::one_way;
    if (flow.originator.rst || flow.responder.rst) return FlowClass::closing;
    if (flow.originator.fin && flow.responder.fin) return FlowClass::closing;
    if (flow.originator.packets == 0 || flow.responder.packets == 0)
        return flow.originator.syn ? FlowClass::attempt : FlowClass::one_way;
    return FlowClass::stream;
}

void advance_side(FlowSide& side, const Decoded& packet) {
    const std::uint32_t end = sequence_end(packet);
    if (side.packets == 1 || before(side.next, end)) side.next = end;
}

TcpChange observe_flags(Flow& flow, const Decoded& packet, bool from_originator) {
    TcpChange change;
    FlowSide& side = from_originator ? flow.originator : flow.responder;
    if (is_syn(packet) && from_originator) {
        change.syn = true;
        if (!side.syn) flow.pending = true;
        if (flow.pending) flow.first_sequence = packet.sequence;
        side.syn = true;
    }
    if (is_syn_ack(packet) && !from_originator) {
        change.answered = std::exchange(flow.pending, false);
        if (!side.syn) flow.responder_sequence = packet.sequence;
        side.syn = true;
    }
    if (has(packet, tcp::kRst) && believable_rst(side, packet)) {
        if (!from_originator) change.rejected = std::exchange(flow.pending, false);
        side.rst = true;
    }
    if (has(packet, tcp::kFin)) side.fin = true;
    return change;
}

}  // namespace

void begin_flow(Flow& flow, const Decoded& packet) {
    flow.tuple = packet.tuple;
    flow.vlan = packet.vlan;
    flow.inner_vlan = packet.inner_vlan;
    flow.tunnel = packet.tunnel;
    flow.ip_version = packet.ip_version;
    if (packet.tuple.protocol != protocol::kTcp) return;
    flow.midstream = !is_syn(packet);
    if (is_syn_ack(packet) || (flow.midstream && looks_like_answer(packet))) {
        std::swap(flow.tuple.source, flow.tuple.destination);
        std::swap(flow.tuple.source_port, flow.tuple.destination_port);
    }
}

bool reopens(const Flow& flow, const Decoded& packet) {
    return flow.flow_class == FlowClass::closing && is_syn(packet);
}

TcpChange observe(Flow& flow, const Decoded& packet, bool from_originator) {
    FlowSide& side = from_originator ? flow.originator : flow.responder;
    TcpChange change;
    if (flow.tuple.protocol == protocol::kTcp) {
        note(flow, packet, from_originator);
        change = observe_flags(flow, packet, from_originator);
        const bool over =
            flow.originator.fin || flow.originator.rst || flow.responder.fin || flow.responder.rst;
        change.ended = over && !std::exchange(flow.ended, over);
        if (from_originator && flow.responder.syn && side.syn && !flow.completed &&
            has(packet, tcp::kAck) &&
            packet.acknowledged - flow.responder.next + (1u << 20) <= (1u << 20))
            change.completed = flow.completed = !has(packet, tcp::kRst);
    }
    if (packet.payload_bytes > 0 && !flow.originator_spoke_first)
        flow.originator_spoke_first = from_originator;
    ++side.packets;
    side.bytes += packet.ip_bytes;
    advance_side(side, packet);
    flow.flow_class = class_of(flow);
    return change;
}

std::string_view connection_state(const Flow& flow) {
    const FlowSide& from = flow.originator;
    const FlowSide& to = flow.responder;
    if (flow.tuple.protocol == protocol::kUdp) return flow.answered() ? "SF" : "S0";
    if (flow.tuple.protocol != protocol::kTcp) return "OTH";
    if (from.syn && to.syn) {
        if (from.rst) return "RSTO";
        if (to.rst) return "RSTR";
        if (from.fin && to.fin) return "SF";
        if (from.fin) return "S2";
        return to.fin ? "S3" : "S1";
    }
    if (from.syn) {
        if (to.rst) return "REJ";
        if (from.rst) return "RSTOS0";
        if (from.fin) return "SH";
        return to.packets == 0 ? "S0" : "OTH";
    }
    if (to.syn) {
        if (to.rst) return "RSTRH";
        return to.fin ? "SHR" : "OTH";
    }
    return "OTH";
}

}  // namespace kentongan::packet
