#include "collectors/packet/sensor.hpp"

#include <algorithm>
#include <utility>

namespace kentongan::packet {

namespace {

std::size_t size_of(std::int64_t option) {
    return static_cast<std::size_t>(std::max<std::int64_t>(option, 0));
}

}  // namespace

Sensor::Sensor(std::string_view source, const Options& options, std::uint64_t seed)
    : decoder_({.checksums = options.checksums, .vlans_apart = options.vlans_apart}),
      flows_(size_of(options.maximum_flows), seed),
      meter_(source, seed),
      held_(source),
      streams_({.body_bytes = size_of(options.body_bytes),
                .window_bytes = size_of(options.stream_bytes)},
               {}),
      writer_(source),
      long_flow_(
          std::chrono::seconds{std::clamp<std::int64_t>(options.long_flow_seconds, 0, 1 << 30)}) {}

void Sensor::packet(const CapturedPacket& packet, EventSink& sink) {
    ++counts_.packets;
    counts_.bytes += packet.bytes.size();
    advance(packet.time, sink);
    const Decoded decoded =
        decoder_.decode({packet.linktype, packet.bytes, packet.wire_bytes, now_});
    meter_.packet(decoded, packet.wire_bytes);
    if (decoded.fault != Fault::none) ++counts_.faults[static_cast<std::size_t>(decoded.fault)];
    if (decoded.conflict) tell_conflict(decoded, sink);
    if (decoded.has_ports) follow(decoded, sink);
}

void Sensor::tell_conflict(const Decoded& packet, EventSink& sink) {
    ++counts_.conflicts;
    if (++anomalies_told_ > kAnomaliesASecond) return;
    Tuple ends = packet.tuple;
    ends.source_port = ends.destination_port = 0;
    writer_.begin(EventKind::anomaly, "network", ends, {now_, counts_.packets})
        .set(Field::network_anomaly, "fragment_overlap_conflict");
    sink.emit(writer_.event());
}

void Sensor::follow(const Decoded& packet, EventSink& sink) {
    FlowTable::Found found = flows_.find(packet.tuple);
    if (found.index != FlowTable::kNone && reopens(flows_[found.index], packet)) {
        end_flow(found.index, now_, true, sink);
        found.index = FlowTable::kNone;
    }
    if (found.index == FlowTable::kNone) found.index = begin(packet, found, sink);
    Flow& flow = flows_[found.index];
    const bool forward = packet.tuple.source == flow.tuple.source &&
                         packet.tuple.source_port == flow.tuple.source_port;
    const TcpChange change = observe(flow, packet, forward);
    flows_.touch(found.index, now_);
    if (now_ >= flow.report_at) tell_ongoing(flow, sink);
    if (change.completed) held_.watch(found.index, flow, now_);
    if (packet.tuple.protocol == protocol::kTcp)
        count_tcp(flow, change);
    else if (packet.tuple.protocol != protocol::kUdp)
        return refuse_quoted(packet);
    if (packet.payload_bytes != 0) read_payload(flow, packet, forward, sink);
}

void Sensor::take_stream_counts() {
    const StreamCounts now = streams_.take_counts();
    counts_.gap_bytes += now.gap_bytes;
    counts_.conflicts += now.conflicts;
}

void Sensor::tell_ongoing(Flow& flow, EventSink& sink) {
    flow.report_at = now_ + long_flow_;
    sink.emit(writer_.ongoing(flow, now_));
}

void Sensor::read_payload(Flow& flow, const Decoded& packet, bool forward, EventSink& sink) {
    if (flow.stream_fate == StreamFate::foreign) return;
    told_.into(sink);
    const Moment at{now_, counts_.packets};
    if (packet.tuple.protocol == protocol::kTcp)
        streams_.segment(flow, packet, forward, at, told_);
    else
        streams_.datagram(flow, packet, forward, at, told_);
    take_stream_counts();
}

std::uint32_t Sensor::begin(const Decoded& packet, const FlowTable::Found& missing,
                            EventSink& sink) {
    if (flows_.full()) {
        ++counts_.flows_evicted;
        end_flow(flows_.victim(), now_, false, sink);
    }
    const std::uint32_t index = flows_.insert(packet.tuple, missing, now_);
    Flow& flow = flows_[index];
    begin_flow(flow, packet);
    flow.first_packet = counts_.packets;
    if (long_flow_ != Duration::zero()) flow.report_at = now_ + long_flow_;
    return index;
}

void Sensor::count_tcp(const Flow& flow, const TcpChange& change) {
    if (change.syn) meter_.syn(flow.tuple);
    if (change.completed) meter_.completed(flow.tuple);
    if (change.ended) meter_.ended(flow.tuple);
    if (change.answered || change.rejected) meter_.attempt(flow.tuple, change.answered);
}

void Sensor::refuse_quoted(const Decoded& icmp) {
    const auto quoted = quoted_by(icmp);
    if (!quoted) return;
    const auto found = flows_.find(quoted->tuple);
    if (found.index == FlowTable::kNone || !found.forward) return;
    Flow& flow = flows_[found.index];
    if (!flow.pending || flow.first_sequence != quoted->sequence) return;
    flow.pending = false;
    meter_.attempt(flow.tuple, false);
}

void Sensor::end_flow(std::uint32_t index, Timestamp at, bool outcome_known, EventSink& sink) {
    Flow& flow = flows_[index];
    if (flow.stream != nullptr) {
        told_.into(sink);
        streams_.close(flow, {at, counts_.packets}, told_);
        take_stream_counts();
    }
    if (flow.pending && outcome_known) meter_.attempt(flow.tuple, false);
    if (flow.pending && !outcome_known) meter_.forgotten();
    if (!flow.answered() && ++unanswered_told_ > kUnansweredASecond)
        ++counts_.flows_summarised;
    else
        sink.emit(writer_.connection(flow, at));
    flow.first_packet = 0;  // held_ looks at the place once more
    flows_.erase(index);
}

void Sensor::take_lost_fragments() {
    counts_.faults[static_cast<std::size_t>(Fault::fragment)] += decoder_.fragments().take_lost();
}

void Sensor::close_second(Timestamp now, EventSink& sink) {
    if (now < meter_.second() + std::chrono::seconds{1}) return;
    unanswered_told_ = anomalies_told_ = 0;
    take_lost_fragments();
    if (auto second = meter_.close_before(now)) sink.emit(std::move(*second));
    held_.tell_before(meter_.second(), flows_, sink);
}

void Sensor::advance(Timestamp now, EventSink& sink) {
    now_ = std::max(now_, now);
    for (auto index = flows_.expired(now_); index != FlowTable::kNone;
         index = flows_.expired(now_)) {
        const Timestamp at = flows_.deadline(index);
        close_second(at, sink);
        end_flow(index, at, true, sink);
    }
    close_second(now_, sink);
}

void Sensor::finish(EventSink& sink) {
    for (auto index = flows_.next_to_expire(); index != FlowTable::kNone;
         index = flows_.next_to_expire())
        end_flow(index, now_, true, sink);
    if (auto second = meter_.close()) sink.emit(std::move(*second));
    decoder_.fragments().finish();
    take_lost_fragments();
}

}  // namespace kentongan::packet
