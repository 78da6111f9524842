#pragma once
// What a certificate says about itself, read by OpenSSL.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet::tls {

/// Texts are bounded: names by kTextCap, alternative names by kNamesCap. Nothing is verified.
struct Certificate {
    static constexpr std::size_t kTextCap = 1024;
    static constexpr std::size_t kNamesCap = 64;

    std::string subject;  ///< RFC 2253, as Zeek writes it: "CN=a,O=b"
    std::string issuer;
    std::string common_name;
    std::string serial;      ///< hex in capitals
    std::string not_before;  ///< RFC 3339
    std::string not_after;
    std::string public_key_algorithm;            ///< "rsaEncryption"
    std::vector<std::string> alternative_names;  ///< DNS names and addresses
    std::string sha1;                            ///< of the whole certificate, lower-case hex
    std::string sha256;
};
/// Nothing when `der` is no certificate.
[[nodiscard]] std::optional<Certificate> parse_certificate(Bytes der);

}  // namespace kentongan::packet::tls
