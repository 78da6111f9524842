#pragma once
// Fetcher: gets one published file, whatever its server does: within a time, a size and a number of
// redirections, from no other host, and with a certificate that is in order.
#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/async/http_url.hpp"
#include "daemon/async/task.hpp"
#include "daemon/base/time.hpp"

namespace boost::asio::ssl {
class context;
}

namespace kentongan::sirekap {

enum class FetchOutcome {
    changed,       ///< 200: body and validators
    unchanged,     ///< 304
    missing,       ///< 404, 410
    busy,          ///< 429, 503
    server_error,  ///< other 5xx
    refused,       ///< other 4xx, and answers that make no sense
    too_large,
    redirected,   ///< to another host, to plain HTTP, or without end
    certificate,  ///< refused: expired, unknown, of another host
    timeout,
    failed,  ///< no connection, a broken answer
};
[[nodiscard]] std::string_view name_of(FetchOutcome outcome);
/// Worth another try, later.
[[nodiscard]] bool is_passing(FetchOutcome outcome);

struct Fetched {
    FetchOutcome outcome = FetchOutcome::failed;
    int status = 0;
    std::string body;
    std::string etag;
    std::string last_modified;
    std::optional<std::chrono::seconds> retry_after;
    std::optional<Timestamp> made;     ///< when the server says it answered
    std::int64_t certificate_end = 0;  ///< of the server, Unix seconds; 0: not known
    std::string error;  ///< names URL and reason, when the outcome is none of the first three
};

struct FetchSettings {
    std::string referer;
    std::size_t maximum_bytes = std::size_t{32} << 20;
    int redirects = 3;
    std::vector<std::string> redirect_hosts;
    std::chrono::milliseconds timeout{20'000};  ///< from name lookup to the last byte, all in all
    std::shared_ptr<boost::asio::ssl::context> tls;
};

/// What the last answer said, for the next request.
struct Validators {
    std::string etag;
    std::string last_modified;
};

/// Keeps one connection. One fetch at a time; on one thread.
class Fetcher {
  public:
    Fetcher(boost::asio::any_io_executor executor, FetchSettings settings);
    ~Fetcher();
    Fetcher(const Fetcher&) = delete;
    Fetcher& operator=(const Fetcher&) = delete;

    [[nodiscard]] Task<Fetched> get(HttpUrl url, Validators validators);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan::sirekap
