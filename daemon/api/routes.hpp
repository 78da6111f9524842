#pragma once
// The route table: which method and path leads where, and who may go there. Data, so that a
// description of the API can be generated from it.
#include <map>
#include <span>
#include <vector>

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

    // What is taken and given. Members are words such as "area", "limit:integer" (JSON types,
    // "string/null") or "state?" (may be missing).
    std::string_view query{};      ///< parameters; all may be missing but those with a !
    bool refuses_unknown = false;  ///< its handler does, and names all that is wrong at once
    std::string_view body{};       ///< of the JSON object it takes; empty: none
    unsigned status = 200;         ///< when all is well
    bool may_wait = false;         ///< 202: a second person has to confirm it first
    std::string_view members{};    ///< of the JSON object it answers with
    std::string_view type = "application/json";

    [[nodiscard]] constexpr Route asks(std::string_view names, bool own_check = false) const {
        Route out = *this;
        out.query = names;
        out.refuses_unknown = own_check;
        return out;
    }
    [[nodiscard]] constexpr Route takes(std::string_view names) const {
        Route out = *this;
        out.body = names;
        return out;
    }
    [[nodiscard]] constexpr Route gives(std::string_view names, unsigned well = 200) const {
        Route out = *this;
        out.members = names;
        out.status = well;
        return out;
    }
    [[nodiscard]] constexpr Route sends(std::string_view media_type, unsigned well = 200) const {
        Route out = *this;
        out.type = media_type;
        out.status = well;
        return out;
    }
    [[nodiscard]] constexpr Route or_waits() const {
        Route out = *this;
        out.may_wait = true;
        return out;
    }
};

/// One word of Route's members.
struct Member {
    std::string_view name;
    std::string_view type;  ///< of JSON
    bool required = true;
};
[[nodiscard]] std::vector<Member> members_of(std::string_view words, bool required = true);

[[nodiscard]] std::span<const Route> routes();

/// The whole way from request to answer: route, access, handler, security headers, metric. HEAD is
/// GET (its body is left out when the answer is written). Throws only when it is cancelled.
[[nodiscard]] Task<Response> respond(Service& service, const Request& request, bool metrics_only);

/// Headers every answer carries, and the request's count.
void finish_response(Service& service, std::string_view route, bool is_api, Response& response);

}  // namespace kentongan::api
