#pragma once
// PostgreSQL's messages (https://www.postgresql.org/docs/current/protocol-message-formats.html).
#include <cstdint>
#include <optional>
#include <string_view>

#include "collectors/packet/protocol/sql/frames.hpp"

namespace kentongan::packet::sql::postgres {

inline constexpr std::uint32_t kSslRequest = 80877103;
inline constexpr std::uint32_t kGssRequest = 80877104;
inline constexpr std::uint32_t kCancelRequest = 80877102;

/// Headers: a length alone before the session has begun, a letter and a length later.
[[nodiscard]] std::optional<std::uint64_t> startup_size(const FrameReader::Head& head);
[[nodiscard]] std::optional<std::uint64_t> message_size(const FrameReader::Head& head);
[[nodiscard]] bool is_client_type(std::uint8_t type);

/// Of AuthenticationMD5Password and so on; empty for the steps within one method.
[[nodiscard]] std::string_view authentication_name(std::uint32_t kind);

struct ErrorFields {
    std::string_view severity;
    std::string_view state;  ///< SQLSTATE
    std::string_view message;
};
[[nodiscard]] ErrorFields parse_error(Bytes body);

/// The number a command tag ends with: "INSERT 0 3", "SELECT 5".
[[nodiscard]] std::optional<std::int64_t> rows_of(std::string_view tag);

}  // namespace kentongan::packet::sql::postgres
