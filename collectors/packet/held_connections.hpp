#pragma once
// Connections that keep a server waiting (slow HTTP, D05), told while they are open.
#include <cstdint>
#include <deque>
#include <string_view>

#include "collectors/collector.hpp"
#include "collectors/packet/flow_table.hpp"

namespace kentongan::packet {

/// Looks at each connection every ten seconds of packet time after its handshake. It dribbles when
/// its client sent something, but less than 1,000 bytes, in two of those spans while the server
/// sent nothing; it goes on counting until the server answers, more comes or it ends. A client that
/// waits for a slow answer sends its request but once and does not dribble; a slow upload sends
/// more. A connection is silent while no end ever sent a byte. What is told of a connection depends
/// on its own packets alone, whatever lane it is on. 32 bytes a connection, at most kWatched;
/// others are counted. Not thread-safe.
class HeldConnections {
  public:
    static constexpr std::size_t kWatched = 131'072;
    static constexpr std::size_t kSources = 1024;  ///< told of one second, and
    static constexpr std::size_t kRests = 256;     ///< services whose other sources are summed up

    /// `source`: interned name of the capture.
    explicit HeldConnections(std::string_view source) : source_(source) {}

    /// A handshake was completed at `now`; times do not go back.
    void watch(std::uint32_t index, const Flow& flow, Timestamp now);
    /// Tells of the seconds before `open`, whose packets have all been seen.
    void tell_before(Timestamp open, FlowTable& flows, EventSink& sink);

    [[nodiscard]] std::size_t watched() const { return queue_.size(); }

  private:
    enum class State : std::uint8_t { first, waiting, begun, dribbling };
    struct Watched {
        std::uint64_t first_packet = 0;  // names the flow, whatever its place holds meanwhile
        std::int64_t due = 0;            // second since 1970
        std::uint32_t index = 0;
        std::uint32_t client_next = 0;  // sequence numbers when last looked at
        std::uint32_t server_next = 0;
        State state = State::first;
    };

    enum class Verdict : std::uint8_t { fine, dribbling, silent };
    static Verdict look_at(Watched& watched, const Flow& flow);
    TrafficSecond look_at_second(std::int64_t second, FlowTable& flows);

    std::string_view source_;
    std::deque<Watched> queue_;  // by due
    std::uint64_t left_out_ = 0;
};

}  // namespace kentongan::packet
