#pragma once
// DNS over datagrams and streams: each query with its answer is one event.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "collectors/packet/protocol/dns/message.hpp"
#include "collectors/packet/protocol/pending.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// A query waits kPatience for its answer, at most kMostWaiting at once; then it is told without.
/// Datagram or stream (a length before each message, RFC 7766) is chosen when it is made.
class DnsDissector final : public Dissector {
  public:
    enum class Over : std::uint8_t { datagrams, stream };
    static constexpr std::size_t kMostWaiting = 64;
    static constexpr Duration kPatience = std::chrono::seconds{10};

    explicit DnsDissector(Over over);
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    struct Waiting {
        std::uint16_t id = 0;
        Side from{};
        Moment asked;
        dns::Message message;
    };

    bool message(Side from, Bytes data, const Moment& at, ProtocolSink& out);
    void ask(Side from, dns::Message query, const Moment& at, ProtocolSink& out);
    void answer(Side from, const dns::Message& answer, const Moment& at, ProtocolSink& out);
    void give_up_waiting(const Moment& at, ProtocolSink& out);

    Over over_;
    std::array<Pending, 2> pending_;
    std::vector<Waiting> waiting_;  // the oldest first
    unsigned strange_ = 0;
};

[[nodiscard]] std::unique_ptr<Dissector> make_dns_dissector(DnsDissector::Over over);

}  // namespace kentongan::packet
