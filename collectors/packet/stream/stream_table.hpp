#pragma once
// The conversations that are, or may become, known protocols: put in order, recognised by content,
// handed to their dissectors.
#include <cstdint>
#include <list>
#include <utility>

#include "collectors/packet/flow.hpp"
#include "collectors/packet/protocol/recognise.hpp"
#include "collectors/packet/protocol_events.hpp"
#include "collectors/packet/stream/conversation.hpp"

namespace kentongan::packet {

/// What the streams cost and lost since they were last asked.
struct StreamCounts {
    std::uint64_t gap_bytes = 0;  ///< payload missed or given up
    std::uint64_t streams_given_up = 0;
    std::uint64_t conflicts = 0;  ///< streams in which a byte was sent with two values
};

/// Single-threaded; flows must keep their address while they have a stream. Memory is bounded: past
/// a limit the stream that was quiet the longest is let go.
class StreamTable {
  public:
    struct Limits {
        std::size_t streams = 32768;
        std::size_t held_bytes = std::size_t{64} << 20;
    };
    /// Datagrams of a flow that are looked at to tell its protocol, and payloads of a byte stream
    /// whose start was not seen.
    static constexpr std::uint8_t kDatagramProbes = 2;
    static constexpr std::uint8_t kDnsPortProbes = 16;  // one odd datagram first must not blind us
    static constexpr std::uint8_t kStreamProbes = 64;

    StreamTable(DissectorOptions options, Limits limits) : options_(options), limits_(limits) {}

    /// A TCP packet with payload of this flow, after observe().
    void segment(Flow& flow, const Decoded& packet, bool from_originator, const Moment& at,
                 ProtocolEvents& out);
    /// A datagram with payload of this flow, after observe().
    void datagram(Flow& flow, const Decoded& packet, bool from_originator, const Moment& at,
                  ProtocolEvents& out);
    /// The flow ends.
    void close(Flow& flow, const Moment& at, ProtocolEvents& out);

    [[nodiscard]] std::size_t size() const { return streams_.size(); }
    [[nodiscard]] std::size_t held_bytes() const { return held_; }
    [[nodiscard]] StreamCounts take_counts() { return std::exchange(counts_, {}); }

  private:
    void begin(Flow& flow, const Decoded& packet, bool from_originator, const Moment& at,
               ProtocolEvents& out);
    void probe_midstream(Flow& flow, const Decoded& packet, bool from_originator);
    Conversation& open(Flow& flow, bool reversed, std::uint32_t originator_next,
                       std::uint32_t responder_next);
    void lose(Flow& flow, std::uint64_t bytes);
    void settle(Conversation& stream, Side from, const Moment& at, ProtocolEvents& out);
    void give_up(Conversation& stream, const Moment& at, ProtocolEvents& out);
    void let_go(Conversation& stream, StreamFate fate, const Moment& at, ProtocolEvents& out);
    void shed(const Moment& at, ProtocolEvents& out);

    DissectorOptions options_;
    Limits limits_;
    std::list<Conversation> streams_;  // the longest quiet first
    std::size_t held_ = 0;
    StreamCounts counts_;
};

}  // namespace kentongan::packet
