// POST and DELETE /api/v1/session: people log in and out.
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestMember = 1024;

std::optional<std::string> member(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr) return std::string{};
    if (!value->is_string() || value->as_string().size() > kLongestMember) return std::nullopt;
    return std::string{value->as_string()};
}

std::optional<LoginAttempt> attempt_of(const std::string& text) {
    boost::system::error_code problem;
    const auto body = json::parse(text, problem);
    if (problem || !body.is_object()) return std::nullopt;
    auto name = member(body.as_object(), "name");
    auto password = member(body.as_object(), "password");
    auto code = member(body.as_object(), "code");
    if (!name || !password || !code || name->empty()) return std::nullopt;
    return LoginAttempt{std::move(*name), std::move(*password), std::move(*code)};
}

}  // namespace

Task<Response> begin_session(Call call) {
    Service& service = call.service;
    if (service.logins.empty())
        co_return problem(404,
                          "there are no accounts here: name a file as api.accounts_file and make "
                          "one with kentongan account add NAME, or log in with a token",
                          call.request.target);
    auto attempt = attempt_of(call.request.body);
    if (!attempt)
        co_return problem(400, "expected a JSON object with name, password and code",
                          call.request.target);
    const Timestamp now = service.dependencies.clock.now();
    const std::string name = attempt->name;
    const LoginOutcome outcome = co_await service.logins.attempt(
        std::move(*attempt), call.request.peer.to_string(), now, service.dependencies.blocking);
    using Outcome = LoginEvent::Outcome;
    if (service.dependencies.logged_in)
        service.dependencies.logged_in({.outcome = !outcome.cookie.empty()     ? Outcome::ok
                                                   : outcome.wait > Duration{} ? Outcome::limited
                                                                               : Outcome::refused,
                                        .name = printable_utf8(name, 64),
                                        .method = "password",
                                        .address = call.request.peer.to_string()});
    if (outcome.cookie.empty()) {
        Response response =
            problem(outcome.wait > Duration{} ? 429 : 401, outcome.refusal, call.request.target);
        if (outcome.wait > Duration{})
            response.headers.emplace_back(
                "Retry-After", fmt::format("{:.0f}", std::max(1.0, to_seconds(outcome.wait))));
        co_return response;
    }
    Response response = json_answer(call, "{\"logged_in\":true}");
    response.headers.emplace_back("Set-Cookie",
                                  session_cookie(outcome.cookie, call.request.encrypted));
    co_return response;
}

Task<Response> end_session(Call call) {
    call.service.logins.end(call.request);
    if (const auto& tell = call.service.dependencies.logged_in)
        tell({.outcome = LoginEvent::Outcome::logout,
              .name = call.who.name,
              .method = "password",
              .address = call.request.peer.to_string()});
    Response response{.status = 204};
    response.headers.emplace_back("Set-Cookie", session_cookie("", call.request.encrypted));
    co_return response;
}

}  // namespace kentongan::api
