#pragma once
// Time-based one-time passwords (RFC 6238: SHA-1, 30 s, six digits, as authenticator apps take
// them).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/time.hpp"

namespace kentongan::api {

/// The bytes of a base32 text (RFC 4648; spaces and padding are skipped, any case); nothing when it
/// is not base32 or longer than 128 bytes.
[[nodiscard]] std::optional<std::string> from_base32(std::string_view text);
[[nodiscard]] std::string to_base32(std::string_view bytes);

/// The code of one 30 s step since 1970.
[[nodiscard]] std::string totp_code(std::string_view secret, std::uint64_t step);

/// The step whose code this is, of the one before `now`, the present and the next one, for clocks
/// differ; nothing when it is none of theirs, or not after `last_used`: a code serves once.
[[nodiscard]] std::optional<std::uint64_t> accept_totp(std::string_view secret,
                                                       std::string_view code, Timestamp now,
                                                       std::uint64_t last_used);

}  // namespace kentongan::api
