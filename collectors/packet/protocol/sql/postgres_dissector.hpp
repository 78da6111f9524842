#pragma once
// PostgreSQL's protocol 3.0 (https://www.postgresql.org/docs/current/protocol.html).
#include <array>
#include <deque>
#include <memory>
#include <string>

#include "collectors/packet/protocol/sql/frames.hpp"
#include "collectors/packet/protocol/sql/sql_event.hpp"
#include "collectors/packet/protocol/sql/statements.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// An event for the login and for each statement that is run, with its outcome. After SSLRequest
/// the conversation is TLS, and told as that. Passwords are never kept.
class PostgresDissector final : public Dissector {
  public:
    PostgresDissector();
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] bool encrypted() const override { return encrypted_ && encrypted_->encrypted(); }
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    using Frame = sql::FrameReader::Frame;
    using Texts = sql::Statements<std::string>;
    static constexpr std::size_t kMostWaiting = 32;

    /// What the server has yet to answer.
    struct Waiting {
        enum class What : std::uint8_t { query, parse, execute, sync } what{};
        Texts::Text text;
        Moment asked;
    };

    Outcome client(Bytes data, const Moment& at, ProtocolSink& out);
    Outcome server(Bytes data, const Moment& at, ProtocolSink& out);
    void startup(const Frame& frame);
    void request(const Frame& frame, const Moment& at, ProtocolSink& out);
    void reply(const Frame& frame, const Moment& at, ProtocolSink& out);
    void authentication(Bytes body, const Moment& at, ProtocolSink& out);
    void error(Bytes body, const Moment& at, ProtocolSink& out);
    void complete(Bytes body, const Moment& at, ProtocolSink& out);
    void ready(const Moment& at, ProtocolSink& out);
    void wait_for(Waiting waiting, const Moment& at, ProtocolSink& out);
    void tell(const Waiting& waiting, const sql::Result& result, const Moment& at,
              ProtocolSink& out);

    sql::FrameReader client_;
    sql::FrameReader server_;
    sql::Session session_;
    Texts prepared_;
    Texts::Text bound_;
    std::deque<Waiting> waiting_;
    std::string tag_;  ///< of the last part of a query that is done
    std::int64_t rows_ = 0;
    bool started_ = false;
    bool encryption_asked_ = false;
    bool logged_in_ = false;
    bool foreign_ = false;
    std::unique_ptr<Dissector> encrypted_;
};

[[nodiscard]] std::unique_ptr<Dissector> make_postgres_dissector();
/// Whether a client's first bytes are its start-up; nothing while too few are there.
[[nodiscard]] std::optional<bool> begins_postgres(Bytes head);

}  // namespace kentongan::packet
