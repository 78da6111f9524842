#pragma once
// Entry: what a baseline knows of one file, and Change: one difference between two scans.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "daemon/base/digest.hpp"

namespace kentongan::integrity {

enum class FileType : std::uint8_t { regular = 1, symlink = 2, folder = 3, other = 4 };

/// A file as lstat and its content show it. Folders carry no size and no times: these change with
/// every file in them.
struct Entry {
    FileType type = FileType::regular;
    bool hashed = false;     ///< `hash` is of the content (of a symlink: of its target)
    std::uint32_t mode = 0;  ///< permission bits with setuid, setgid and sticky (07777)
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint64_t size = 0;  ///< bytes
    std::int64_t mtime_ns = 0;
    std::int64_t ctime_ns = 0;  ///< 0: not to be trusted by the quick check
    std::uint64_t inode = 0;
    Sha256Digest hash{};
    std::string target;  ///< of a symlink
};

/// By path below the tree's root, without a leading slash; "" is the root itself. Byte order.
using Entries = std::map<std::string, Entry, std::less<>>;

/// A path whose entry differs: created (no previous), removed (no current) or changed.
struct Change {
    std::string path;
    std::optional<Entry> previous;
    std::optional<Entry> current;
};

/// The folder a path is in; "" for those directly below the root, and for the root.
[[nodiscard]] inline std::string_view folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

}  // namespace kentongan::integrity
