#pragma once
// TLS over a stream: both hellos, the certificates where they are not encrypted, and how it ended.
#include <array>
#include <memory>

#include "collectors/packet/protocol/tls/records.hpp"
#include "collectors/packet/protocol/tls/tls_event.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// One tls event: when the handshake is over, or failed, or the stream ends. Holds at most a
/// message of each end (tls::MessageReader::kLargest).
class TlsDissector final : public Dissector {
  public:
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    /// Its hello was answered: what follows is encrypted, but for TLS 1.2's certificates.
    [[nodiscard]] bool encrypted() const override { return talk_.server_hello && told_; }
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    struct End {
        tls::RecordReader records;
        tls::MessageReader messages;
        std::array<std::uint8_t, 2> alert{};
        std::size_t alert_bytes = 0;
        bool encrypts = false;  ///< its ChangeCipherSpec was seen (TLS 1.2 and before)
        bool finished = false;
    };

    void piece(Side from, const tls::Piece& piece);
    void handshake(Side from, const tls::Piece& piece);
    void message(Side from, const tls::MessageReader::Message& message);
    void alert(End& end, const tls::Piece& piece);
    void encrypted(Side from, const tls::Piece& piece);
    Outcome tell(Outcome outcome, const Moment& at, ProtocolSink& out);
    [[nodiscard]] bool is_tls13() const;

    std::array<End, 2> ends_;
    tls::Conversation talk_;
    bool full_handshake_ = false;  ///< the server showed its key: no session is resumed
    bool over_ = false;
    bool foreign_ = false;
    bool told_ = false;
};

[[nodiscard]] std::unique_ptr<Dissector> make_tls_dissector();

}  // namespace kentongan::packet
