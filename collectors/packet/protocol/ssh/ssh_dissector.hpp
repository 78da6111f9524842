#pragma once
// SSH: both banners, the fingerprints of both offers, and how the login seems to have gone.
#include <array>
#include <memory>
#include <string>

#include "collectors/packet/protocol/pending.hpp"
#include "collectors/packet/protocol/ssh/login_guess.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// One ssh event: at the likely success, or at the end with event.outcome "failure" or "unknown".
/// Both are guesses, which event.reason says (see ssh::LoginGuess). Beside it an auth event for
/// each failed attempt, when it is known, and for the success.
class SshDissector final : public Dissector {
  public:
    SshDissector();
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] bool encrypted() const override {
        return ends_[0].encrypted && ends_[1].encrypted;
    }
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    struct End {
        Pending pending;
        std::string banner;
        std::string hassh;
        bool encrypted = false;  ///< its NEWKEYS was seen
    };

    bool read_banner(End& end);
    /// One unencrypted packet; false when there is none (yet), `foreign_` when it is no SSH.
    bool read_packet(Side from, const Moment& at);
    void tell(const Moment& at, ProtocolSink& out);
    void tell_logins(const Moment& at, ProtocolSink& out);

    std::array<End, 2> ends_;
    ssh::LoginGuess guess_;
    bool foreign_ = false;
    bool told_ = false;
    unsigned failures_told_ = 0;
};

[[nodiscard]] std::unique_ptr<Dissector> make_ssh_dissector();

}  // namespace kentongan::packet
