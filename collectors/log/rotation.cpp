// The other files of a log's rotation, in its folder: which one is which.
#include "collectors/log/rotation.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace fs = std::filesystem;

namespace {

/// How far into a compressed file we look to know it again.
constexpr std::uint64_t kLongestLook = std::uint64_t{16} << 20;
constexpr int kAttempts = 16;

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

bool is_number(const std::string& mark) {
    return mark.size() <= 4 && mark.find_first_not_of("0123456789") == std::string::npos;
}

std::string mark_between(std::string_view name, std::string_view front, std::string_view back) {
    if (name.size() < front.size() + back.size() + 2 || !name.starts_with(front) ||
        !name.ends_with(back))
        return {};
    const char separator = name[front.size()];
    const auto mark = name.substr(front.size() + 1, name.size() - front.size() - back.size() - 1);
    const bool plain = mark.find_first_not_of("0123456789-_:.T") == std::string::npos;
    return plain && (separator == '.' || separator == '-') ? std::string(mark) : std::string{};
}

struct Rotated {
    std::string mark;
    fs::path path;
    std::uint64_t inode = 0;
    bool compressed = false;
};

std::vector<Rotated> rotated_files(const fs::path& path) {
    std::vector<Rotated> out;
    std::error_code error;
    const auto base = path.filename().string();
    for (fs::directory_iterator it(folder_of(path), error), end; !error && it != end;
         it.increment(error)) {
        const auto name = it->path().filename().string();
        auto mark = rotation_mark(base, name);
        if (mark.empty()) continue;
        const auto facts = facts_of(it->path());
        if (facts.inode != 0)
            out.push_back(
                {std::move(mark), it->path(), facts.inode, compression_of(name).has_value()});
    }
    // Beside the file it is made from, a compressed one is not finished.
    std::erase_if(out, [&](const Rotated& file) {
        return file.compressed && std::ranges::any_of(out, [&](const Rotated& other) {
                   return !other.compressed && other.mark == file.mark;
               });
    });
    return out;
}

/// Whether the file marked `b` was written after the one marked `a`: a lower number, a later date.
bool written_after(const std::string& a, const std::string& b) {
    if (is_number(a) != is_number(b)) return false;
    if (is_number(a)) return parse_number<int>(b) < parse_number<int>(a);
    return a.size() == b.size() && b > a;
}

bool same_content(const InputFile& file, const Position& position) {
    if (position.fingerprint_bytes == 0 || !file.begins_as(position)) return false;
    return !position.known || position.known->end > kLongestLook || file.holds(*position.known);
}

/// The compressed file with the content that a position was taken in; the newest, if several.
const Rotated* compressed_copy(const std::vector<Rotated>& files, const Position& position) {
    const Rotated* best = nullptr;
    for (const Rotated& file : files) {
        if (!file.compressed || (best != nullptr && !written_after(best->mark, file.mark)))
            continue;
        if (const auto opened = InputFile::open(file.path); opened)
            if (same_content(*opened, position)) best = &file;
    }
    return best;
}

const Rotated* newer_than(const Rotated& own, const std::vector<Rotated>& files) {
    const Rotated* best = nullptr;
    for (const Rotated& file : files)
        if (written_after(own.mark, file.mark) &&
            (best == nullptr || written_after(file.mark, best->mark)))
            best = &file;
    return best;
}

/// The path of the file after the one of `position`, as the folder looks now.
fs::path successor(const fs::path& path, const Position& position,
                   const std::vector<Rotated>& files) {
    const auto by_inode = std::ranges::find(files, position.inode, &Rotated::inode);
    const Rotated* own = by_inode != files.end() ? &*by_inode : compressed_copy(files, position);
    const Rotated* next = own == nullptr ? nullptr : newer_than(*own, files);
    return next == nullptr ? path : next->path;
}

using Listing = std::map<fs::path, std::uint64_t>;

/// Paths and inodes. A file that is renamed while the folder is read may be left out.
Listing list_folder(const fs::path& folder) {
    Listing out;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        out[it->path()] = facts_of(it->path()).inode;
    return out;
}

bool is_copy(const InputFile& file, const Position& position, const ReadTrail* trail) {
    if (position.fingerprint_bytes == 0 || !file.begins_as(position)) return false;
    const bool compressed = file.decoder() != nullptr;
    auto stretch = position.known;
    if (trail != nullptr && !compressed) stretch = trail->newest_within(file.facts().size);
    if (stretch && compressed && stretch->end > kLongestLook) return true;
    // A copy that is shorter than all that is known proves nothing.
    if (!stretch) return trail == nullptr || trail->stretches() == 0;
    return file.holds(*stretch);
}

}  // namespace

std::string rotation_mark(std::string_view base, std::string_view name) {
    name = without_compression(name);
    if (auto mark = mark_between(name, base, {}); !mark.empty()) return mark;
    const auto dot = base.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return {};
    return mark_between(name, base.substr(0, dot), base.substr(dot));
}

bool is_rotation_of(const fs::path& base, const fs::path& path) {
    if (base.parent_path() != path.parent_path()) return false;
    const auto name = path.filename().string();
    const auto mark = rotation_mark(base.filename().string(), name);
    if (mark.empty() || name.starts_with(base.filename().string())) return !mark.empty();
    return std::ranges::count_if(mark, [](char c) { return c >= '0' && c <= '9'; }) >= 8;
}

Result<InputFile> find_file(const fs::path& path, const Position& position) {
    Listing before;
    for (int i = 0; i < kAttempts; ++i) {
        if (auto file = InputFile::open(path); file && file->matches(position)) return file;
        Listing now = list_folder(folder_of(path));
        for (const auto& [name, inode] : now) {
            if (inode != position.inode) continue;
            if (auto file = InputFile::open(name); file && file->matches(position)) return file;
        }
        // Only what is missing twice from a folder that did not change is not there.
        if (i > 0 && now == before) break;
        before = std::move(now);
    }
    const auto files = rotated_files(path);
    if (const auto* copy = compressed_copy(files, position))
        if (auto file = InputFile::open(copy->path)) return file;
    return fail(ErrorCode::no_input, "find {}: rotated away or replaced", path.string());
}

Result<InputFile> open_successor(const fs::path& path, const Position& position) {
    for (int i = 0; i < kAttempts; ++i) {
        const auto candidate = successor(path, position, rotated_files(path));
        auto file = InputFile::open(candidate);
        if (!file || file->facts().inode == position.inode) continue;
        // The folder may have moved on between the look and the opening: the answer must be the
        // same again, and be the file that was opened.
        const auto now = successor(path, position, rotated_files(path));
        if (now == candidate && facts_of(now).inode == file->facts().inode) return file;
    }
    return fail(ErrorCode::temporary, "open the file after the rotation of {}", path.string());
}

bool is_superseded(const fs::path& path, std::uint64_t inode) {
    const auto files = rotated_files(path);
    const auto own = std::ranges::find(files, inode, &Rotated::inode);
    return own != files.end() && newer_than(*own, files) != nullptr;
}

Result<InputFile> find_copy(const fs::path& path, const Position& position,
                            const ReadTrail* trail) {
    for (const Rotated& rotated : rotated_files(path)) {
        if (rotated.inode == position.inode) continue;
        if (auto file = InputFile::open(rotated.path); file && is_copy(*file, position, trail))
            return file;
    }
    return fail(ErrorCode::no_input, "find a copy of {}", path.string());
}

}  // namespace kentongan::log
