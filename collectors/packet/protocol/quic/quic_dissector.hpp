#pragma once
// QUIC: the hellos in the Initial packets of both ends.
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "collectors/packet/protocol/quic/initial.hpp"
#include "collectors/packet/protocol/tls/tls_event.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// CRYPTO frames of one end put in order: the handshake's first bytes, however they come.
class CryptoStream {
  public:
    static constexpr std::size_t kLargest = 32768;

    /// False when a part lies beyond what is held.
    [[nodiscard]] bool add(std::uint64_t offset, Bytes data);
    /// What is there without a gap, from the first byte on.
    [[nodiscard]] Bytes in_order() const { return as_bytes(bytes_).first(whole_); }
    [[nodiscard]] std::size_t held_bytes() const { return bytes_.capacity() + later_.size() * 64; }

  private:
    static constexpr std::size_t kMostParts = 64;

    std::string bytes_;
    std::size_t whole_ = 0;
    std::map<std::size_t, std::size_t> later_;  // begin to end of what lies behind a gap
};

/// One tls event: when the server's hello was read, or without it when the client sends what
/// follows the handshake, or at the end. The conversation is then not looked at any more.
class QuicDissector final : public Dissector {
  public:
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    bool packet(Side from, const quic::Initial& initial, ProtocolSink& out);
    void hello(Side from);
    void tell(const Moment& at, ProtocolSink& out);

    std::array<CryptoStream, 2> crypto_;
    std::array<std::optional<quic::Keys>, 2> keys_;  ///< by Side
    std::string keyed_for_;                          ///< the connection id that they are for
    tls::Conversation talk_;
    unsigned datagrams_ = 0;
    bool told_ = false;
};

[[nodiscard]] std::unique_ptr<Dissector> make_quic_dissector();

}  // namespace kentongan::packet
