#include "daemon/deliver/net/peer_stream.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace kentongan {

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kUnasked = std::size_t{1} << 20;
}  // namespace

PeerStream::PeerStream(asio::any_io_executor executor, ServiceAddress address, DialPolicy policy)
    : address_(std::move(address)),
      policy_(std::move(policy)),
      socket_(executor),
      timer_(executor) {}

void PeerStream::expires_at(DialDeadline deadline) {
    deadline_ = deadline;
    timer_.expires_at(deadline);
    if (deadline == DialDeadline::max()) return;
    timer_.async_wait([weak = weak_from_this(), deadline](boost::system::error_code code) {
        const auto self = weak.lock();
        if (code || !self || self->deadline_ != deadline) return;
        self->expired_ = true;
        self->close();
    });
}

void PeerStream::close() {
    broken_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

std::unexpected<Error> PeerStream::failed(const boost::system::error_code& code) {
    broken_ = true;
    if (expired_) return fail(ErrorCode::unavailable, "no answer in time ({})", stage_);
    return fail(ErrorCode::unavailable, "{}: {}", stage_, code.message());
}

Task<Result<>> PeerStream::connect() {
    auto dialled = co_await dial(socket_, address_.host, address_.port, policy_, deadline_, stage_);
    if (!dialled) broken_ = true;
    if (!dialled && expired_)
        co_return fail(ErrorCode::unavailable, "no answer in time ({})", stage_);
    co_return dialled;
}

Task<Result<>> PeerStream::start_tls(std::shared_ptr<asio::ssl::context> context) {
    stage_ = "TLS handshake";
    buffer_.clear();  // what came before is not of the secured connection
    context_ = std::move(context);
    tls_.emplace(socket_, *context_);
    bool refused = false;
    auto shaken = co_await shake_hands(*tls_, address_.host, refused);
    if (!shaken) broken_ = true;
    if (!shaken && expired_)
        co_return fail(ErrorCode::unavailable, "no answer in time ({})", stage_);
    co_return shaken;
}

Task<Result<>> PeerStream::write(std::string text) {
    stage_ = "sending";
    const auto bytes = asio::buffer(text);
    const auto [code, sent] = tls_ ? co_await asio::async_write(*tls_, bytes, kTuple)
                                   : co_await asio::async_write(socket_, bytes, kTuple);
    if (code) co_return failed(code);
    co_return Result<>{};
}

Task<Result<>> PeerStream::acknowledged() {
    constexpr std::chrono::milliseconds kLongest{50};
    stage_ = "waiting for the peer to take it";
    for (auto pause = std::chrono::milliseconds{1};; pause = std::min(2 * pause, kLongest)) {
        if (broken_) co_return failed(asio::error::connection_reset);
        int waiting = 0;
        if (::ioctl(socket_.native_handle(), SIOCOUTQ, &waiting) != 0)
            co_return failed({errno, boost::system::system_category()});
        if (waiting == 0) co_return Result<>{};
        co_await sleep_for(pause);
    }
}

Task<Result<std::size_t>> PeerStream::read_some() {
    const auto bytes = asio::buffer(chunk_);
    const auto [code, count] = tls_ ? co_await tls_->async_read_some(bytes, kTuple)
                                    : co_await socket_.async_read_some(bytes, kTuple);
    if (code) co_return failed(code);
    co_return count;
}

Task<Result<std::string>> PeerStream::read_line(std::size_t cap) {
    stage_ = "waiting for the answer";
    for (;;) {
        if (const auto end = buffer_.find('\n'); end != std::string::npos && end <= cap) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            co_return line;
        }
        if (buffer_.size() > cap) {
            broken_ = true;
            co_return fail(ErrorCode::data, "a line of the answer is longer than {} bytes", cap);
        }
        const auto count = co_await read_some();
        if (!count) co_return std::unexpected(count.error());
        buffer_.append(chunk_, 0, *count);
    }
}

void PeerStream::watch() { watch_on(); }

void PeerStream::watch_on() {
    auto came = [self = shared_from_this()](boost::system::error_code code, std::size_t count) {
        self->unasked_ += count;
        if (code || self->unasked_ > kUnasked)
            self->close();
        else
            self->watch_on();
    };
    if (tls_)
        tls_->async_read_some(asio::buffer(chunk_), std::move(came));
    else
        socket_.async_read_some(asio::buffer(chunk_), std::move(came));
}

}  // namespace kentongan
