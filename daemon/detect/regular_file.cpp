#include "daemon/detect/regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "daemon/base/file.hpp"

namespace kentongan {

std::expected<std::string, std::string_view> read_regular_file(const char* path,
                                                               std::uint64_t maximum) {
    const FileDescriptor file{
        ::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (!file) return std::unexpected(errno == ENOENT ? "" : "unreadable");
    struct stat status{};
    if (::fstat(file.value(), &status) != 0) return std::unexpected("unreadable");
    if (!S_ISREG(status.st_mode)) return std::unexpected("");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > maximum) return std::unexpected("too_large");
    std::string content(size, '\0');
    std::size_t total = 0;
    while (total < content.size()) {
        const ssize_t count = ::read(file.value(), content.data() + total, content.size() - total);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::unexpected("unreadable");
        if (count == 0) break;
        total += static_cast<std::size_t>(count);
    }
    content.resize(total);
    return content;
}

}  // namespace kentongan
