#include "daemon/api/routes.hpp"

#include <algorithm>
#include <array>
#include <boost/system/system_error.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

// A fixed path stands before a {name} that would match it too.
constexpr std::array kRoutes{
    Route{"GET", "/", Access::open, false, "the operators' page", show_page},
    Route{"GET", "/texts.js", Access::open, false, "what it says", show_page},
    Route{"GET", "/list.js", Access::open, false, "its list", show_page},
    Route{"GET", "/app.js", Access::open, false, "its program", show_page},
    Route{"GET", "/style.css", Access::open, false, "its style", show_page},
    Route{"GET", "/-/healthy", Access::open, true, "200 while the process works", show_healthy},
    Route{"GET", "/-/ready", Access::open, true, "200 while alerts can be stored", show_ready},
    Route{"GET", "/metrics", Access::open, true, "Prometheus text format 0.0.4", show_metrics},
    Route{"GET", "/api/v1/alerts", Access::token, false, "alerts, a page at a time", list_alerts},
    Route{"GET", "/api/v1/alerts/stream", Access::token, false, "new alerts as server-sent events",
          stream_alerts},
    Route{"GET", "/api/v1/alerts/{id}", Access::token, false, "one alert", show_alert},
    Route{"GET", "/api/v1/alerts/{id}/packets", Access::token, false,
          "what the capture kept of an alert's traffic, as pcapng", show_packets},
    Route{"GET", "/api/v1/deliveries", Access::token, false, "what each agency has and waits for",
          list_deliveries},
    Route{"POST", "/api/v1/deliveries/{destination}:retry", Access::token, false,
          "queues an agency's dead messages again", retry_deliveries},
    Route{"GET", "/api/v1/coverage", Access::token, false, "uploads by area, with a forecast",
          show_coverage},
    Route{"GET", "/api/v1/status", Access::token, false, "the sensor's state", show_status},
};

/// Matches one segment against "text", "{name}" or "{name}suffix".
bool match_segment(std::string_view pattern, const std::string& segment, Call& call) {
    if (!pattern.starts_with('{')) return pattern == segment;
    const auto close = pattern.find('}');
    const std::string_view suffix = pattern.substr(close + 1);
    if (segment.size() <= suffix.size() || !segment.ends_with(suffix)) return false;
    call.path[std::string{pattern.substr(1, close - 1)}] =
        segment.substr(0, segment.size() - suffix.size());
    return true;
}

bool match(std::string_view pattern, Call& call) {
    call.path.clear();
    pattern.remove_prefix(1);
    for (const std::string& segment : call.request.parsed.segments) {
        if (pattern.empty() || !match_segment(take_until(pattern, '/'), segment, call))
            return false;
    }
    return pattern.empty();
}

struct Choice {
    const Route* route = nullptr;
    std::string allow;  ///< methods of the routes of this path, when none has the method asked for
};

Choice choose(Call& call, bool metrics_only) {
    Choice out;
    const bool head = call.request.method == "HEAD";
    for (const Route& route : kRoutes) {
        if ((metrics_only && !route.on_metrics_listener) || !match(route.pattern, call)) continue;
        if (route.method == call.request.method || (head && route.method == "GET")) {
            out.route = &route;
            return out;
        }
        if (out.allow.contains(route.method)) continue;
        (out.allow.empty() ? out.allow : out.allow += ", ") += route.method;
        if (route.method == "GET") out.allow += ", HEAD";
    }
    return out;
}

Response refuse_access(const Call& call) {
    const std::string_view detail =
        call.service.tokens.empty()
            ? "no token is configured, so nobody has access: write one to a file (openssl rand "
              "-hex 32), name the file as api.token_file and reload"
            : "send the header Authorization: Bearer TOKEN with a token of api.token_file";
    Response response = problem(401, detail, call.request.target);
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"kentongan\"");
    return response;
}

Task<Response> run_handler(const Route& route, Call call) {
    std::string failure;
    try {
        co_return co_await route.answer(call);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) throw;
        failure = error.what();
    } catch (const std::exception& error) {
        failure = error.what();
    }
    co_return problem(500, "this is a fault of ours: " + failure, call.request.target);
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

void finish_response(Service& service, std::string_view route, bool is_api, Response& response) {
    auto& headers = response.headers;
    headers.emplace_back("Content-Security-Policy",
                         "default-src 'self'; base-uri 'none'; form-action 'none'; "
                         "frame-ancestors 'none'; object-src 'none'");
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("Referrer-Policy", "no-referrer");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    headers.emplace_back("Cache-Control", is_api ? "no-store" : "no-cache");
    service.dependencies.metrics.http_requests
        .with({route, fmt::format("{}xx", response.status / 100)})
        .add();
}

Task<Response> respond(Service& service, const Request& request, bool metrics_only) {
    Call call{.service = service, .request = request};
    const auto& segments = request.parsed.segments;
    const bool is_api = !segments.empty() && segments[0] == "api";
    const Choice choice = choose(call, metrics_only);
    const bool locked = choice.route != nullptr ? choice.route->access == Access::token : is_api;
    Response response;
    if (locked && !service.tokens.accept(request.authorization)) {
        response = refuse_access(call);
    } else if (choice.route != nullptr) {
        response = co_await run_handler(*choice.route, call);
    } else if (!choice.allow.empty()) {
        response = problem(405, "this path takes " + choice.allow, request.target);
        response.headers.emplace_back("Allow", choice.allow);
    } else {
        response = problem(404, "there is nothing here", request.target);
    }
    finish_response(service, choice.route ? choice.route->pattern : "none", is_api, response);
    co_return response;
}

Response store_problem(const Call& call, const Error& error) {
    Response response = problem(503, error.within("the store").message, call.request.target);
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

Response json_answer(const Call& call, std::string body) {
    const std::string etag = fmt::format("\"{}\"", sha256_hex(body).substr(0, 32));
    Response response{.type = "application/json"};
    response.headers.emplace_back("ETag", etag);
    if (call.request.method != "POST" && call.request.if_none_match == etag)
        response.status = 304;
    else
        response.body = std::move(body);
    return response;
}

}  // namespace kentongan::api
