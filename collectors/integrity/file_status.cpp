#include "collectors/integrity/file_status.hpp"

namespace kentongan::integrity {

namespace {

std::int64_t nanoseconds(const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileType type_of(mode_t mode) {
    if (S_ISREG(mode)) return FileType::regular;
    if (S_ISDIR(mode)) return FileType::folder;
    if (S_ISLNK(mode)) return FileType::symlink;
    return FileType::other;
}

}  // namespace

Entry entry_of(const struct stat& status) {
    Entry out;
    out.type = type_of(status.st_mode);
    out.mode = status.st_mode & 07777;
    out.uid = status.st_uid;
    out.gid = status.st_gid;
    if (out.type != FileType::regular) return out;
    out.size = static_cast<std::uint64_t>(status.st_size);
    out.mtime_ns = nanoseconds(status.st_mtim);
    out.ctime_ns = nanoseconds(status.st_ctim);
    out.inode = status.st_ino;
    return out;
}

void point_to(Entry& entry, std::string target) {
    entry.target = std::move(target);
    entry.hash = sha256(as_bytes(entry.target));
    entry.hashed = true;
}

}  // namespace kentongan::integrity
