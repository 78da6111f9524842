#pragma once
// Reads a record of a log again, with the lines around it, and says whether it is still what it
// was.
#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kentongan::api {

struct ContextWanted {
    static constexpr std::size_t kMostLines = 10;      ///< before the record, and after it
    static constexpr std::size_t kShownBytes = 1024;   ///< of a line; a longer one is cut
    static constexpr std::size_t kNearBytes = 65'536;  ///< looked at on each side of the record

    std::filesystem::path file;  ///< the log
    /// Its rotated files, the likeliest first: where the record is when it is not in `file`.
    std::vector<std::filesystem::path> rotated{};
    std::uint64_t offset = 0;  ///< of the record's first byte
    std::string sha256{};      ///< lower-case hex, of the record as it was read
    std::string excerpt{};     ///< its beginning, valid UTF-8
    // As the log was read, so that the digest is of the same bytes.
    std::size_t line_bytes = 65'536;
    std::size_t record_bytes = 262'144;
    std::size_t record_lines = 500;
};

struct ContextLine {
    std::string text;  ///< valid UTF-8
    bool cut = false;  ///< there is more of it
};

struct Context {
    /// same: in the file. rotated: in a rotated one. changed: in none of them, though there is a
    /// file. missing: there is no file.
    std::string state = "missing";
    std::string file{};  ///< the name, without its folder, of the file that it was found in
    std::vector<ContextLine> before{}, record{}, after{};  ///< empty unless it was found
};

/// Nothing is told of a file that does not hold the record, byte for byte, at its place. Blocking;
/// regular files only, and no link is followed to one.
[[nodiscard]] Context read_context(const ContextWanted& wanted);
[[nodiscard]] boost::json::object to_json(const Context& context);

/// Whether a path is that of a log that the settings name: itself, or one that the pattern matches.
/// A path with "." or ".." in it never is.
[[nodiscard]] bool is_path_of(const std::string& setting, const std::string& path);

}  // namespace kentongan::api
