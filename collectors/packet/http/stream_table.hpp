#pragma once
// The TCP streams that are, or may become, HTTP: put in order, recognised by content, parsed.
#include <cstdint>
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "collectors/packet/flow.hpp"
#include "collectors/packet/http/http_parser.hpp"
#include "collectors/packet/http/reassembler.hpp"

namespace kentongan::packet {

/// What the streams cost and lost since they were last asked.
struct StreamCounts {
    std::uint64_t gap_bytes = 0;  ///< payload missed or given up
    std::uint64_t streams_given_up = 0;
};

/// Single-threaded; flows must keep their address while they have a stream. Memory is bounded: past
/// a limit the stream that was quiet the longest is let go.
class StreamTable {
  public:
    struct Limits {
        std::size_t streams = 32768;
        std::size_t held_bytes = std::size_t{64} << 20;
    };

    StreamTable(std::size_t body_bytes, Limits limits);
    ~StreamTable();

    /// A TCP packet with payload of this flow, after observe(). Finished exchanges are put into
    /// `done`, with the flow they belong to.
    struct Done {
        HttpExchange exchange;
        Tuple tuple;  ///< from the client to the server
    };
    void segment(Flow& flow, const Decoded& packet, bool from_originator, std::uint64_t number,
                 std::vector<Done>& done);
    /// The flow ends.
    void close(Flow& flow, std::vector<Done>& done);

    [[nodiscard]] std::size_t size() const { return streams_.size(); }
    [[nodiscard]] std::size_t held_bytes() const { return held_; }
    [[nodiscard]] StreamCounts take_counts() { return std::exchange(counts_, {}); }

  private:
    struct Segment;

    void begin(Flow& flow, const Decoded& packet, bool from_originator);
    void follow(HttpStream& stream, const Segment& segment, std::vector<Done>& done);
    void give_up(HttpStream& stream, std::vector<Done>& done);
    void let_go(HttpStream& stream, StreamFate fate, std::vector<Done>& done);
    void settle(HttpStream& stream, std::vector<Done>& done);
    void shed(std::vector<Done>& done);

    HttpConfig config_;
    Limits limits_;
    std::list<HttpStream> streams_;  // the longest quiet first
    std::size_t held_ = 0;
    StreamCounts counts_;
};

}  // namespace kentongan::packet
