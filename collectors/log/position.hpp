#pragma once
// Where in which file a log is to be taken up again, as the bookmark keeps it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/log/read_trail.hpp"

namespace kentongan::log {

inline constexpr std::size_t kFingerprintBytes = 1024;

/// Names the file by inode and by the SHA-256 of its first bytes, not by path: it may have been
/// rotated since. Device numbers are left out, for they change over a reboot.
struct Position {
    std::uint64_t inode = 0;
    std::uint64_t offset = 0;             ///< of the first byte not handed on, from 0
    std::uint64_t fingerprint_bytes = 0;  ///< how many of the first bytes, 0 to 1,024
    std::string fingerprint;              ///< their SHA-256, lower-case hex; empty for 0 bytes
    std::uint64_t lines = 0;              ///< lines handed on from this file
    bool passing_over = false;            ///< `offset` is inside a line that was cut
    std::int64_t time = 0;                ///< of the newest event, ns since 1970; 0: none
    std::string format;                   ///< what `auto` settled on
    std::optional<Stretch> known = std::nullopt;  ///< the last bytes that were read, 1 MiB at most
    std::int64_t born = 0;  ///< when the file was made, ns since 1970; 0: unknown
    bool done = false;      ///< a compressed file that was read to its end

    bool operator==(const Position&) const = default;
};

[[nodiscard]] std::string to_json(const Position& position);
/// Nothing when `text` is no position.
[[nodiscard]] std::optional<Position> parse_position(std::string_view text);

/// One file of a source that has several.
struct FilePosition {
    std::string path;  ///< where it was last; empty when the source had one file only
    Position position;
    bool operator==(const FilePosition&) const = default;
};

/// A source's bookmark: to_json() of one position, or {"files":[…]} of such with a path.
[[nodiscard]] std::optional<std::vector<FilePosition>> parse_positions(std::string_view text);
[[nodiscard]] std::string to_json(std::string_view path, const Position& position);

/// SHA-256 in hex of a file's first bytes; empty for none.
[[nodiscard]] std::string fingerprint_of(std::string_view head);

}  // namespace kentongan::log
