#include "daemon/api/server.hpp"

#include "daemon/api/routes.hpp"
#include "daemon/async/http/server.hpp"

namespace kentongan::api {

namespace {
web::Limits limits_of(const Options& options) {
    web::Limits out;
    out.maximum_connections = options.maximum_connections;
    out.idle_timeout = options.idle_timeout;
    out.request_timeout = options.request_timeout;
    out.write_timeout = options.write_timeout;
    return out;
}
}  // namespace

struct Server::Impl {
    Impl(asio::any_io_executor loop, Options options, Dependencies dependencies)
        : service{.dependencies = std::move(dependencies),
                  .tokens = std::move(options.tokens),
                  .logins = Logins{dependencies.metrics},
                  .limit = RateLimit{options.requests_a_second, 4 * options.requests_a_second},
                  .maximum_streams = options.maximum_streams},
          server(std::move(loop), options.listen, limits_of(options), site(options.metrics_only),
                 service.dependencies.clock) {
        service.logins.use(std::move(options.accounts));
        server.use_tls(std::move(options.tls));
    }

    web::Site site(bool metrics_only) {
        return {
            .answer =
                [this, metrics_only](const Request& request) {
                    return respond(service, request, metrics_only);
                },
            .finish =
                [this](Response& response) { finish_response(service, "none", true, response); }};
    }

    Service service;
    web::Server server;
};

Server::Server(asio::any_io_executor loop, Options options, Dependencies dependencies)
    : impl_(std::make_unique<Impl>(std::move(loop), std::move(options), std::move(dependencies))) {}

Server::~Server() = default;

Result<> Server::listen() { return impl_->server.listen(); }

Task<> Server::run() { return impl_->server.run(); }

std::uint16_t Server::bound_port() const { return impl_->server.bound_port(); }

void Server::replace_accounts(std::shared_ptr<const Accounts> accounts) {
    impl_->service.logins.use(std::move(accounts));
}

void Server::replace_tls(web::TlsContext tls) { impl_->server.use_tls(std::move(tls)); }

void Server::replace_tokens(Tokens tokens) { impl_->service.tokens = std::move(tokens); }

}  // namespace kentongan::api
