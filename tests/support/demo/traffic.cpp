#include "tests/support/demo/traffic.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "daemon/async/task_group.hpp"
#include "daemon/base/file.hpp"
#include "daemon/drill/generate/random.hpp"

namespace kentongan::demo {

using asio::ip::tcp;

namespace {

const auto kQuiet = asio::as_tuple(asio::use_awaitable);

Task<> serve(tcp::socket socket) {
    std::array<char, 16384> buffer{};
    const auto [failed, size] = co_await socket.async_read_some(asio::buffer(buffer), kQuiet);
    if (failed) co_return;
    const std::string answer =
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n"
        "Connection: close\r\n\r\nnot found\n";
    co_await asio::async_write(socket, asio::buffer(answer), kQuiet);
    boost::system::error_code ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    co_await socket.async_read_some(asio::buffer(buffer), kQuiet);
}

std::uint16_t checksum(const void* data, std::size_t size, std::uint32_t sum) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    for (std::size_t i = 0; i + 1 < size; i += 2)
        sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return htons(static_cast<std::uint16_t>(~sum));
}

struct SynPacket {
    iphdr ip{};
    tcphdr tcp{};
};

SynPacket syn_to(std::uint16_t port, generate::Random& random) {
    SynPacket out;
    out.ip.version = 4;
    out.ip.ihl = 5;
    out.ip.tot_len = htons(sizeof out);
    out.ip.ttl = 64;
    out.ip.protocol = IPPROTO_TCP;
    const auto source = 0x7f000000u | static_cast<std::uint32_t>(random.between(0x10000, 0xfffffe));
    out.ip.saddr = htonl(source);
    out.ip.daddr = htonl(INADDR_LOOPBACK);
    out.tcp.source = htons(static_cast<std::uint16_t>(random.between(1024, 65000)));
    out.tcp.dest = htons(port);
    out.tcp.seq = htonl(static_cast<std::uint32_t>(random.next()));
    out.tcp.doff = 5;
    out.tcp.syn = 1;
    out.tcp.window = htons(1024);
    const std::uint32_t pseudo = (source >> 16) + (source & 0xffff) + 0x7f00 + 1 + IPPROTO_TCP +
                                 static_cast<std::uint32_t>(sizeof(tcphdr));
    out.tcp.check = checksum(&out.tcp, sizeof out.tcp, pseudo);
    return out;
}

Task<> knock(std::uint16_t port) {
    tcp::socket socket{co_await asio::this_coro::executor};
    co_await socket.async_connect({asio::ip::address_v4::loopback(), port}, kQuiet);
}

}  // namespace

WebSite::WebSite(asio::any_io_executor loop)
    : acceptor_(loop, {asio::ip::address_v4::loopback(), 0}) {}

Task<> WebSite::run() {
    TaskGroup visitors{co_await asio::this_coro::executor};
    for (;;) visitors.spawn("visitor", serve(co_await acceptor_.async_accept(asio::use_awaitable)));
}

Task<> request(std::uint16_t port, std::string method, std::string target, std::string body) {
    tcp::socket socket{co_await asio::this_coro::executor};
    const auto [refused] =
        co_await socket.async_connect({asio::ip::address_v4::loopback(), port}, kQuiet);
    if (refused) co_return;
    const std::string text = fmt::format(
        "{} {} HTTP/1.1\r\nHost: hasil.kpu.go.id\r\nUser-Agent: sqlmap/1.8.9#stable\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
        method, target, body.size(), body);
    co_await asio::async_write(socket, asio::buffer(text), kQuiet);
    std::array<char, 1024> answer{};
    co_await socket.async_read_some(asio::buffer(answer), kQuiet);
}

Task<> scan_ports(std::uint16_t first, std::uint16_t count) {
    for (std::uint16_t i = 0; i < count; ++i) {
        co_await knock(static_cast<std::uint16_t>(first + i));
        if (i % 10 == 9) co_await sleep_for(std::chrono::milliseconds{50});
    }
}

Task<bool> flood(std::uint16_t port, int per_second, int seconds) {
    const FileDescriptor raw{::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW)};
    if (!raw) co_return false;
    generate::Random random{42};
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr int kSlices = 50;  // a second
    for (int slice = 0; slice < seconds * kSlices; ++slice) {
        for (int i = 0; i < per_second / kSlices; ++i) {
            const SynPacket packet = syn_to(port, random);
            ::sendto(raw.value(), &packet, sizeof packet, MSG_DONTWAIT,
                     reinterpret_cast<const sockaddr*>(&to), sizeof to);
        }
        co_await sleep_for(std::chrono::milliseconds{1000 / kSlices});
    }
    co_return true;
}

bool may_capture() {
    const FileDescriptor packet{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL))};
    return static_cast<bool>(packet);
}

}  // namespace kentongan::demo
