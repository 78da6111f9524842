#include "collectors/integrity/walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>

#include "collectors/integrity/file_status.hpp"

namespace kentongan::integrity {

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderHandle = std::unique_ptr<DIR, CloseFolder>;

/// The kernel's own trees: their files are made up when read.
bool is_virtual(int folder) {
    struct statfs status{};
    if (::fstatfs(folder, &status) != 0) return false;
    switch (static_cast<unsigned long>(status.f_type)) {
        case PROC_SUPER_MAGIC:
        case SYSFS_MAGIC:
        case CGROUP_SUPER_MAGIC:
        case CGROUP2_SUPER_MAGIC:
        case DEBUGFS_MAGIC:
        case TRACEFS_MAGIC:
        case SECURITYFS_MAGIC:
        case BPF_FS_MAGIC:
            return true;
        default:
            return false;
    }
}

/// Where a symbolic link points, as bytes; never followed.
std::string target_of(int folder, const char* name) {
    std::string target(PATH_MAX, '\0');
    const ssize_t length = ::readlinkat(folder, name, target.data(), target.size());
    target.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return target;
}

bool is_gone(int error) { return error == ENOENT || error == ENOTDIR || error == ELOOP; }

}  // namespace

std::string_view trouble_of(int errno_value) {
    if (errno_value == EACCES || errno_value == EPERM) return "permission";
    if (is_gone(errno_value)) return "vanished";
    return "io";
}

Listing Walk::whole() {
    start("", true);
    return finish();
}

Listing Walk::some(const Folders& folders, const Entries& known) {
    known_ = &known;
    for (const auto& [path, deep] : folders) start(path, deep);
    return finish();
}

void Walk::start(const std::string& path, bool deep) {
    FileDescriptor folder = open_folder(tree_, path);
    if (!folder) {
        if (is_gone(errno))
            out_.gone.push_back(path);
        else
            give_up(path, trouble_of(errno));
        return;
    }
    if (path.empty()) {
        struct stat status{};
        if (::fstat(folder.value(), &status) == 0) out_.found.push_back({"", entry_of(status)});
    }
    const auto depth = path.empty() ? 0 : 1 + static_cast<int>(std::ranges::count(path, '/'));
    list(std::move(folder), path, depth, deep);
}

void Walk::list(FileDescriptor folder, const std::string& path, int depth, bool deep) {
    if (depth > tree_.maximum_depth) return give_up(path, "too_deep");
    if (seen_) seen_(path);
    const FolderHandle handle{::fdopendir(folder.value())};
    if (!handle) return give_up(path, trouble_of(errno));
    const int fd = folder.release();  // the handle closes it
    while (!stop_ && out_.complete) {
        errno = 0;
        const dirent* item = ::readdir(handle.get());
        if (!item) {
            if (errno != 0) give_up(path, trouble_of(errno));
            return;
        }
        const std::string_view name = item->d_name;
        if (name != "." && name != "..") visit(fd, path, item->d_name, depth, deep);
    }
}

void Walk::visit(int folder, const std::string& path, const char* name, int depth, bool deep) {
    std::string child = path.empty() ? std::string(name) : path + "/" + name;
    if (tree_.exclude.match(child)) return;
    struct stat status{};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) give_up(child, trouble_of(errno));
        return;
    }
    if (out_.found.size() >= tree_.maximum_files) {
        out_.complete = false;
        ++out_.troubles["too_many_files"];
        return;
    }
    Entry entry = entry_of(status);
    if (entry.type == FileType::symlink) point_to(entry, target_of(folder, name));
    const bool is_folder = entry.type == FileType::folder;
    out_.found.push_back({child, std::move(entry)});
    if (!is_folder) return;
    if (!deep) {
        const auto known = known_->find(child);
        if (known != known_->end() && known->second.type == FileType::folder) return;
    }
    enter(folder, name, child, depth + 1);
}

void Walk::enter(int parent, const char* name, const std::string& path, int depth) {
    FileDescriptor folder{
        ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!folder) {
        if (!is_gone(errno)) give_up(path, trouble_of(errno));
        return;
    }
    if (!is_virtual(folder.value())) list(std::move(folder), path, depth, true);
}

void Walk::give_up(const std::string& path, std::string_view reason) {
    out_.unread.push_back(path);
    ++out_.troubles[reason];
}

Listing Walk::finish() {
    std::ranges::sort(out_.found, {}, &Found::path);
    const auto same = std::ranges::unique(out_.found, {}, &Found::path);
    out_.found.erase(same.begin(), same.end());
    return std::move(out_);
}

}  // namespace kentongan::integrity
