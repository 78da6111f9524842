#pragma once
// What is known of one TLS conversation, and the event made of it.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/packet/protocol/tls/certificate.hpp"
#include "collectors/packet/protocol/tls/hello.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet::tls {

/// All texts are owned and bounded.
struct Conversation {
    Side client = Side::originator;
    // the client's hello
    bool client_hello = false;
    std::string server_name;
    std::vector<std::string> protocols;
    std::vector<std::uint16_t> ciphers;  ///< without GREASE
    std::string session_id;
    std::string ja3;
    std::string ja4;
    // the server's
    bool server_hello = false;
    std::uint16_t version = 0;
    std::uint16_t cipher = 0;
    std::optional<std::uint16_t> curve;
    std::string protocol;
    std::string ja3s;
    std::size_t chain_length = 0;
    std::optional<Certificate> leaf;
    // how it went on
    std::optional<std::uint8_t> alert;
    bool client_certificate = false;
    bool resumed = false;
    bool established = false;
    bool left_out = false;     ///< a list was longer than what is kept of it
    std::string quic_version;  ///< empty: TLS over TCP
};

/// Takes what is kept of a hello. `transport`: as for ja4().
void note_client(const ClientHello& hello, char transport, Conversation& out);
void note_server(const ServerHello& hello, Conversation& out);
void note_certificates(Bytes message, Conversation& out);

void emit(const Conversation& conversation, const Moment& at, ProtocolSink& out);
[[nodiscard]] std::size_t held_bytes(const Conversation& conversation);

}  // namespace kentongan::packet::tls
