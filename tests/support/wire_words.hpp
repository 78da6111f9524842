#pragma once
// Messages of binary protocols as bytes, for captures that are made: hellos, packets, frames.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::generate {

/// `value` in `width` bytes, the greatest first; and the least first.
[[nodiscard]] std::string big(std::uint64_t value, int width);
[[nodiscard]] std::string small(std::uint64_t value, int width);
/// `text` behind its length in `width` bytes; and before a zero.
[[nodiscard]] std::string counted(std::string_view text, int width);
[[nodiscard]] std::string zeroed(std::string_view text);

/// TLS records that hold a client's hello, or a server's that takes TLS 1.2.
[[nodiscard]] std::string client_hello(std::string_view server_name, std::string_view protocol);
[[nodiscard]] std::string server_hello();
/// The handshake message alone, as QUIC carries it.
[[nodiscard]] std::string client_hello_message(std::string_view server_name,
                                               std::string_view protocol);

/// A QUIC version 1 Initial packet that holds a client's hello.
[[nodiscard]] std::string quic_initial(std::string_view server_name, std::string_view connection);

[[nodiscard]] std::string dns_query(std::uint16_t id, std::string_view name, std::uint16_t type);
/// One answer to that query.
[[nodiscard]] std::string dns_answer(std::uint16_t id, std::string_view name, std::uint16_t type,
                                     std::string_view data);

/// SSH's offer of algorithms, as a packet.
[[nodiscard]] std::string ssh_offer(std::string_view algorithms);

/// Compressed as HTTP's gzip.
[[nodiscard]] std::string gzipped(std::string_view text);

}  // namespace kentongan::generate
