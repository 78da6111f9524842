#include "daemon/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace kentongan {

FileDescriptor::~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t cap) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return fail_errno("open", path.native(), errno);
    struct stat status{};
    if (::fstat(file.value(), &status) != 0) return fail_errno("stat", path.native(), errno);
    if (S_ISDIR(status.st_mode)) return fail(ErrorCode::no_input, "{} is a folder", path.native());

    std::string content;
    content.reserve(std::min(cap, static_cast<std::size_t>(status.st_size)));
    char buffer[65536];
    for (;;) {
        const ssize_t count = ::read(file.value(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("read", path.native(), errno);
        if (count == 0) return content;
        if (content.size() + static_cast<std::size_t>(count) > cap)
            return fail(ErrorCode::data, "{} is larger than {} bytes", path.native(), cap);
        content.append(buffer, static_cast<std::size_t>(count));
    }
}

namespace {
Result<> write_all(int fd, std::string_view content, std::string_view path) {
    while (!content.empty()) {
        const ssize_t count = ::write(fd, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("write", path, errno);
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}
}  // namespace

Result<> write_file(const std::filesystem::path& path, std::string_view content) {
    const FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (!file) return fail_errno("open", path.native(), errno);
    return write_all(file.value(), content, path.native());
}

Result<> replace_file(const std::filesystem::path& path, std::string_view content) {
    const std::string temporary = path.native() + ".new";
    const FileDescriptor file{
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file) return fail_errno("create", temporary, errno);
    if (auto written = write_all(file.value(), content, temporary); !written) return written;
    if (::fsync(file.value()) != 0) return fail_errno("fsync", temporary, errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0)
        return fail_errno("rename", temporary, errno);
    return {};
}

}  // namespace kentongan
