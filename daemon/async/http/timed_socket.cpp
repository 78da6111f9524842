#include "daemon/async/http/timed_socket.hpp"

#include <openssl/x509.h>

#include <boost/asio/write.hpp>

namespace kentongan::web {

using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr std::size_t kScrapSize = 8192;
constexpr std::size_t kDrainCap = std::size_t{2} << 20;
constexpr std::size_t kLongestName = 64;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
}  // namespace

TimedSocket::TimedSocket(tcp::socket from, TlsContext tls)
    : socket(std::move(from)), timer_(socket.get_executor()), context_(std::move(tls)) {
    if (context_) tls_.emplace(socket, *context_);
}

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

Task<bool> TimedSocket::handshake() {
    if (!tls_) co_return true;
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kAwait);
    co_return !error;
}

Task<std::pair<error_code, std::size_t>> TimedSocket::read_some(asio::mutable_buffer buffer) {
    if (tls_) {
        const auto [error, count] = co_await tls_->async_read_some(buffer, kAwait);
        co_return std::pair{error, count};
    }
    const auto [error, count] = co_await socket.async_read_some(buffer, kAwait);
    co_return std::pair{error, count};
}

Task<bool> TimedSocket::write(std::array<asio::const_buffer, 2> both) {
    if (tls_) {
        const auto [error, count] = co_await asio::async_write(*tls_, both, kAwait);
        co_return !error;
    }
    const auto [error, count] = co_await asio::async_write(socket, both, kAwait);
    co_return !error;
}

Task<> TimedSocket::say_goodbye() {
    if (!tls_) co_return;
    // Sends close_notify; the client's own is not waited for beyond the deadline.
    (void)co_await tls_->async_shutdown(kAwait);
}

std::string TimedSocket::client_name() const {
    if (!tls_) return {};
    auto* handle = const_cast<asio::ssl::stream<tcp::socket&>&>(*tls_).native_handle();
    const std::unique_ptr<X509, decltype(&X509_free)> shown{SSL_get1_peer_certificate(handle),
                                                            X509_free};
    if (!shown || SSL_get_verify_result(handle) != X509_V_OK) return {};
    std::array<char, kLongestName + 1> name{};
    const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName,
                                                 name.data(), name.size());
    // A NUL within would let one name pose as another.
    if (length <= 0 || std::string_view{name.data()}.size() != static_cast<std::size_t>(length))
        return {};
    return name.data();
}

Task<bool> write_all(TimedSocket& client, std::string head, const std::string& body) {
    co_return co_await client.write({asio::buffer(head), asio::buffer(body)});
}

Task<> close_gently(TimedSocket& client) {
    client.expires_after(kDrainTime);
    error_code ignored;
    if (client.encrypted())
        co_await client.say_goodbye();
    else
        client.socket.shutdown(tcp::socket::shutdown_send, ignored);
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
