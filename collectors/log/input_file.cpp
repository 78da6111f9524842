// An open log file, and the other files of its rotation.
#include "collectors/log/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>

namespace kentongan::log {

namespace fs = std::filesystem;

namespace {

FileFacts facts_from(const struct stat& info) {
    return {
        static_cast<std::uint64_t>(info.st_ino), static_cast<std::uint64_t>(info.st_size),
        from_nanoseconds(std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec)};
}

}  // namespace

FileFacts facts_of(const fs::path& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? facts_from(info) : FileFacts{};
}

Result<InputFile> InputFile::open(const fs::path& path, bool stream) {
    InputFile out;
    out.name_ = path.string();
    const bool standard_input = stream && path == "-";
    // A pipe must not hold up the lane, so it is opened without waiting for its writer.
    const int wait = stream ? 0 : O_NONBLOCK;
    out.fd_ = FileDescriptor(standard_input ? ::dup(STDIN_FILENO)
                                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | wait));
    if (!out.fd_) return fail_errno("open", out.name_, errno);
    struct stat info{};
    if (::fstat(out.fd_.value(), &info) != 0) return fail_errno("stat", out.name_, errno);
    out.regular_ = S_ISREG(info.st_mode);
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::no_input, "open {}: is a folder, name a file in it", out.name_);
    if (!out.regular_ && !stream)
        return fail(ErrorCode::no_input, "open {}: not a regular file", out.name_);
    return out;
}

FileFacts InputFile::facts() const {
    struct stat info{};
    return ::fstat(fd_.value(), &info) == 0 ? facts_from(info) : FileFacts{};
}

Result<std::size_t> InputFile::read(std::span<char> out, std::uint64_t offset) const {
    for (;;) {
        const auto count =
            regular_ ? ::pread(fd_.value(), out.data(), out.size(), static_cast<off_t>(offset))
                     : ::read(fd_.value(), out.data(), out.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return fail_errno("read", name_, errno);
    }
}

std::string InputFile::head(std::size_t count) const {
    std::string out(count, '\0');
    const auto got = regular_ ? read(out, 0) : Result<std::size_t>{0};
    out.resize(got.value_or(0));
    return out;
}

bool InputFile::matches(const Position& position) const {
    const auto now = facts();
    if (now.inode != position.inode || now.size < position.offset) return false;
    const auto start = head(position.fingerprint_bytes);
    return start.size() == position.fingerprint_bytes &&
           fingerprint_of(start) == position.fingerprint;
}

namespace {

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// What a rotation put into a name: "1" of log.1, "20241127" of log-20241127 and of
/// log.20241127.log. Empty when `name` is not `base` rotated.
std::string rotation_mark(const std::string& base, const std::string& name) {
    const auto between = [&](std::string_view front, std::string_view back) -> std::string {
        if (name.size() < front.size() + back.size() + 2 || !name.starts_with(front) ||
            !name.ends_with(back))
            return {};
        const char separator = name[front.size()];
        const auto mark =
            name.substr(front.size() + 1, name.size() - front.size() - back.size() - 1);
        const bool plain = mark.find_first_not_of("0123456789-_:.T") == std::string::npos;
        return plain && (separator == '.' || separator == '-') ? mark : std::string{};
    };
    if (auto mark = between(base, {}); !mark.empty()) return mark;
    const auto dot = base.rfind('.');
    if (dot == std::string::npos || dot == 0) return {};
    return between(std::string_view(base).substr(0, dot), std::string_view(base).substr(dot));
}

bool is_number(const std::string& mark) {
    return mark.size() <= 4 && mark.find_first_not_of("0123456789") == std::string::npos;
}

struct Rotated {
    std::string mark;
    fs::path path;
    std::uint64_t inode = 0;
};

std::vector<Rotated> rotated_files(const fs::path& path) {
    std::vector<Rotated> out;
    std::error_code error;
    const auto base = path.filename().string();
    for (fs::directory_iterator it(folder_of(path), error), end; !error && it != end;
         it.increment(error)) {
        const auto mark = rotation_mark(base, it->path().filename().string());
        if (mark.empty()) continue;
        const auto facts = facts_of(it->path());
        if (facts.inode != 0) out.push_back({mark, it->path(), facts.inode});
    }
    return out;
}

/// Whether the file marked `b` was written after the one marked `a`: a lower number, a later date.
bool written_after(const std::string& a, const std::string& b) {
    if (is_number(a) != is_number(b)) return false;
    if (is_number(a)) return std::stoi(b) < std::stoi(a);
    return a.size() == b.size() && b > a;
}

/// The path of the file after the one with `inode`, as the folder looks now.
fs::path successor(const fs::path& path, std::uint64_t inode, const std::vector<Rotated>& files) {
    const auto own = std::ranges::find(files, inode, &Rotated::inode);
    if (own == files.end()) return path;
    const Rotated* best = nullptr;
    for (const Rotated& file : files)
        if (written_after(own->mark, file.mark) &&
            (best == nullptr || written_after(file.mark, best->mark)))
            best = &file;
    return best == nullptr ? path : best->path;
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

}  // namespace

Result<InputFile> find_file(const fs::path& path, const Position& position) {
    constexpr int kAttempts = 16;
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
    return fail(ErrorCode::no_input, "find {}: rotated away, compressed or replaced",
                path.string());
}

Result<InputFile> open_successor(const fs::path& path, std::uint64_t inode) {
    constexpr int kAttempts = 16;
    for (int i = 0; i < kAttempts; ++i) {
        const auto files = rotated_files(path);
        const auto candidate = successor(path, inode, files);
        auto file = InputFile::open(candidate);
        if (!file || file->facts().inode == inode) continue;
        // The folder may have moved on between the look and the opening: the answer must be the
        // same again, and be the file that was opened.
        const auto again = rotated_files(path);
        const auto now = successor(path, inode, again);
        if (now == candidate && facts_of(now).inode == file->facts().inode) return file;
    }
    return fail(ErrorCode::temporary, "open the file after the rotation of {}", path.string());
}

}  // namespace kentongan::log
