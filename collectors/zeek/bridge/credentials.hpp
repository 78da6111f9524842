#pragma once
// Certificates are checked before libbroker sees them: a wrong path ends its process.
#include "collectors/zeek/bridge/settings.hpp"

namespace kentongan::bridge {

/// For mutual TLS: the three files can be read and parsed, the certificate is in its time, and the
/// key, which must not need a passphrase, is the certificate's. Otherwise nothing to check.
[[nodiscard]] Result<> check_credentials(const Settings& settings);

}  // namespace kentongan::bridge
