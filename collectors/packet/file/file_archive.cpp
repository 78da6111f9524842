#include "collectors/packet/file/file_archive.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::packet {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 64;

bool is_digest(std::string_view text) {
    return text.size() == kDigits && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

fs::path place_of(const fs::path& folder, std::string_view sha256) {
    return folder / sha256.substr(0, 2) / sha256;
}

struct OnDisk {
    fs::file_time_type written;
    std::string name;
    std::uint64_t bytes = 0;
};

/// The archive's own files below `folder`, oldest first; others are left alone.
std::vector<OnDisk> files_below(const fs::path& folder, std::error_code& error) {
    std::vector<OnDisk> out;
    fs::recursive_directory_iterator at{folder, error};
    for (; !error && at != fs::recursive_directory_iterator{}; at.increment(error)) {
        std::error_code gone;
        OnDisk one{at->last_write_time(gone), at->path().filename(), 0};
        if (gone || !is_digest(one.name) || !at->is_regular_file(gone)) continue;
        one.bytes = at->file_size(gone);
        if (!gone) out.push_back(std::move(one));
    }
    std::ranges::sort(out, {}, [](const OnDisk& one) { return std::tie(one.written, one.name); });
    return out;
}

}  // namespace

fs::path FileArchive::path_of(std::string_view sha256) const {
    return place_of(options_.folder, sha256);
}

void FileArchive::note(std::string sha256, std::uint64_t bytes) {
    total_ += bytes;
    ages_.emplace(next_age_, sha256);
    files_[std::move(sha256)] = {bytes, next_age_++};
}

Result<> FileArchive::find_files() {
    std::error_code error;
    fs::create_directories(options_.folder, error);
    if (!error) fs::permissions(options_.folder, fs::perms::owner_all, error);
    if (error)
        return fail(ErrorCode::temporary, "{}: cannot be made: {}", options_.folder.native(),
                    error.message());
    for (OnDisk& one : files_below(options_.folder, error)) note(std::move(one.name), one.bytes);
    if (error)
        return fail(ErrorCode::temporary, "{}: cannot be read: {}", options_.folder.native(),
                    error.message());
    found_ = true;
    return {};
}

Result<> FileArchive::make_room(std::uint64_t bytes) {
    while (!ages_.empty() && total_ + bytes > options_.quota_bytes) {
        const auto oldest = ages_.begin();
        const auto file = files_.find(oldest->second);
        std::error_code error;
        fs::remove(path_of(file->first), error);
        if (error)
            return fail(ErrorCode::temporary, "{}: cannot be removed: {}",
                        path_of(file->first).native(), error.message());
        total_ -= file->second.bytes;
        files_.erase(file);
        ages_.erase(oldest);
    }
    return {};
}

Result<FileArchive::Kept> FileArchive::put(std::string_view sha256, std::string_view content) {
    if (!is_digest(sha256)) return fail(ErrorCode::data, "'{}' is no SHA-256", sha256);
    if (content.size() > options_.quota_bytes) return Kept::too_large;
    if (!found_) {
        files_.clear();
        ages_.clear();
        total_ = 0;
        if (auto found = find_files(); !found) return std::unexpected(found.error());
    }
    if (files_.contains(sha256)) return Kept::known;
    if (auto made = make_room(content.size()); !made) return std::unexpected(made.error());
    const fs::path path = path_of(sha256);
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (auto written = replace_file(path, content); !written)
        return std::unexpected(written.error());
    note(std::string(sha256), content.size());
    return Kept::stored;
}

Result<std::string> kept_file(const fs::path& folder, std::string_view sha256, std::size_t cap) {
    const auto missing = fail(ErrorCode::no_input, "no copy of {} is kept", sha256);
    if (!is_digest(sha256)) return missing;
    const fs::path path = place_of(folder, sha256);
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return missing;
    if (size > cap) return fail(ErrorCode::unavailable, "its copy has {} bytes", size);
    auto content = read_file(path, cap);
    if (content && sha256_hex(*content) != sha256)
        return fail(ErrorCode::data, "its copy is not what it was when it was kept");
    return content;
}

}  // namespace kentongan::packet
