// Sensors, services, rules, settings and the ledger's head, as the process tells them.
#include "daemon/api/views.hpp"

#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

Response absent(const Call& call, std::string_view why) {
    return problem(404, why, call.request.target);
}

Response answer(const Call& call, const std::function<json::object()>& view, std::string_view why) {
    if (!view) return absent(call, why);
    return json_answer(call, json::serialize(view()));
}

Response answer(const Call& call, const Result<json::object>& told) {
    if (!told) return absent(call, told.error().message);
    return json_answer(call, json::serialize(*told));
}

std::string parameter(const Target& target, std::string_view name) {
    for (const auto& [key, value] : target.query)
        if (key == name) return value;
    return {};
}

}  // namespace

Task<Response> show_sensors(Call call) {
    co_return answer(call, call.service.dependencies.views.sensors, "no sources are watched here");
}

Task<Response> show_services(Call call) {
    co_return answer(call, call.service.dependencies.views.services,
                     "no services are watched here");
}

Task<Response> list_rules(Call call) {
    co_return answer(call, call.service.dependencies.views.rules, "no rules are loaded here");
}

Task<Response> show_settings(Call call) {
    co_return answer(call, call.service.dependencies.views.settings, "no settings are told here");
}

Task<Response> show_evidence(Call call) {
    co_return answer(call, call.service.dependencies.views.evidence,
                     "no ledger is kept here: see [ledger] in the settings");
}

Task<Response> show_rule(Call call) {
    const auto& view = call.service.dependencies.views.rule;
    if (!view) co_return absent(call, "no rules are loaded here");
    co_return answer(call, co_await view(call.path.at("id")));
}

Task<Response> show_proof(Call call) {
    const auto& view = call.service.dependencies.views.proof;
    if (!view) co_return absent(call, "no ledger is kept here: see [ledger] in the settings");
    co_return answer(call, co_await view(call.path.at("id")));
}

Task<Response> show_drill(Call call) {
    const auto& view = call.service.dependencies.views.drill;
    if (!view) co_return absent(call, "this daemon takes no part in an exercise");
    co_return answer(call, co_await view());
}

Task<Response> show_series(Call call) {
    const auto& view = call.service.dependencies.views.series;
    if (!view) co_return absent(call, "there is no register of TPS: set sirekap.register");
    const std::string area = parameter(call.request.parsed, "area");
    const auto series = co_await view(area.substr(0, 10));
    if (!series) co_return absent(call, "the register has no area of this code");
    co_return json_answer(call, json::serialize(*series));
}

}  // namespace kentongan::api
