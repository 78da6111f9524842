#pragma once
// One connection that is or may become HTTP: both directions in order, and the parser.
#include <list>
#include <optional>
#include <string>

#include "collectors/packet/flow.hpp"
#include "collectors/packet/http/http_parser.hpp"
#include "collectors/packet/http/reassembler.hpp"

namespace kentongan::packet {

/// Pure but for libhtp. The server's bytes wait until those of the client that it acknowledges
/// have been read, whatever the order of the capture.
struct HttpStream {
    HttpStream(Flow& of, bool from_originator, std::uint32_t client_next, std::uint32_t server_next)
        : flow(&of),
          client_is_originator(from_originator),
          client(client_next),
          server(server_next) {}

    using Outcome = HttpParser::Outcome;

    Outcome client_segment(const HttpConfig& config, std::uint32_t sequence, Bytes data,
                           std::uint64_t packet);
    Outcome server_segment(std::uint32_t sequence, std::uint32_t acknowledged, Bytes data,
                           std::uint64_t packet);

    [[nodiscard]] std::size_t held_bytes() const {
        return client.held_bytes() + server.held_bytes() + probe.size() +
               (parser ? parser->held_bytes() : 0);
    }
    /// Nothing half done: the next request can be picked up afresh.
    [[nodiscard]] bool idle() const {
        return parser && parser->idle() && client.held_bytes() + server.held_bytes() == 0;
    }

    Flow* flow;
    bool client_is_originator;
    Reassembler client;
    Reassembler server;
    std::string probe;                 // the client's first bytes, until they tell what it is
    std::optional<HttpParser> parser;  // once they are a request
    std::uint32_t acknowledged = 0;    // by the server, with its last payload
    bool server_spoke = false;
    std::size_t counted = 0;  // held_bytes() as the table has it
    std::list<HttpStream>::iterator self;

  private:
    Outcome read_client(const HttpConfig& config, Bytes data, std::uint64_t packet);
    Outcome drain(const HttpConfig* config, std::uint64_t packet);
    [[nodiscard]] bool server_must_wait() const {
        return !parser || client.has_gap() || (server_spoke && before(client.next(), acknowledged));
    }
};

}  // namespace kentongan::packet
