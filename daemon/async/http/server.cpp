#include "daemon/async/http/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>

#include "daemon/async/http/connection.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::web {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kMostTurnedAway = 64;  // at once, beyond the served ones
constexpr auto kAcceptPause = std::chrono::milliseconds{100};

std::optional<tcp::endpoint> endpoint_of(std::string_view listen) {
    const auto colon = listen.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = listen.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto port = parse_number<std::uint16_t>(listen.substr(colon + 1));
    error_code error;
    const auto address = asio::ip::make_address(std::string{host}, error);
    if (error || !port) return std::nullopt;
    return tcp::endpoint{address, *port};
}

std::unexpected<Error> listen_failure(std::string_view listen, const error_code& error) {
    if (error == asio::error::access_denied)
        return fail(ErrorCode::permission,
                    "listen on {}: {}; choose a port above 1023 or grant CAP_NET_BIND_SERVICE",
                    listen, error.message());
    const char* remedy = error == asio::error::address_in_use
                             ? "stop the other process (ss -ltnp shows it) or choose another port"
                             : "is it an address of this host?";
    return fail(ErrorCode::unavailable, "listen on {}: {}; {}", listen, error.message(), remedy);
}

}  // namespace

struct Server::Impl {
    Impl(asio::any_io_executor executor, std::string address, Limits limits, Site site,
         const Clock& clock)
        : listen(std::move(address)),
          acceptor(executor),
          shared{.limits = limits, .site = std::move(site), .clock = clock},
          group(executor) {}

    void take(tcp::socket socket) {
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        const std::size_t room = shared.limits.maximum_connections;
        if (shared.connections < room)
            group.spawn("connection", serve(shared, std::move(socket)));
        else if (group.running() < room + kMostTurnedAway)
            group.spawn("connection", turn_away(shared, std::move(socket)));
    }

    Task<> accept() {
        while ((co_await asio::this_coro::cancellation_state).cancelled() ==
               asio::cancellation_type::none) {
            auto [error, socket] =
                co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
            if (!error)
                take(std::move(socket));
            else if (error != asio::error::operation_aborted)
                co_await sleep_for(kAcceptPause);  // out of descriptors, most likely
        }
    }

    std::string listen;
    tcp::acceptor acceptor;
    Shared shared;
    TaskGroup group;
};

Server::Server(asio::any_io_executor executor, std::string listen, Limits limits, Site site,
               const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(listen), limits, std::move(site),
                                   clock)) {}

Server::~Server() = default;

void Server::use_tls(TlsContext tls) { impl_->shared.tls = std::move(tls); }

Result<> Server::listen() {
    const std::string& listen = impl_->listen;
    const auto endpoint = endpoint_of(listen);
    if (!endpoint)
        return fail(ErrorCode::config, "listen on {}: not an IP address and a port", listen);
    error_code error;
    impl_->acceptor.open(endpoint->protocol(), error);
    if (!error) impl_->acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) impl_->acceptor.bind(*endpoint, error);
    if (!error) impl_->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return {};
    error_code ignored;
    impl_->acceptor.close(ignored);
    return listen_failure(listen, error);
}

Task<> Server::run() {
    std::exception_ptr end;
    try {
        co_await impl_->accept();
    } catch (...) {
        end = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->group.cancel();
    (void)co_await impl_->group.join();  // a connection's failure is its own affair
    if (end) std::rethrow_exception(end);
    throw boost::system::system_error(asio::error::operation_aborted);
}

std::uint16_t Server::bound_port() const {
    error_code ignored;
    return impl_->acceptor.local_endpoint(ignored).port();
}

}  // namespace kentongan::web
