#pragma once
// Statements: a few facts in one canonical form, signed when there is a key.
#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "daemon/base/signing_key.hpp"

namespace kentongan {

/// Keys are ASCII. Numbers are whole: fractions have no canonical text that all programs share.
using Statement = std::map<std::string, std::variant<std::int64_t, bool, std::string>>;

/// JSON in the form of RFC 8785: keys in order, no blanks, shortest escapes.
[[nodiscard]] std::string to_canonical_json(const Statement& statement);

/// {"key":…,"signature":…,"statement":…}: the signature is that of the canonical JSON of the
/// statement, `key` the key's id. Without a key: {"statement":…}.
[[nodiscard]] std::string signed_record(const Statement& statement, const SigningKey* key);

}  // namespace kentongan
