#pragma once
// The packets of MySQL's protocol (https://dev.mysql.com/doc/dev/mysql-server/latest/).
#include <cstdint>
#include <optional>
#include <string_view>

#include "collectors/packet/protocol/sql/frames.hpp"

namespace kentongan::packet::sql::mysql {

/// Three bytes of length and one of sequence.
[[nodiscard]] std::optional<std::uint64_t> packet_size(const FrameReader::Head& head);

enum Capability : std::uint32_t {
    connect_with_db = 1U << 3,
    compress = 1U << 5,
    ssl = 1U << 11,
    secure_connection = 1U << 15,
    plugin_auth = 1U << 19,
    connect_attributes = 1U << 20,
    lenenc_auth = 1U << 21,
    deprecate_eof = 1U << 24,
    query_attributes = 1U << 27,
    protocol_41 = 1U << 9,
};

/// Reads MySQL's little-endian numbers; past the end zero, and ok() is false.
class Reader {
  public:
    explicit Reader(Bytes bytes) : in_(bytes) {}
    std::uint64_t number(std::size_t width);
    /// A number whose first byte says its width.
    std::uint64_t packed();
    std::string_view text();  ///< up to a zero byte
    Bytes take(std::uint64_t count);
    [[nodiscard]] Bytes rest() const { return in_.rest(); }
    [[nodiscard]] bool ok() const { return in_.ok(); }

  private:
    ByteReader in_;
};

struct Greeting {
    std::string_view version;
    std::uint32_t thread = 0;
    std::uint32_t capabilities = 0;
    std::string_view plugin;
};
/// The server's first packet, protocol 10.
[[nodiscard]] std::optional<Greeting> parse_greeting(Bytes body);

struct Login {
    std::uint32_t capabilities = 0;
    bool encrypts = false;  ///< a request for TLS: nothing else is in it
    std::string_view user;
    std::string_view database;
    std::string_view plugin;
    std::string_view program;  ///< the attribute program_name
};
/// HandshakeResponse41 or SSLRequest; what authenticates is passed over.
[[nodiscard]] std::optional<Login> parse_login(Bytes body);

struct Outcome {
    enum class Kind : std::uint8_t { ok, error, other } kind = Kind::other;
    std::int64_t affected_rows = 0;
    std::uint16_t status = 0;
    std::uint16_t code = 0;
    std::string_view message;
};
/// An OK or ERR packet.
[[nodiscard]] Outcome parse_outcome(Bytes body);

/// The text of a COM_QUERY behind its command byte.
[[nodiscard]] std::string_view query_text(Bytes body, std::uint32_t capabilities);

}  // namespace kentongan::packet::sql::mysql
