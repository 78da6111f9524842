#pragma once
// SimHash (Charikar 2002; Manku, Jain and Das Sarma 2007): texts that differ little have hashes
// that differ in few bits.
#include <cstdint>
#include <string_view>

namespace kentongan::report {

/// Over the text's words and pairs of words. Case, punctuation and white space make no difference,
/// nor does which number stands in a place. `seed`: so that nobody can aim at a hash. 0 for a text
/// without words.
[[nodiscard]] std::uint64_t simhash(std::string_view text, std::uint64_t seed);

}  // namespace kentongan::report
