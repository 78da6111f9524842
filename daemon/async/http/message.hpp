#pragma once
// A request as those who answer see it, and their answer: plain values, no HTTP library.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/async/task.hpp"
#include "daemon/base/ip.hpp"

namespace kentongan::web {

struct Target {
    std::vector<std::string> segments;                       ///< decoded; "/" has none
    std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
};

/// The path and query of an origin-form or absolute-form request target (RFC 9112 §3.2), percent
/// decoded; nothing for a bad escape, a NUL, or a target that is not of these forms. `+` stays `+`.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

struct Request {
    std::string method;
    std::string target;  ///< as sent
    Target parsed;
    std::string authorization;
    std::string if_none_match;
    std::string last_event_id;
    std::string content_type{};
    std::string accept{};
    std::string accept_language{};
    std::string accept_encoding{};
    std::string if_match{};
    std::string idempotency_key{};
    std::string cookie{};
    std::string csrf{};        ///< X-CSRF-Token
    std::string fetch_site{};  ///< Sec-Fetch-Site: what a browser says of the page that asks
    std::string user_agent{};
    std::string client{};         ///< name on the certificate it showed, which a CA of ours signed
    bool encrypted = false;       ///< it came over TLS
    std::string forwarded_for{};  ///< X-Forwarded-For, all of them, as the client or a proxy said
    /// Of a webhook: webhook-id, webhook-timestamp, webhook-signature.
    std::string webhook_id{};
    std::string webhook_timestamp{};
    std::string webhook_signature{};
    std::string body{};
    IpAddress peer{};  ///< whom we are connected to
};

struct Response {
    unsigned status = 200;
    std::string type{};
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};
    /// For an endless answer: the next piece, each time the last one is written; nothing at the
    /// end.
    std::function<Task<std::optional<std::string>>()> stream{};
};

/// RFC 9457: application/problem+json with type, title, status, detail, instance, and what is wrong
/// in particular, as (parameter, detail).
struct FieldError {
    std::string parameter;
    std::string detail;
};
[[nodiscard]] Response problem(unsigned status, std::string_view detail, std::string_view instance,
                               const std::vector<FieldError>& errors = {});

/// "Not Found"; "Unknown" for a status we do not send.
[[nodiscard]] std::string_view reason_of(unsigned status);

}  // namespace kentongan::web
