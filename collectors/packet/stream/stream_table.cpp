#include "collectors/packet/stream/stream_table.hpp"

#include <iterator>
#include <utility>

#include "collectors/packet/protocol/ftp/ftp_data.hpp"

namespace kentongan::packet {

namespace {

/// Where the payload starts: a SYN takes up one sequence number.
std::uint32_t payload_sequence(const Decoded& packet) {
    return packet.sequence + ((packet.flags & tcp::kSyn) != 0 ? 1u : 0u);
}

std::optional<std::uint32_t> acknowledged_by(const Decoded& packet) {
    if ((packet.flags & tcp::kAck) == 0) return std::nullopt;
    return packet.acknowledged;
}

/// The stream's start was seen: its first byte follows the SYN.
bool whole(const Flow& flow) { return !flow.midstream && flow.originator.syn; }

/// The other end's next byte, as the packet that is the first with payload tells it.
std::uint32_t responder_start(const Flow& flow, const Decoded& packet, bool from_originator) {
    if (flow.responder.syn) return flow.responder_sequence + 1;
    return from_originator ? packet.acknowledged : payload_sequence(packet);
}

}  // namespace

Conversation& StreamTable::open(Flow& flow, bool reversed, std::uint32_t originator_next,
                                std::uint32_t responder_next) {
    Conversation& stream = streams_.emplace_back(flow, reversed, originator_next, responder_next);
    stream.self = std::prev(streams_.end());
    flow.stream = &stream;
    flow.stream_fate = StreamFate::followed;
    return stream;
}

void StreamTable::begin(Flow& flow, const Decoded& packet, bool from_originator, const Moment& at,
                        ProtocolEvents& out) {
    if (!whole(flow)) return probe_midstream(flow, packet, from_originator);
    Conversation& stream =
        open(flow, false, flow.first_sequence + 1, responder_start(flow, packet, from_originator));
    auto awaited = out.awaited(flow.tuple, at);
    if (!awaited) return;
    stream.dissector = make_ftp_data_dissector(std::move(*awaited));
    flow.service = "ftp-data";
}

/// Joined in the middle, a stream is read from the first payload that tells what it is; whoever
/// sent that counts as its client.
void StreamTable::probe_midstream(Flow& flow, const Decoded& packet, bool from_originator) {
    if (++flow.probes >= kStreamProbes) flow.stream_fate = StreamFate::foreign;
    const std::uint16_t port = packet.tuple.destination_port;
    auto found = recognise_stream(packet.payload, {}, port, options_);
    if (!found.dissector) return;
    const std::uint32_t at = payload_sequence(packet);
    open(flow, !from_originator, at, packet.acknowledged).dissector = std::move(found.dissector);
}

void StreamTable::lose(Flow& flow, std::uint64_t bytes) {
    flow.gap_bytes += bytes;
    counts_.gap_bytes += bytes;
}

void StreamTable::segment(Flow& flow, const Decoded& packet, bool from_originator, const Moment& at,
                          ProtocolEvents& out) {
    if (flow.stream_fate == StreamFate::foreign) return;
    if (flow.stream_fate == StreamFate::given_up) return lose(flow, packet.payload_bytes);
    if (flow.stream == nullptr) {
        begin(flow, packet, from_originator, at, out);
        if (flow.stream != nullptr && options_.window_bytes > 0 && out.wants(EventKind::payload))
            flow.stream->windows = std::make_unique<std::array<PayloadWindow, 2>>(std::array{
                PayloadWindow{options_.window_bytes}, PayloadWindow{options_.window_bytes}});
    }
    Conversation* stream = flow.stream;
    if (stream == nullptr) return;
    if (std::next(stream->self) != streams_.end())
        streams_.splice(streams_.end(), streams_, stream->self);
    out.serve(*stream);
    const Side from = stream->side_of(from_originator);
    const auto verdict =
        stream->segment({from, payload_sequence(packet), acknowledged_by(packet), packet.payload,
                         packet.payload_bytes - packet.payload.size(), packet.urgent},
                        options_, at, out);
    settle(*stream, from, at, out);
    if (verdict == Verdict::foreign) return let_go(*stream, StreamFate::foreign, at, out);
    if (verdict == Verdict::given_up) return give_up(*stream, at, out);
    shed(at, out);
}

void StreamTable::datagram(Flow& flow, const Decoded& packet, bool from_originator,
                           const Moment& at, ProtocolEvents& out) {
    if (flow.stream_fate == StreamFate::foreign) return;
    if (flow.stream == nullptr) {
        const bool dns = is_dns_port(flow.tuple.destination_port);
        if (++flow.probes >= (dns ? kDnsPortProbes : kDatagramProbes))
            flow.stream_fate = StreamFate::foreign;
        auto found = recognise_datagram(packet.payload, packet.tuple.source_port,
                                        packet.tuple.destination_port, options_);
        if (!found) return;
        open(flow, false, 0, 0).dissector = std::move(found);
    }
    Conversation& stream = *flow.stream;
    if (std::next(stream.self) != streams_.end())
        streams_.splice(streams_.end(), streams_, stream.self);
    out.serve(stream);
    const Side from = stream.side_of(from_originator);
    const auto outcome = stream.dissector->bytes(from, packet.payload, at, out);
    settle(stream, from, at, out);
    if (outcome != Dissector::Outcome::more) return let_go(stream, StreamFate::foreign, at, out);
    shed(at, out);
}

void StreamTable::settle(Conversation& stream, Side from, const Moment& at, ProtocolEvents& out) {
    if (stream.gap_bytes != 0) {
        for (const auto& file : stream.files)
            if (file) file->gap_bytes += stream.gap_bytes;
        lose(*stream.flow, std::exchange(stream.gap_bytes, 0));
    }
    if (stream.conflict && !std::exchange(stream.conflict_told, true)) {
        ++counts_.conflicts;
        out.anomaly("tcp_overlap_conflict", from, at);
    }
    const std::size_t now = stream.held_bytes();
    held_ += now - stream.counted;
    stream.counted = now;
}

void StreamTable::give_up(Conversation& stream, const Moment& at, ProtocolEvents& out) {
    lose(*stream.flow, stream.waiting_bytes());
    ++counts_.streams_given_up;
    let_go(stream, StreamFate::given_up, at, out);
}

void StreamTable::let_go(Conversation& stream, StreamFate fate, const Moment& at,
                         ProtocolEvents& out) {
    out.serve(stream);
    stream.finish_windows(at, out);
    if (stream.dissector) stream.dissector->end(at, out);
    out.end_files(at);
    held_ -= stream.counted;
    stream.flow->stream = nullptr;
    stream.flow->stream_fate = fate;
    streams_.erase(stream.self);
}

void StreamTable::shed(const Moment& at, ProtocolEvents& out) {
    while (streams_.size() > limits_.streams || held_ > limits_.held_bytes) {
        Conversation& quiet = streams_.front();
        if (quiet.held_bytes() == 0) {
            quiet.flow->midstream = true;  // what follows is found by its content
            quiet.flow->probes = 0;
            let_go(quiet, StreamFate::unknown, at, out);
        } else {
            give_up(quiet, at, out);
        }
    }
}

void StreamTable::close(Flow& flow, const Moment& at, ProtocolEvents& out) {
    if (flow.stream == nullptr) return;
    Conversation& stream = *flow.stream;
    out.serve(stream);
    stream.drain_rest(options_, at, out);
    settle(stream, Side::originator, at, out);
    lose(flow, stream.waiting_bytes());
    let_go(stream, StreamFate::foreign, at, out);
}

}  // namespace kentongan::packet
