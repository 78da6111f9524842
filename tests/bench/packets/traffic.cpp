// The traffic that the parts are measured on.
#include <fmt/format.h>

#include "tests/bench/packets/parts.hpp"
#include "tests/support/wire_words.hpp"

namespace kentongan::packet::bench {

namespace {

constexpr std::string_view kServer = "10.20.0.5";
constexpr std::size_t kSegment = 1448;
const Timestamp kStart = *parse_rfc3339("2024-11-27T06:00:00Z");

std::string client_of(int i) {
    return fmt::format("36.{}.{}.{}", i / 62'500 % 250, i / 250 % 250, i % 250 + 1);
}
std::uint16_t port_of(int i) { return static_cast<std::uint16_t>(32768 + i % 28000); }

template <class Speak>
Traffic conversations(int count, std::uint16_t port, const Speak& speak) {
    Traffic out;
    for (int i = 0; i < count; ++i) {
        const std::string from = client_of(i);
        TcpConversation talk({from, port_of(i)}, {kServer, port},
                             kStart + std::chrono::microseconds{i * 50});
        talk.handshake();
        speak(talk, i);
        talk.close();
        for (TimedFrame& frame : talk.frames()) {
            frame.time = kStart + std::chrono::microseconds{i * 50};
            out.bytes += static_cast<std::int64_t>(frame.bytes.size());
            out.frames.push_back(std::move(frame));
        }
    }
    return out;
}

}  // namespace

Traffic handshakes(int count) {
    return conversations(count, 443, [](TcpConversation&, int) {});
}

Traffic bulk(std::size_t megabytes, bool reordered) {
    const std::string from = client_of(1);
    TcpConversation talk({from, 40000}, {kServer, 9999}, kStart);
    talk.handshake().client_says("bukan protokol apa pun");
    std::string segment(kSegment, '\0');
    for (std::size_t sent = 0; sent < megabytes << 20; sent += kSegment) {
        for (std::size_t i = 0; i < kSegment; ++i)
            segment[i] = static_cast<char>((sent + i * 7) * 31 >> 5);
        talk.server_says(segment);
    }
    Traffic out;
    out.frames = talk.close().frames();
    for (std::size_t i = 8; reordered && i + 8 < out.frames.size(); i += 4)
        std::swap(out.frames[i].bytes, out.frames[i + 1].bytes);
    for (std::size_t i = 0; i < out.frames.size(); ++i) {
        out.frames[i].time = kStart + std::chrono::microseconds{i * 10};
        out.bytes += static_cast<std::int64_t>(out.frames[i].bytes.size());
    }
    return out;
}

Traffic pages(int count) {
    const std::string page(8000, 'p');
    return conversations(count, 80, [&](TcpConversation& talk, int i) {
        talk.client_says(
            fmt::format("GET /hasil/{}.json HTTP/1.1\r\nHost: sirekap.test\r\n"
                        "User-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n",
                        i));
        talk.server_says(
            fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                        "Content-Length: {}\r\n\r\n",
                        page.size()));
        for (std::size_t at = 0; at < page.size(); at += kSegment)
            talk.server_says(std::string_view(page).substr(at, kSegment));
    });
}

Traffic hellos(int count) {
    const std::string client = generate::client_hello("sirekap.test", "h2");
    const std::string server = generate::server_hello();
    return conversations(count, 443, [&](TcpConversation& talk, int) {
        talk.client_says(client).server_says(server);
    });
}

Traffic names(int count) {
    Traffic out;
    for (int i = 0; i < count; ++i) {
        const std::string from = client_of(i);
        const auto id = static_cast<std::uint16_t>(i);
        const auto name = fmt::format("situs{}.sirekap.test", i % 500);
        const auto time = kStart + std::chrono::microseconds{i * 50};
        out.frames.push_back(
            {time, udp_frame({from, port_of(i)}, {kServer, 53}, generate::dns_query(id, name, 1))});
        out.frames.push_back(
            {time, udp_frame({kServer, 53}, {from, port_of(i)},
                             generate::dns_answer(id, name, 1, {"\x0A\1\2\3", 4}))});
    }
    for (const TimedFrame& frame : out.frames)
        out.bytes += static_cast<std::int64_t>(frame.bytes.size());
    return out;
}

}  // namespace kentongan::packet::bench
