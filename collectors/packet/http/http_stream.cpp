#include "collectors/packet/http/http_stream.hpp"

namespace kentongan::packet {

HttpStream::Outcome HttpStream::read_client(const HttpConfig& config, Bytes data,
                                            std::uint64_t packet) {
    if (parser) return parser->request(data, packet);
    probe.append(as_text(data));
    const auto verdict = begins_request(probe);
    if (!verdict) return Outcome::more;
    if (!*verdict) return Outcome::foreign;
    parser.emplace(config);
    const std::string first = std::exchange(probe, {});
    return parser->request(as_bytes(first), packet);
}

HttpStream::Outcome HttpStream::drain(const HttpConfig* config, std::uint64_t packet) {
    Outcome outcome = Outcome::more;
    for (std::string bytes; config != nullptr && outcome == Outcome::more;) {
        bytes = client.take();
        if (bytes.empty()) break;
        outcome = read_client(*config, as_bytes(bytes), packet);
    }
    while (outcome == Outcome::more && !server_must_wait()) {
        const std::string bytes = server.take();
        if (bytes.empty()) break;
        outcome = parser->response(as_bytes(bytes), packet);
    }
    return outcome;
}

HttpStream::Outcome HttpStream::client_segment(const HttpConfig& config, std::uint32_t sequence,
                                               Bytes data, std::uint64_t packet) {
    if (client.take_directly(sequence, data)) {
        const Outcome outcome = read_client(config, data, packet);
        if (outcome != Outcome::more || server.held_bytes() == 0) return outcome;
    } else if (!client.add(sequence, data)) {
        return Outcome::broken;
    }
    return drain(&config, packet);
}

HttpStream::Outcome HttpStream::server_segment(std::uint32_t sequence, std::uint32_t ack,
                                               Bytes data, std::uint64_t packet) {
    if (!server_spoke || before(acknowledged, ack)) acknowledged = ack;
    server_spoke = true;
    if (!server_must_wait() && server.take_directly(sequence, data))
        return parser->response(data, packet);
    if (!server.add(sequence, data)) return Outcome::broken;
    return drain(nullptr, packet);
}

}  // namespace kentongan::packet
