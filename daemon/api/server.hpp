#pragma once
// Server: the HTTP/1.1 listener of the API, the page and the metrics. Runs on the loop and never
// blocks it: whatever asks the store is run on the store's thread.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/api/service.hpp"
#include "daemon/async/http/tls.hpp"

namespace kentongan::api {

struct Options {
    std::string listen = "127.0.0.1:8470";  ///< as config's api.listen; port 0: any free one
    Tokens tokens{};                        ///< none: /api answers 401 to everyone
    bool metrics_only = false;              ///< only /metrics and /-/
    std::size_t maximum_connections = 256;  ///< beyond them, 503
    std::size_t maximum_streams = 256;
    std::shared_ptr<const Accounts> accounts{};      ///< of people; null: only tokens
    web::TlsContext tls{};                           ///< null: plain HTTP
    double requests_a_second = 50;                   ///< of one client; four times as many at once
    std::chrono::milliseconds idle_timeout{60'000};  ///< between two requests
    std::chrono::milliseconds request_timeout{10'000};  ///< from a request's first byte to its last
    std::chrono::milliseconds write_timeout{20'000};    ///< for one answer, or a piece of a stream
};

/// All calls on the loop's thread.
class Server {
  public:
    Server(asio::any_io_executor loop, Options options, Dependencies dependencies);
    ~Server();

    /// Errors: unavailable (port in use), permission, config (not an address).
    [[nodiscard]] Result<> listen();
    /// Accepts and serves until cancelled; then closes every connection and throws
    /// operation_aborted as every cancelled task does.
    [[nodiscard]] Task<> run();
    [[nodiscard]] std::uint16_t bound_port() const;
    /// For a reload; requests under way are not affected.
    void replace_tokens(Tokens tokens);
    void replace_accounts(std::shared_ptr<const Accounts> accounts);
    /// Of connections from now on.
    void replace_tls(web::TlsContext tls);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan::api
