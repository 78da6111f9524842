#include "tests/support/http_get.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

constexpr int kSilenceMs = 10'000;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

Result<std::string> whole_answer(std::uint16_t port, const std::string& request) {
    const FileDescriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const sockaddr_in to = loopback(port);
    if (::connect(socket.value(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        return fail_errno("connect to", std::to_string(port), errno);
    if (::send(socket.value(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
        return fail_errno("send to", std::to_string(port), errno);
    std::string answer;
    char buffer[16384];
    for (;;) {
        pollfd readable{socket.value(), POLLIN, 0};
        if (::poll(&readable, 1, kSilenceMs) <= 0)
            return fail(ErrorCode::unavailable, "port {} is silent", port);
        const auto count = ::recv(socket.value(), buffer, sizeof buffer, 0);
        if (count < 0) return fail_errno("receive from", std::to_string(port), errno);
        if (count == 0) return answer;
        answer.append(buffer, static_cast<std::size_t>(count));
    }
}

std::optional<std::size_t> content_length(std::string_view head) {
    while (!head.empty()) {
        std::string_view value = take_until(head, '\n');
        if (equals_ignoring_case(take_until(value, ':'), "content-length"))
            return parse_number<std::size_t>(trim(value));
    }
    return std::nullopt;
}

}  // namespace

Result<HttpAnswer> http_get(std::uint16_t port, const std::string& target,
                            const std::string& token) {
    return http_ask(port, fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: "
                                      "Bearer {}\r\nConnection: close\r\n\r\n",
                                      target, port, token));
}

Result<HttpAnswer> http_ask(std::uint16_t port, const std::string& request) {
    const auto answer = whole_answer(port, request);
    if (!answer) return std::unexpected(answer.error());
    const std::string_view target = std::string_view(request).substr(0, request.find('\r'));
    const auto end_of_head = answer->find("\r\n\r\n");
    if (end_of_head == std::string::npos || answer->size() < 12)
        return fail(ErrorCode::unavailable, "{}: the answer broke off", target);
    const auto length = content_length(std::string_view(*answer).substr(0, end_of_head));
    HttpAnswer out;
    out.status = parse_number<int>(std::string_view(*answer).substr(9, 3)).value_or(0);
    out.body = answer->substr(end_of_head + 4);
    if (length && out.body.size() != *length)
        return fail(ErrorCode::unavailable, "{}: the answer broke off", target);
    return out;
}

namespace {

/// Whether no other process of the tests has chosen the port: each choice is held, as a name that
/// the kernel gives to one socket only, until its process ends.
bool reserve(std::uint16_t port) {
    static std::vector<FileDescriptor> held;
    FileDescriptor socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_un at{.sun_family = AF_UNIX, .sun_path = {}};
    const std::string name = "kentongan-test-port-" + std::to_string(port);
    std::copy(name.begin(), name.end(), at.sun_path + 1);  // behind a zero: not a file
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    if (::bind(socket.value(), reinterpret_cast<const sockaddr*>(&at), size) != 0) return false;
    held.push_back(std::move(socket));
    return true;
}

}  // namespace

std::uint16_t free_port() {
    static std::uint16_t next = static_cast<std::uint16_t>(20000 + ::getpid() % 10000);
    for (int attempt = 0; attempt < 2000; ++attempt) {
        const std::uint16_t port = next;
        next = static_cast<std::uint16_t>(next < 31999 ? next + 1 : 20000);
        if (!reserve(port)) continue;
        const FileDescriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const sockaddr_in at = loopback(port);
        if (::bind(socket.value(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0)
            return port;
    }
    throw std::runtime_error("no port is free");
}

}  // namespace kentongan
