#pragma once
// Fingerprints of TLS clients and servers by the definitions that others publish theirs by.
#include <string>

#include "collectors/packet/protocol/tls/hello.hpp"

namespace kentongan::packet::tls {

/// JA3: version, ciphers, extensions, curves and point formats as decimal numbers in the order
/// sent, GREASE left out; the text is hashed with MD5 (github.com/salesforce/ja3).
[[nodiscard]] std::string ja3_text(const ClientHello& hello);
[[nodiscard]] std::string ja3(const ClientHello& hello);
/// JA3S: version, cipher and extensions of the server's answer.
[[nodiscard]] std::string ja3s_text(const ServerHello& hello);
[[nodiscard]] std::string ja3s(const ServerHello& hello);

/// JA4 (FoxIO, the part under the BSD licence): "t13d1516h2_8daaf6152771_e5627efa2ab1".
/// `transport`: 't' over TCP, 'q' in QUIC.
[[nodiscard]] std::string ja4(const ClientHello& hello, char transport);

}  // namespace kentongan::packet::tls
