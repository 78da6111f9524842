#pragma once
// The route table: which method and path leads where, and who may go there. Data, so that a
// description of the API can be generated from it.
#include <map>
#include <span>

#include "daemon/api/message.hpp"
#include "daemon/api/service.hpp"

namespace kentongan::api {

/// A request on its way to a route; `path` holds what the {names} of the pattern matched.
struct Call {
    Service& service;
    const Request& request;
    std::map<std::string, std::string, std::less<>> path{};
    Identity who{};  ///< of an open route: nobody
};

enum class Access { open, token };

struct Route {
    std::string_view method;
    std::string_view pattern;  ///< "/api/v1/alerts/{id}"; also the metric's label
    Access access = Access::token;
    bool on_metrics_listener = false;
    std::string_view summary;
    Task<Response> (*answer)(Call call) = nullptr;
    Role least = Role::viewer;  ///< of a route that takes a token
};

[[nodiscard]] std::span<const Route> routes();

/// The whole way from request to answer: route, access, handler, security headers, metric. HEAD is
/// GET (its body is left out when the answer is written). Throws only when it is cancelled.
[[nodiscard]] Task<Response> respond(Service& service, const Request& request, bool metrics_only);

/// Headers every answer carries, and the request's count.
void finish_response(Service& service, std::string_view route, bool is_api, Response& response);

}  // namespace kentongan::api
