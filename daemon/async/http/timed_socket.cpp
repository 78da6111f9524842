#include "daemon/async/http/timed_socket.hpp"

#include <boost/asio/write.hpp>

namespace kentongan::web {

using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr std::size_t kScrapSize = 8192;
constexpr std::size_t kDrainCap = std::size_t{2} << 20;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
}  // namespace

void TimedSocket::expires_after(std::chrono::steady_clock::duration time) {
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this()](error_code error) {
        const auto now = std::chrono::steady_clock::now();
        if (!error && self->timer_.expiry() <= now) self->close();
    });
}

void TimedSocket::close() {
    timer_.cancel();
    error_code ignored;
    socket.close(ignored);
}

Task<bool> write_all(TimedSocket& client, std::string head, const std::string& body) {
    const std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(body)};
    const auto [error, count] = co_await asio::async_write(client.socket, both, kAwait);
    co_return !error;
}

Task<> close_gently(TimedSocket& client) {
    error_code ignored;
    client.socket.shutdown(tcp::socket::shutdown_send, ignored);
    client.expires_after(kDrainTime);
    std::array<char, kScrapSize> scrap;
    for (std::size_t drained = 0; drained < kDrainCap;) {
        const auto [error, count] =
            co_await client.socket.async_read_some(asio::buffer(scrap), kAwait);
        if (error) break;
        drained += count;
    }
    client.close();
}

}  // namespace kentongan::web
