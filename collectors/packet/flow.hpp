#pragma once
// One connection while it is followed, and what its packets change.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "collectors/packet/decode.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::packet {

/// How long a flow may be idle, in packet time, by what became of it so far.
enum class FlowClass : std::uint8_t {
    closing,   ///< TCP after both FINs or a RST: waits for stragglers only
    attempt,   ///< a SYN nobody answered
    one_way,   ///< datagrams, or TCP without a SYN, nobody answered
    datagram,  ///< UDP or ICMP in both directions
    stream,    ///< any other TCP
};
inline constexpr std::size_t kFlowClasses = 5;

inline constexpr Duration kClosedTimeout = std::chrono::seconds{2};
inline constexpr Duration kAttemptTimeout = std::chrono::seconds{5};
inline constexpr Duration kDatagramTimeout = std::chrono::seconds{60};
inline constexpr Duration kStreamTimeout = std::chrono::seconds{300};

[[nodiscard]] constexpr Duration timeout_of(FlowClass flow_class) {
    constexpr Duration kTimeouts[kFlowClasses] = {kClosedTimeout, kAttemptTimeout, kDatagramTimeout,
                                                  kDatagramTimeout, kStreamTimeout};
    return kTimeouts[static_cast<std::size_t>(flow_class)];
}

class Conversation;

/// What is known of a TCP flow's content.
enum class StreamFate : std::uint8_t {
    unknown,   ///< nothing told yet
    followed,  ///< of a protocol that is read, or may become one
    foreign,   ///< nothing that is read: its payload is not looked at again
    given_up,  ///< bytes are missing: the rest is counted, not read
};

struct FlowSide {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;  ///< of IP packets, headers included
    std::uint32_t next = 0;   ///< TCP: the sequence number after the highest seen
    bool syn = false;         ///< SYN from the originator, SYN-ACK from the responder
    bool fin = false;
    bool rst = false;
};

/// What happened on a TCP connection, each thing once and in order, in Zeek's letters: S SYN,
/// H SYN-ACK, A pure ACK, D data, F FIN, R RST; upper case by the originator, lower case else.
class History {
  public:
    void note(unsigned letter, bool from_originator) {
        const unsigned at = letter * 2 + (from_originator ? 0 : 1);
        if ((seen_ >> at & 1) != 0) return;
        seen_ = static_cast<std::uint16_t>(seen_ | 1u << at);
        text_[size_++] = "SsHhAaDdFfRr"[at];
    }
    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

  private:
    std::array<char, 12> text_{};
    std::uint16_t seen_ = 0;
    std::uint8_t size_ = 0;
};

/// The tuple's source is the originator: who sent the SYN, or else the first packet.
struct Flow {
    Tuple tuple;
    FlowClass flow_class = FlowClass::stream;
    std::uint16_t vlan = 0;
    std::uint16_t inner_vlan = 0;
    Tunnel tunnel = Tunnel::none;
    bool midstream = false;                        ///< TCP whose start was not seen
    bool pending = false;                          ///< an attempt with no outcome yet
    bool completed = false;                        ///< three-way handshake
    bool ended = false;                            ///< a FIN or RST was seen
    std::optional<bool> originator_spoke_first{};  ///< who sent the first payload
    History history;                               ///< of TCP
    std::uint8_t ip_version = 4;
    std::uint8_t probes = 0;               ///< payloads looked at to tell the protocol
    std::uint32_t first_sequence = 0;      ///< of the originator's SYN
    std::uint32_t responder_sequence = 0;  ///< of the responder's SYN-ACK
    std::uint64_t gap_bytes = 0;           ///< payload that a dissector missed
    Timestamp first{};
    Timestamp last{};
    Timestamp report_at = Timestamp::max();  ///< when it is told again while it lasts
    std::uint64_t first_packet = 0;          ///< its number in the capture, from 1
    Conversation* stream = nullptr;          ///< while StreamTable follows it
    StreamFate stream_fate = StreamFate::unknown;
    std::string_view service{};  ///< the protocol its content is of, once that is known; a literal
    FlowSide originator;
    FlowSide responder;

    [[nodiscard]] bool answered() const { return responder.packets != 0; }
};

/// Whether `a` comes before `b` on the circle of sequence numbers (RFC 9293, section 3.4).
[[nodiscard]] constexpr bool before(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a - b) < 0;
}

/// What one TCP packet did to its flow, for the per-second counts.
struct TcpChange {
    bool syn = false;        ///< a SYN of the originator, repeats included
    bool answered = false;   ///< SYN-ACK to a pending attempt
    bool rejected = false;   ///< RST to a pending attempt
    bool completed = false;  ///< the handshake's third packet
    bool ended = false;      ///< first FIN or RST of the flow
};

/// Sets up `flow` from its first packet; turns the tuple around where the answer was seen first.
void begin_flow(Flow& flow, const Decoded& packet);

/// Whether this TCP packet opens a new connection between ends whose last one is over.
[[nodiscard]] bool reopens(const Flow& flow, const Decoded& packet);

/// Counts the packet and follows TCP's state. A RST far from the expected sequence number is not
/// believed: a stranger can forge one.
TcpChange observe(Flow& flow, const Decoded& packet, bool from_originator);

/// Zeek's conn_state: S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH.
[[nodiscard]] std::string_view connection_state(const Flow& flow);

}  // namespace kentongan::packet
