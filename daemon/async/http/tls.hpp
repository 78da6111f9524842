#pragma once
// What a listener shows over TLS, and whom it asks to show a certificate.
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "daemon/base/error.hpp"

namespace kentongan::web {

struct TlsFiles {
    std::string certificate;  ///< PEM: ours first, then the chain
    std::string private_key;  ///< PEM; nobody else may read it
    std::string client_ca;  ///< PEM: who signs our clients' certificates; empty: none are asked for
};

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 with forward secrecy and AEAD, or 1.3. Errors name the file at fault: no_input,
/// permission (a private key that others may read), config (not PEM, or key and certificate do not
/// belong together).
[[nodiscard]] Result<TlsContext> server_tls(const TlsFiles& files);

/// When the certificate ends, Unix seconds; 0 when that cannot be read.
[[nodiscard]] std::int64_t certificate_end(const std::string& file);

}  // namespace kentongan::web
