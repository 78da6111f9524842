#pragma once
// FTP's commands and replies (RFC 959, RFC 2428, RFC 4217).
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "collectors/packet/protocol/lines.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// One ftp event for each command, when its last reply came. Passwords are passed over. After AUTH
/// TLS the rest is told as TLS. Files that data connections will bring are announced.
class FtpDissector final : public Dissector {
  public:
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] bool encrypted() const override { return encrypted_ && encrypted_->encrypted(); }
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    struct Command {
        std::string name;  ///< in capitals
        std::string argument;
        Moment asked;
        bool announced = false;
    };
    /// Where the next data connection goes.
    struct Channel {
        Side listens = Side::responder;
        std::uint16_t port = 0;
    };

    void command(std::string_view line, const Moment& at, ProtocolSink& out);
    void reply_line(std::string_view line, const Moment& at, ProtocolSink& out);
    void reply(const ReplyLine& reply, const Moment& at, ProtocolSink& out);
    void tell(const Command& command, const ReplyLine* reply, const Moment& at, ProtocolSink& out);
    void prepare(const Command& command);
    void settle(const Command& command, const ReplyLine& reply, ProtocolSink& out);
    void announce(const Moment& at, ProtocolSink& out);

    Lines client_;
    Lines server_;
    std::deque<Command> waiting_;
    std::string user_;
    std::optional<int> many_;  ///< the code of a reply of several lines that is not over
    std::optional<Channel> channel_;
    bool restarts_ = false;  ///< the next file is sent from its middle on
    bool as_stream_ = true;  ///< data is sent as it is, to the end of its connection
    unsigned strange_ = 0;
    std::unique_ptr<Dissector> encrypted_;
};

[[nodiscard]] std::unique_ptr<Dissector> make_ftp_dissector();

/// Where the data goes, "192.0.2.1:5001", by the argument of PORT or EPRT or the text of their
/// passive counterparts' replies; of EPSV ":5001"; empty when it says none.
[[nodiscard]] std::string data_channel(std::string_view command, std::string_view text);

}  // namespace kentongan::packet
