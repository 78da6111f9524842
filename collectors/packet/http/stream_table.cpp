#include "collectors/packet/http/stream_table.hpp"

#include <iterator>
#include <utility>

#include "collectors/packet/http/http_stream.hpp"

namespace kentongan::packet {

namespace {

Tuple client_to_server(const HttpStream& stream) {
    Tuple out = stream.flow->tuple;
    if (!stream.client_is_originator) {
        std::swap(out.source, out.destination);
        std::swap(out.source_port, out.destination_port);
    }
    return out;
}

/// Where the payload starts: a SYN takes up one sequence number.
std::uint32_t payload_sequence(const Decoded& packet) {
    return packet.sequence + ((packet.flags & tcp::kSyn) != 0 ? 1u : 0u);
}

/// The stream's start was seen: its first byte follows the SYN.
bool whole(const Flow& flow) { return !flow.midstream && flow.originator.syn; }

}  // namespace

StreamTable::StreamTable(std::size_t body_bytes, Limits limits)
    : config_(body_bytes), limits_(limits) {}
StreamTable::~StreamTable() = default;

void StreamTable::begin(Flow& flow, const Decoded& packet, bool from_originator) {
    if (whole(flow)) {
        const std::uint32_t first = flow.first_sequence + 1;
        if (!from_originator && packet.acknowledged == first) {
            flow.stream_fate = StreamFate::foreign;  // the server speaks first
            return;
        }
        std::uint32_t server = packet.sequence;
        if (from_originator)
            server = flow.responder.syn ? flow.responder.next : packet.acknowledged;
        streams_.emplace_back(flow, true, first, server);
    } else {
        if (!begins_request(as_text(packet.payload)).value_or(false)) return;
        streams_.emplace_back(flow, from_originator, payload_sequence(packet), packet.acknowledged);
    }
    HttpStream& stream = streams_.back();
    stream.self = std::prev(streams_.end());
    flow.stream = &stream;
    flow.stream_fate = StreamFate::followed;
}

struct StreamTable::Segment {
    const Decoded& packet;
    bool from_client;
    std::uint64_t number;
};

void StreamTable::segment(Flow& flow, const Decoded& packet, bool from_originator,
                          std::uint64_t number, std::vector<Done>& done) {
    if (flow.stream_fate == StreamFate::foreign) return;
    if (flow.stream_fate == StreamFate::given_up) {
        counts_.gap_bytes += packet.payload_bytes;
        return;
    }
    if (flow.stream == nullptr) begin(flow, packet, from_originator);
    HttpStream* stream = flow.stream;
    if (stream == nullptr) return;
    streams_.splice(streams_.end(), streams_, stream->self);
    follow(*stream, {packet, from_originator == stream->client_is_originator, number}, done);
    shed(done);
}

void StreamTable::follow(HttpStream& stream, const Segment& segment, std::vector<Done>& done) {
    const Decoded& packet = segment.packet;
    const std::uint32_t at = payload_sequence(packet);
    const auto outcome =
        segment.from_client
            ? stream.client_segment(config_, at, packet.payload, segment.number)
            : stream.server_segment(at, packet.acknowledged, packet.payload, segment.number);
    settle(stream, done);
    if (outcome == HttpParser::Outcome::foreign) return let_go(stream, StreamFate::foreign, done);
    const std::size_t cut = packet.payload_bytes - packet.payload.size();
    counts_.gap_bytes += cut;
    if (outcome == HttpParser::Outcome::broken || cut > 0) give_up(stream, done);
}

void StreamTable::settle(HttpStream& stream, std::vector<Done>& done) {
    if (stream.parser)
        for (HttpExchange& exchange : stream.parser->take_done())
            done.push_back({std::move(exchange), client_to_server(stream)});
    const std::size_t now = stream.held_bytes();
    held_ += now - stream.counted;
    stream.counted = now;
}

void StreamTable::give_up(HttpStream& stream, std::vector<Done>& done) {
    counts_.gap_bytes += stream.client.waiting_bytes() + stream.server.waiting_bytes();
    ++counts_.streams_given_up;
    let_go(stream, StreamFate::given_up, done);
}

void StreamTable::let_go(HttpStream& stream, StreamFate fate, std::vector<Done>& done) {
    if (stream.parser)
        for (HttpExchange& exchange : stream.parser->take_rest())
            done.push_back({std::move(exchange), client_to_server(stream)});
    held_ -= stream.counted;
    stream.flow->stream = nullptr;
    stream.flow->stream_fate = fate;
    streams_.erase(stream.self);
}

void StreamTable::shed(std::vector<Done>& done) {
    while (streams_.size() > limits_.streams || held_ > limits_.held_bytes) {
        HttpStream& quiet = streams_.front();
        if (quiet.idle()) {
            quiet.flow->midstream = true;  // its next request is found by its content
            let_go(quiet, StreamFate::unknown, done);
        } else {
            give_up(quiet, done);
        }
    }
}

void StreamTable::close(Flow& flow, std::vector<Done>& done) {
    if (flow.stream == nullptr) return;
    counts_.gap_bytes += flow.stream->client.waiting_bytes() + flow.stream->server.waiting_bytes();
    let_go(*flow.stream, StreamFate::foreign, done);
}

}  // namespace kentongan::packet
