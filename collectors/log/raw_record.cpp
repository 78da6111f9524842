#include "collectors/log/raw_record.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "collectors/log/input_file.hpp"
#include "collectors/log/path_pattern.hpp"
#include "collectors/log/rotation.hpp"
#include "daemon/base/digest.hpp"

namespace kentongan::log {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 4096;
constexpr std::size_t kMostRotations = 64;
constexpr std::uint64_t kFarthestCompressed = std::uint64_t{1} << 30;
constexpr std::uint64_t kRoom = 4096;  // for what is not part of a record: line ends

std::vector<fs::path> places_of(const fs::path& path) {
    std::vector<fs::path> out{path};
    std::error_code failed;
    for (fs::directory_iterator it{path.parent_path(), failed}, end; !failed && it != end;
         it.increment(failed))
        if (out.size() <= kMostRotations && is_rotation_of(path, it->path()))
            out.push_back(it->path());
    return out;
}

/// Joins lines as the collector does, until what they give has the digest.
std::optional<std::string> record_in(std::string_view bytes, const Options& options,
                                     std::string_view sha256) {
    const auto line_bytes = static_cast<std::size_t>(options.line_bytes);
    const auto record_bytes = static_cast<std::size_t>(options.record_bytes);
    std::string record;
    Sha256 hash;
    for (std::int64_t lines = 0; lines < options.record_lines && !bytes.empty(); ++lines) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        std::string_view line = bytes.substr(0, std::min(end, line_bytes));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (lines == 0 && sha256_hex(line) == sha256) return std::string(line);
        std::string part = lines > 0 && record.size() < record_bytes ? "\n" : "";
        const std::size_t used = record.size() + part.size();
        part += line.substr(0, record_bytes - std::min(record_bytes, used));
        hash.update(part);
        record += part;
        if (to_hex(hash.so_far()) == sha256) return record;
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return std::nullopt;
}

}  // namespace

bool is_read_by(const Options& options, const std::string& path) {
    if (options.path == path) return true;
    if (!is_pattern(options.path)) return false;
    const auto files = expand(options.path, kMostFiles).files;
    return std::ranges::find(files, path) != files.end();
}

Result<std::string> find_record(const Options& options, const fs::path& path, std::uint64_t offset,
                                std::string_view sha256) {
    const auto longest =
        static_cast<std::uint64_t>(std::max(options.line_bytes, options.record_bytes)) + kRoom;
    std::size_t looked = 0;
    for (const auto& place : places_of(path)) {
        const auto file = InputFile::open(place);
        if (!file || (file->decoder() != nullptr && offset > kFarthestCompressed)) continue;
        ++looked;
        if (auto found = record_in(file->bytes(offset, offset + longest), options, sha256))
            return std::move(*found);
    }
    if (looked == 0) return fail(ErrorCode::no_input, "the log cannot be read any more");
    return fail(ErrorCode::no_input,
                "the recorded SHA-256 is not that of what stands there now, in the log and what it "
                "was rotated to ({} files)",
                looked);
}

}  // namespace kentongan::log
