#pragma once
// How far a match of libyara's compiled expressions can reach. Private to this folder.
#include <yara.h>

#include <cstdint>

namespace kentongan::yara {

/// The most bytes that the code of one direction of an expression can match; never more than
/// libyara's own limit, YR_RE_SCAN_LIMIT, which is also said of what cannot be told.
[[nodiscard]] std::uint32_t reach_of(const std::uint8_t* code);

}  // namespace kentongan::yara
