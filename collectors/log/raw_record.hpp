#pragma once
// A record of a log, read once more where it was read before.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "collectors/log/options.hpp"
#include "daemon/base/error.hpp"

namespace kentongan::log {

/// Whether the source reads the file at `path`, which may be gone by now.
[[nodiscard]] bool is_read_by(const Options& options, const std::string& path);

/// The bytes whose SHA-256 (lower-case hex) an event's record had: at `offset` of the content of
/// the file at `path`, or of a file that it was rotated to. A record of several lines has a line
/// feed between two, as it was hashed. Error (no_input): they are not there, and why. Blocking; of
/// a compressed file, what stands before the offset is read too, 1 GiB at most.
[[nodiscard]] Result<std::string> find_record(const Options& options,
                                              const std::filesystem::path& path,
                                              std::uint64_t offset, std::string_view sha256);

}  // namespace kentongan::log
