#include "collectors/integrity/hash.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "collectors/integrity/file_status.hpp"

namespace kentongan::integrity {

namespace {
constexpr std::size_t kBuffer = std::size_t{256} << 10;
constexpr std::size_t kRun = 16;  // files taken from the queue at once
constexpr Duration kUnsettled = std::chrono::seconds{2};
}  // namespace

FileHasher::FileHasher(const Tree& tree, const std::atomic<bool>& stop)
    : tree_(tree), stop_(stop), buffer_(kBuffer) {}

int FileHasher::enter(std::string_view folder) {
    if (folder_ && folder == folder_path_) return 0;
    folder_ = FileDescriptor{};  // before the next opens: errno of a close must not hide its
    folder_ = open_folder(tree_, folder);
    folder_path_ = folder;
    return folder_ ? 0 : errno;
}

int FileHasher::hash(const std::string& path, Entry& entry) {
    const std::string_view folder = folder_of(path);
    if (const int error = enter(folder)) return error;
    const FileDescriptor file =
        open_file(folder_, path.substr(folder.empty() ? 0 : folder.size() + 1));
    if (!file) return errno;
    struct stat status{};
    if (::fstat(file.value(), &status) != 0) return errno;
    if (!S_ISREG(status.st_mode)) return ENOENT;  // exchanged since the walk; the next one sees it
    entry = entry_of(status);
    if (const int error = digest(file.value(), entry.size, entry.hash)) return error;
    entry.hashed = true;
    return 0;
}

int FileHasher::digest(int file, std::uint64_t size, Sha256Digest& out) {
    if (size > kBuffer) ::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
    for (std::uint64_t total = 0; !stop_;) {
        const ssize_t count = ::read(file, buffer_.data(), buffer_.size());
        if (count < 0 && errno == EINTR) continue;
        const int error = count < 0 ? errno : 0;
        const auto length = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        sha256_.update(Bytes{buffer_}.first(length));
        total += length;
        bytes_ += length;
        // A short read at the known size is the end; a growing file is read on.
        if (count <= 0 || (length < buffer_.size() && total == size)) {
            out = sha256_.finish();
            return error;
        }
    }
    (void)sha256_.finish();
    return ECANCELED;
}

HashQueue::HashQueue(const Tree& tree, std::span<Found> files, Timestamp now)
    : tree_(tree), now_(now) {
    for (Found& file : files)
        if (file.needs_hash) files_.push_back(&file);
}

void HashQueue::work(const std::atomic<bool>& stop) {
    FileHasher hasher(tree_, stop);
    Troubles troubles;
    while (!stop) {
        const std::size_t begin = next_.fetch_add(kRun);
        if (begin >= files_.size()) break;
        const std::size_t end = std::min(begin + kRun, files_.size());
        for (std::size_t i = begin; i < end && !stop; ++i)
            if (const auto reason = hash(hasher, *files_[i]); !reason.empty()) ++troubles[reason];
    }
    const std::scoped_lock lock(mutex_);
    for (const auto& [reason, count] : troubles) troubles_[reason] += count;
    bytes_ += hasher.bytes();
}

std::string_view HashQueue::hash(FileHasher& hasher, Found& file) const {
    const int error = hasher.hash(file.path, file.entry);
    if (error == 0) {
        if (file.entry.ctime_ns > to_nanoseconds(now_ - kUnsettled)) file.entry.ctime_ns = 0;
        return {};
    }
    file.entry.ctime_ns = 0;
    file.entry.hashed = false;
    file.vanished = trouble_of(error) == "vanished";
    return file.vanished ? std::string_view{} : trouble_of(error);
}

}  // namespace kentongan::integrity
