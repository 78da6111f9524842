#include "daemon/deliver/channel/syslog_channel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/udp.hpp>
#include <deque>

#include "daemon/deliver/net/peer_stream.hpp"

namespace kentongan {

namespace {

using Instant = std::chrono::steady_clock::time_point;

struct Sent {
    Instant at;
    std::string frame;
};

/// MSG-LEN SP SYSLOG-MSG.
std::string framed(const std::string& message) {
    return fmt::format("{} {}", message.size(), message);
}

Result<std::shared_ptr<asio::ssl::context>> tls_of(const PeerSettings& peer) {
    return client_tls(peer.ca_file, peer.certificate_file, peer.key_file);
}

}  // namespace

struct SyslogChannel::Impl {
    asio::any_io_executor executor;
    SyslogSettings settings;
    ServiceAddress address;
    DialPolicy policy;
    std::shared_ptr<asio::ssl::context> tls;
    std::shared_ptr<PeerStream> stream;
    std::deque<Sent> sent;
    std::size_t sent_bytes = 0;

    Task<Result<>> connect(Instant deadline);
    Task<Result<>> send_stream(std::string message);
    Task<Result<>> send_datagram(std::string message);
    void remember(std::string frame);
    void forget(Instant now);
};

SyslogChannel::SyslogChannel(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
SyslogChannel::~SyslogChannel() {
    if (impl_->stream) impl_->stream->close();
}

Result<std::unique_ptr<SyslogChannel>> SyslogChannel::open(asio::any_io_executor executor,
                                                           const SyslogSettings& settings) {
    auto address = ServiceAddress::parse(settings.url, {{"tls", 6514}, {"tcp", 601}, {"udp", 514}});
    if (!address) return std::unexpected(address.error());
    auto policy = policy_of(settings.peer);
    if (!policy) return std::unexpected(policy.error());
    if (address->scheme == "udp" && policy->proxy_port != 0)
        return fail(ErrorCode::config, "proxy: UDP does not go through one");
    std::shared_ptr<asio::ssl::context> tls;
    if (address->scheme == "tls") {
        auto made = tls_of(settings.peer);
        if (!made) return std::unexpected(made.error());
        tls = std::move(*made);
    }
    auto impl = std::make_shared<Impl>(Impl{.executor = std::move(executor),
                                            .settings = settings,
                                            .address = std::move(*address),
                                            .policy = std::move(*policy),
                                            .tls = std::move(tls),
                                            .stream = nullptr,
                                            .sent = {}});
    return std::unique_ptr<SyslogChannel>{new SyslogChannel(std::move(impl))};
}

Result<DeliveryChannel::Swap> SyslogChannel::reread() {
    if (!impl_->tls) return Swap{};
    auto made = tls_of(impl_->settings.peer);
    if (!made) return std::unexpected(made.error());
    return [this, tls = std::move(*made)] {
        impl_->tls = tls;
        if (impl_->stream) impl_->stream->close();  // the next message uses the new certificate
    };
}

void SyslogChannel::Impl::forget(Instant now) {
    while (!sent.empty() &&
           (now - sent.front().at > settings.again || sent_bytes > settings.again_bytes)) {
        sent_bytes -= sent.front().frame.size();
        sent.pop_front();
    }
}

void SyslogChannel::Impl::remember(std::string frame) {
    const auto now = std::chrono::steady_clock::now();
    sent_bytes += frame.size();
    sent.push_back({now, std::move(frame)});
    forget(now);
}

/// A new connection first gets what the old one may have lost.
Task<Result<>> SyslogChannel::Impl::connect(Instant deadline) {
    stream = std::make_shared<PeerStream>(executor, address, policy);
    const auto used = stream;
    used->expires_at(deadline);
    auto done = co_await used->connect();
    if (done && tls) done = co_await used->start_tls(tls);
    if (!done) co_return done;
    used->watch();
    forget(std::chrono::steady_clock::now());
    std::string again;
    for (const Sent& one : sent) again += one.frame;
    if (!again.empty()) done = co_await used->write(std::move(again));
    co_return done;
}

Task<Result<>> SyslogChannel::Impl::send_stream(std::string message) {
    const auto deadline = std::chrono::steady_clock::now() + settings.peer.timeout;
    if (!stream || stream->broken())
        if (auto connected = co_await connect(deadline); !connected) co_return connected;
    const auto used = stream;
    used->expires_at(deadline);
    std::string frame = framed(message);
    auto written = co_await used->write(frame);
    if (written) written = co_await used->acknowledged();
    if (!written) used->close();  // what may lie in it half sent is sent again over the next
    if (!used->broken()) used->expires_at(DialDeadline::max());
    if (written) remember(std::move(frame));
    co_return written;
}

Task<Result<>> SyslogChannel::Impl::send_datagram(std::string message) {
    constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
    using asio::ip::udp;
    const auto deadline = std::chrono::steady_clock::now() + settings.peer.timeout;
    const auto found = co_await look_up(executor, address.host, address.port, policy, deadline);
    if (!found) co_return std::unexpected(found.error());
    const udp::endpoint to{found->front().address(), found->front().port()};
    udp::socket socket{executor, to.protocol()};
    const auto [code, sent_now] = co_await socket.async_send_to(asio::buffer(message), to, kTuple);
    if (code) co_return fail(ErrorCode::unavailable, "sending: {}", code.message());
    co_return Result<>{};
}

Task<Result<Receipt>> SyslogChannel::deliver(Delivery message) {
    const auto impl = impl_;
    auto sent = impl->address.scheme == "udp" ? co_await impl->send_datagram(message.body)
                                              : co_await impl->send_stream(message.body);
    if (!sent) co_return std::unexpected(sent.error().within("syslog " + impl->settings.url));
    co_return Receipt{
        .status = 200,
        .body = "sent by syslog over " + impl->address.scheme + "; syslog does not acknowledge",
        .retry_after = std::nullopt};
}

}  // namespace kentongan
