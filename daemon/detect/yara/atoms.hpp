#pragma once
// What libyara searches for, read out of its compiled rules: each match of a string contains one
// of its atoms. Private to this folder.
#include <yara.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kentongan::yara {

/// Bytes that every match of some string has in it, and how far the match reaches around them.
struct Atom {
    std::string bytes;         ///< never empty
    bool caseless = false;     ///< ASCII letters in either case
    std::uint32_t before = 0;  ///< from the end of the atom back to where looking must begin
    std::uint32_t after = 0;   ///< and from there on to where it may end
};

/// The atoms of all strings that are not disabled: a match that has no atom of these in it does not
/// exist, and one that has is found in the bytes around it alone. Nothing when a string may match
/// without any atom, or when there are more than `most`.
[[nodiscard]] std::optional<std::vector<Atom>> atoms_of(const YR_RULES& rules, std::size_t most);

}  // namespace kentongan::yara
