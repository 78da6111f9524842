#include "collectors/zeek/unix_listener.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kentongan::zeek {

namespace {

constexpr int kBacklog = 8;

FileDescriptor unix_socket() {
    return FileDescriptor{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(ErrorCode::config,
                    "zeek socket \"{}\": the path of a Unix socket has 1 to {} bytes; use a "
                    "shorter one, such as /run/kentongan/zeek.sock",
                    path, sizeof address.sun_path - 1);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

Result<> clear_the_way(const std::string& path, const sockaddr_un& address) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) return {};
    if (!S_ISSOCK(status.st_mode))
        return fail(ErrorCode::config,
                    "zeek socket {}: there is a file that is no socket; remove it or choose "
                    "another path",
                    path);
    const auto probe = unix_socket();
    if (!probe) return fail_errno("open a socket for", path, errno);
    if (::connect(probe.value(), generic(address), sizeof address) == 0 || errno == EAGAIN)
        return fail(ErrorCode::unavailable,
                    "zeek socket {}: another program is listening there; stop it or choose "
                    "another path",
                    path);
    if (errno != ECONNREFUSED) return fail_errno("connect", path, errno);
    if (::unlink(path.c_str()) != 0) return fail_errno("remove the stale socket", path, errno);
    return {};
}

}  // namespace

Result<FileDescriptor> listen_unix(const std::string& path, unsigned mode) {
    const auto address = address_of(path);
    if (!address) return std::unexpected(address.error());
    if (const auto cleared = clear_the_way(path, *address); !cleared)
        return std::unexpected(cleared.error());
    auto listener = unix_socket();
    if (!listener) return fail_errno("open a socket for", path, errno);
    // bind() gives the file the socket's own mode, less the umask.
    if (::fchmod(listener.value(), mode) != 0 ||
        ::bind(listener.value(), generic(*address), sizeof *address) != 0)
        return fail_errno("bind", path, errno);
    if (::chmod(path.c_str(), mode) != 0) return fail_errno("chmod", path, errno);
    if (::listen(listener.value(), kBacklog) != 0) return fail_errno("listen on", path, errno);
    return listener;
}

}  // namespace kentongan::zeek
