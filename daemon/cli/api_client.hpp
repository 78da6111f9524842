#pragma once
// A blocking client of the daemon's own API.
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "daemon/base/error.hpp"
#include "daemon/config/config.hpp"

namespace kentongan::cli {

class ApiClient {
  public:
    /// `listen` as in [api] (address:port); an empty token when there is no token file.
    ApiClient(std::string listen, std::string token);

    /// From the settings; the first token of the token file.
    [[nodiscard]] static Result<ApiClient> from(const Config& config);

    /// The JSON of a 2xx answer. Errors: unavailable (nobody listens; no answer in 10 s),
    /// permission (401, 403), no_input (404), usage (400), else temporary; with the problem's
    /// title and detail.
    [[nodiscard]] Result<boost::json::value> get(const std::string& target) const;
    [[nodiscard]] Result<boost::json::value> post(const std::string& target) const;
    /// With a JSON body.
    [[nodiscard]] Result<boost::json::value> post(const std::string& target,
                                                  const boost::json::value& body) const;
    [[nodiscard]] Result<> put(const std::string& target, const std::string& body) const;
    [[nodiscard]] Result<> remove(const std::string& target) const;
    /// The body of a 2xx answer as it is.
    [[nodiscard]] Result<std::string> get_body(const std::string& target) const;
    /// Work that takes long: 10 min.
    [[nodiscard]] Result<std::string> post_body(const std::string& target,
                                                const std::string& body = "") const;

    /// The lines of an answer that has no end, from after the event `last_event_id` (empty: from
    /// now on), until `line` says false. Errors: unavailable when it breaks off or brings nothing
    /// for 45 s, not even a sign of life; otherwise as of get().
    [[nodiscard]] Result<> follow(const std::string& target, const std::string& last_event_id,
                                  const std::function<bool(std::string_view)>& line) const;

    [[nodiscard]] const std::string& address() const { return listen_; }

  private:
    [[nodiscard]] Result<boost::json::value> request(std::string_view method,
                                                     const std::string& target,
                                                     const std::string& content = "") const;
    [[nodiscard]] Result<std::string> body_of(std::string_view method, const std::string& target,
                                              const std::string& body,
                                              std::chrono::seconds patience) const;
    std::string listen_;
    std::string token_;
};

/// `name=value` with the value percent-encoded, after `?` or `&`; nothing for an empty value.
void add_parameter(std::string& target, std::string_view name, std::string_view value);

/// Every byte but letters, digits and - . _ ~ as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace kentongan::cli
