#pragma once
// The packet sensor without its capture: packets in, events and per-second counts out. Its only
// clock is the packets' own; the same packets give the same output.
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "collectors/collector.hpp"
#include "collectors/packet/decoder.hpp"
#include "collectors/packet/events.hpp"
#include "collectors/packet/flow_table.hpp"
#include "collectors/packet/held_connections.hpp"
#include "collectors/packet/options.hpp"
#include "collectors/packet/protocol_events.hpp"
#include "collectors/packet/stream/stream_table.hpp"
#include "collectors/packet/traffic_meter.hpp"

namespace kentongan::packet {

struct CapturedPacket {
    int linktype = 1;  ///< DLT_ value
    Timestamp time{};
    Bytes bytes;
    std::size_t wire_bytes = 0;
};

/// Everything counted so far; it only grows.
struct SensorCounts {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;  ///< captured
    std::array<std::uint64_t, kFaults> faults{};
    std::uint64_t flows_evicted = 0;
    std::uint64_t flows_summarised = 0;
    std::uint64_t gap_bytes = 0;
    std::uint64_t conflicts = 0;  ///< streams and fragmented packets that contradict themselves
    FileCounts files;
    std::array<std::uint64_t, kTables> dissector_evicted{};  ///< by Table
};

/// Lives on one lane.
class Sensor {
  public:
    /// Conn events of unanswered connections in one second of packet time; a flood's others are in
    /// the per-second counts and in flows_summarised.
    static constexpr std::size_t kUnansweredASecond = 4096;

    /// Anomalies of fragments told in one second of packet time; the others are counted only.
    static constexpr std::size_t kAnomaliesASecond = 64;

    /// `source`: interned name. `seed` keys the hash tables and shows in no output.
    Sensor(std::string_view source, const Options& options, std::uint64_t seed);

    /// Before the first packet: whole files are put there; it outlives the sensor.
    void store_files(FileStore& store) { told_.store_files(store); }

    /// Likewise: files that FTP announces to one sensor may come to another.
    void share_awaited(std::shared_ptr<AwaitedFiles> files) {
        told_.share_awaited(std::move(files));
    }

    void packet(const CapturedPacket& packet, EventSink& sink);
    /// Time goes on without packets: timeouts end, seconds close.
    void advance(Timestamp now, EventSink& sink);
    /// The input ended: what is open is told as far as it is known.
    void finish(EventSink& sink);

    /// No later event is older. Behind the newest packet by less than a second, since the counts
    /// of the open second are still to come.
    [[nodiscard]] Timestamp watermark() const { return std::min(now_, meter_.second()); }
    [[nodiscard]] const SensorCounts& counts() {
        counts_.files = told_.files().counts();
        counts_.dissector_evicted = told_.evictions();
        return counts_;
    }
    /// Bytes that wait in streams and fragments.
    [[nodiscard]] std::size_t held_bytes() const {
        return streams_.held_bytes() + decoder_.fragments().held_bytes();
    }
    [[nodiscard]] std::size_t flows() const { return flows_.size(); }

  private:
    void tell_conflict(const Decoded& packet, EventSink& sink);
    void follow(const Decoded& packet, EventSink& sink);
    std::uint32_t begin(const Decoded& packet, const FlowTable::Found& missing, EventSink& sink);
    void count_tcp(const Flow& flow, const TcpChange& change);
    void refuse_quoted(const Decoded& icmp);
    void end_flow(std::uint32_t index, Timestamp at, bool outcome_known, EventSink& sink);
    void tell_ongoing(Flow& flow, EventSink& sink);
    void take_stream_counts();
    void take_lost_fragments();
    void read_payload(Flow& flow, const Decoded& packet, bool forward, EventSink& sink);
    void close_second(Timestamp now, EventSink& sink);

    Decoder decoder_;
    FlowTable flows_;
    TrafficMeter meter_;
    HeldConnections held_;
    StreamTable streams_;
    EventWriter writer_;
    ProtocolEvents told_{writer_};
    SensorCounts counts_;
    Timestamp now_{};
    Duration long_flow_;               // zero: connections are told at their end only
    std::size_t unanswered_told_ = 0;  // in the open second
    std::size_t anomalies_told_ = 0;   // likewise, of fragments
};

}  // namespace kentongan::packet
