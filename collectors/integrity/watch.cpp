#include "collectors/integrity/watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace kentongan::integrity {

namespace {
constexpr std::size_t kMaximumFolders = 10'000;  // more at once: one scan of all is cheaper
constexpr std::uint32_t kInteresting = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                       IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
}  // namespace

Watch::Watch(const Tree& tree, std::size_t maximum)
    : tree_(tree), maximum_(maximum), inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

void Watch::add(const std::string& path) {
    const std::string absolute = tree_.absolute(path);
    const std::uint32_t follow = path.empty() ? 0u : std::uint32_t{IN_DONT_FOLLOW};
    const std::scoped_lock lock(mutex_);
    const int descriptor =
        paths_.size() < maximum_
            ? ::inotify_add_watch(inotify_.value(), absolute.c_str(),
                                  kInteresting | IN_ONLYDIR | IN_EXCL_UNLINK | follow)
            : -1;
    if (descriptor >= 0)
        paths_[descriptor] = path;
    else if (errno != ENOENT && errno != ENOTDIR)
        ++refused_;
}

Watch::Seen Watch::poll() {
    Seen seen;
    alignas(inotify_event) char buffer[65536];
    const std::scoped_lock lock(mutex_);
    for (;;) {
        const ssize_t length = ::read(inotify_.value(), buffer, sizeof buffer);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return seen;
        for (const char* at = buffer; at < buffer + length;) {
            inotify_event event{};
            std::memcpy(&event, at, sizeof event);
            const char* name = at + sizeof event;
            note(event.wd, event.mask, {name, ::strnlen(name, event.len)}, seen);
            at += sizeof event + event.len;
        }
    }
}

void Watch::note(int descriptor, std::uint32_t mask, std::string_view name, Seen& seen) {
    if (mask & IN_Q_OVERFLOW) seen.overflow = true;
    const auto known = paths_.find(descriptor);
    if (known == paths_.end()) return;
    const std::string path = known->second;
    if (mask & IN_IGNORED) {
        paths_.erase(known);
        return;
    }
    if (mask & IN_MOVE_SELF) forget_below(path);
    const std::string child = path.empty() ? std::string(name) : path + "/" + std::string(name);
    if (!name.empty() && tree_.exclude.match(child)) return;
    if (seen.folders.size() >= kMaximumFolders) {
        seen.overflow = true;
        return;
    }
    seen.folders.try_emplace(path, false);
    if (mask & IN_ISDIR && mask & (IN_CREATE | IN_MOVED_TO)) seen.folders[child] = true;
}

/// A folder that was moved carries its watches along; where it is now, they are set anew.
void Watch::forget_below(const std::string& path) {
    std::erase_if(paths_, [&](const auto& item) {
        const std::string& at = item.second;
        const bool below = path.empty() || at == path || at.starts_with(path + "/");
        if (below) ::inotify_rm_watch(inotify_.value(), item.first);
        return below;
    });
}

std::uint64_t Watch::take_refused() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(refused_, 0);
}

}  // namespace kentongan::integrity
