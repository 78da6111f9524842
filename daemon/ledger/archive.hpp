#pragma once
// Archive: the files of a package in one ZIP that any program opens. It is written in one form only
// (stored, no dates, no extras), and read only if it is in that form: so every byte of a package is
// accounted for, nothing can hide between its parts, and nothing unpacks to more than it is.
#include <map>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan::ledger {

/// Name -> content. Names are relative paths of letters, digits, and `._-+/`, without `..`.
using ArchiveFiles = std::map<std::string, std::string>;

inline constexpr std::size_t kLargestArchive = std::size_t{1} << 30;
inline constexpr std::size_t kMostFiles = 20000;

/// In the order of names. Errors (data): too large, a name that is not allowed.
[[nodiscard]] Result<std::string> write_archive(const ArchiveFiles& files);
/// Errors (data) name the byte where it is not as it was written.
[[nodiscard]] Result<ArchiveFiles> read_archive(std::string_view bytes);

[[nodiscard]] bool is_archive_name(std::string_view name);

}  // namespace kentongan::ledger
