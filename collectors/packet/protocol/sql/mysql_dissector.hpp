#pragma once
// MySQL's and MariaDB's protocol: the login, and each statement with its outcome.
#include <memory>
#include <string>

#include "collectors/packet/protocol/sql/frames.hpp"
#include "collectors/packet/protocol/sql/mysql_messages.hpp"
#include "collectors/packet/protocol/sql/sql_event.hpp"
#include "collectors/packet/protocol/sql/statements.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// After a request for TLS the conversation is told as TLS; a compressed one only by its login.
class MysqlDissector final : public Dissector {
  public:
    MysqlDissector();
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] bool encrypted() const override { return encrypted_ && encrypted_->encrypted(); }
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    using Texts = sql::Statements<std::uint32_t>;
    enum class Phase : std::uint8_t { greeting, login, checking, commands, over, foreign };
    /// What the server sends next in answer to a command.
    enum class Reply : std::uint8_t { none, first, columns, columns_end, rows, prepared };

    void client(Bytes body, const Moment& at, ProtocolSink& out);
    void login(Bytes body);
    void command(Bytes body, const Moment& at, ProtocolSink& out);
    void server(Bytes body, std::uint64_t size, const Moment& at, ProtocolSink& out);
    void greeting(Bytes body, const Moment& at, ProtocolSink& out);
    void checked(Bytes body, const Moment& at, ProtocolSink& out);
    void reply(Bytes body, std::uint64_t size, const Moment& at, ProtocolSink& out);
    void first_reply(Bytes body, const Moment& at, ProtocolSink& out);
    void row(Bytes body, std::uint64_t size, const Moment& at, ProtocolSink& out);
    void finish(bool success, const sql::mysql::Outcome& outcome, const Moment& at,
                ProtocolSink& out);
    void tell(const sql::Result& result, const Moment& at, ProtocolSink& out);

    sql::FrameReader client_;
    sql::FrameReader server_;
    bool client_goes_on_ = false;  ///< a packet of the largest size: the next is its rest
    bool server_goes_on_ = false;
    sql::Session session_;
    Texts prepared_;
    Texts::Text statement_;  ///< that waits for its answer
    Moment asked_;
    Phase phase_ = Phase::greeting;
    Reply reply_ = Reply::none;
    std::uint32_t capabilities_ = 0;  ///< of both
    std::uint64_t columns_ = 0;
    std::int64_t rows_ = 0;
    std::unique_ptr<Dissector> encrypted_;
};

[[nodiscard]] std::unique_ptr<Dissector> make_mysql_dissector();
/// Whether a server's first bytes are its greeting; nothing while too few are there.
[[nodiscard]] std::optional<bool> begins_mysql(Bytes head);

}  // namespace kentongan::packet
