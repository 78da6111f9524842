#pragma once
// The events of a database's conversation: logins and statements.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet::sql {

/// Who speaks to which database; the same in each event of a conversation. Texts are bounded.
struct Session {
    static constexpr std::size_t kTextCap = 256;

    std::string_view system;  ///< "postgresql", "mysql"
    std::string user;
    std::string database;
    std::string application;
    std::string authentication;
    std::string version;
    std::optional<std::uint32_t> thread;
};

struct Result {
    std::optional<bool> success;  ///< not known when the conversation ended before
    std::optional<std::int64_t> rows;
    std::string_view error_code;
    std::string_view error;
    std::string_view tag;  ///< PostgreSQL's: "SELECT 5"
};

void emit_login(const Session& session, const Result& result, const Moment& at, ProtocolSink& out);
/// `asked`: when the statement was sent.
void emit_statement(const Session& session, std::string_view statement, const Result& result,
                    const Moment& asked, const Moment& at, ProtocolSink& out);

[[nodiscard]] std::size_t held_bytes(const Session& session);

}  // namespace kentongan::packet::sql
