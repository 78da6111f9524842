#pragma once
// A client's end of TLS: whom it trusts, what it shows of itself, and the handshake. Include it
// from a .cpp only.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <memory>
#include <optional>
#include <string>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"

namespace kentongan {

/// TLS 1.2 or newer, peers verified against `ca_file` (PEM), or the system's when empty. With
/// `certificate_file` (PEM, with its chain) and `key_file` it answers a server that asks who we
/// are. Errors (config) name the file.
[[nodiscard]] Result<std::shared_ptr<asio::ssl::context>> client_tls(
    const std::string& ca_file, const std::string& certificate_file = "",
    const std::string& key_file = "");

using TlsStream = asio::ssl::stream<asio::ip::tcp::socket&>;

/// Verifies that the certificate is `host`'s. `refused` becomes true when it is the certificate
/// that fails. The stream outlives it.
[[nodiscard]] Task<Result<>> shake_hands(TlsStream& stream, std::string host, bool& refused);

/// When the certificate that the peer showed ends, Unix seconds; 0 when there is none.
[[nodiscard]] std::int64_t certificate_end(TlsStream& stream);

}  // namespace kentongan
