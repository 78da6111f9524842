#pragma once
// One request as a web server logged it, however it was written down, and its way to an event.
#include <optional>
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Views into the line. Empty, "-" or nothing: not logged.
struct AccessRecord {
    std::string_view vhost;  ///< may end in a port
    std::string_view client;
    std::string_view user;
    std::optional<Timestamp> time;
    std::string_view request;  ///< `METHOD URI [HTTP/x]`; otherwise the three below
    std::string_view method;
    std::string_view uri;
    std::string_view protocol;  ///< HTTP/1.1
    std::optional<std::int64_t> status;
    std::optional<std::int64_t> bytes;
    std::optional<std::string_view> referrer;  ///< absent in the common format
    std::optional<std::string_view> agent;     ///< "-": the client sent none
    std::string_view forwarded;                ///< X-Forwarded-For, one or more addresses
    std::optional<double> seconds;             ///< how long the request took
};

/// Makes `out` a web event of it. `url.query` may follow the path of `uri`.
void set_access(const AccessRecord& record, Event& out);

/// Sets method, url.* and http.version. What is no request (TLS to a plain port, junk) is kept
/// whole as url.original, without a method.
void set_request(std::string_view request, Event& out);

/// The first address of X-Forwarded-For's list, when all of it is addresses or "unknown".
[[nodiscard]] std::optional<IpAddress> first_forwarded(std::string_view list);

}  // namespace kentongan::log
