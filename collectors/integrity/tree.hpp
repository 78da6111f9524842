#pragma once
// Tree: which folder is checked and what of it is left out; opening below it without ever
// following a symbolic link.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/file.hpp"

namespace kentongan::integrity {

/// Glob patterns as fnmatch(3) reads them. One without a slash is about the name of a file or
/// folder at any depth; one with a slash about the path below the root, where `*` stays within a
/// folder and `**` does not. What is in a folder that matches is left out too.
class Exclusions {
  public:
    Exclusions() = default;
    explicit Exclusions(std::vector<std::string> patterns);
    [[nodiscard]] bool match(std::string_view path) const;
    /// The path or a folder it is in.
    [[nodiscard]] bool cover(std::string_view path) const;

  private:
    struct Pattern {
        std::string glob;
        bool whole_path = false;
        int flags = 0;
    };
    std::vector<Pattern> patterns_;
};

struct Tree {
    std::string root;  ///< no trailing slash, except for "/"; may itself be a symbolic link
    Exclusions exclude;
    std::size_t maximum_files = 5'000'000;  ///< files, folders and links
    int maximum_depth = 128;                ///< each level costs an open descriptor while walking

    [[nodiscard]] std::string absolute(std::string_view path) const;
};

/// A folder below the root, opened step by step from it so that no step can be a symbolic link;
/// "" is the root. errno tells why not.
[[nodiscard]] FileDescriptor open_folder(const Tree& tree, std::string_view path);

/// A regular file in an open folder, for reading; never blocks on a FIFO, never follows a link.
[[nodiscard]] FileDescriptor open_file(const FileDescriptor& folder, const std::string& name);

}  // namespace kentongan::integrity
