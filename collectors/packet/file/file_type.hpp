#pragma once
// What a file is by its first bytes, whatever its name or its sender says.
#include <cstddef>
#include <string_view>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet {

/// As many bytes as are looked at.
inline constexpr std::size_t kFileTypeBytes = 128;

/// A media type (IANA's, or the one in common use); empty where they tell none. Signatures are from
/// the formats' own specifications. Text that is of no known kind is "text/plain".
[[nodiscard]] std::string_view file_type_of(Bytes head);

}  // namespace kentongan::packet
