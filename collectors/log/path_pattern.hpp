#pragma once
// Paths with wildcards: which files they match now, and which folders may bring more.
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::log {

/// Whether a path has *, ? or [ in it.
[[nodiscard]] bool is_pattern(std::string_view path);

struct Matches {
    std::vector<std::string> files;    ///< regular files, in the order of their names
    std::vector<std::string> folders;  ///< that were looked into, or will be once they are there
    std::size_t left_out = 0;          ///< entries over the caps
};

/// Wildcards stand for any text within one part of a path; a leading dot is matched by a dot only;
/// links are followed; there is no `**`. At most `files` and 1,024 folders, and 65,536 entries are
/// looked at in all.
[[nodiscard]] Matches expand(const std::string& pattern, std::size_t files);

}  // namespace kentongan::log
