// Sensors, services, rules, settings and the ledger's head, as the process tells them.
#include "daemon/api/views.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/api/wall_view.hpp"

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

/// Into each rule: how many alerts it has raised, when the newest was first seen, and for how many
/// seconds it has been silent; null: it has raised none.
void put_firings(const std::vector<RuleFiring>& firings, Timestamp now, json::object& body) {
    auto* rules = body.if_contains("rules");
    if (rules == nullptr || !rules->is_array()) return;
    std::map<std::string_view, const RuleFiring*> by_id;
    for (const RuleFiring& one : firings) by_id[one.rule_id] = &one;
    for (json::value& rule : rules->as_array()) {
        json::object& row = rule.as_object();
        const auto* id = row.if_contains("id");
        const auto found = id == nullptr || !id->is_string()
                               ? by_id.end()
                               : by_id.find(std::string_view{id->as_string()});
        row["fired"] = found == by_id.end() ? 0 : found->second->alerts;
        row["last_fired"] = nullptr;
        row["silent_seconds"] = nullptr;
        if (found == by_id.end()) continue;
        row["last_fired"] = to_rfc3339(found->second->newest, 0);
        row["silent_seconds"] =
            static_cast<std::int64_t>(std::max(0.0, to_seconds(now - found->second->newest)));
    }
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
    const Dependencies& has = call.service.dependencies;
    if (!has.views.rules) co_return absent(call, "no rules are loaded here");
    json::object body = has.views.rules();
    if (has.noise != nullptr) {
        const auto read = [&] { return has.noise->firings(); };
        const auto firings = co_await run_on(has.store, read);
        if (!firings) co_return store_problem(call, firings.error());
        put_firings(*firings, has.clock.now(), body);
    }
    co_return json_answer(call, json::serialize(body));
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
    const auto may = co_await may_read(call, call.path.at("id"));
    if (!may) co_return store_problem(call, may.error());
    if (!*may) co_return absent(call, "no alert has this id");
    co_return answer(call, co_await view(call.path.at("id")));
}

Task<Response> show_drill(Call call) {
    const auto& view = call.service.dependencies.views.drill;
    if (!view) co_return absent(call, "this daemon takes no part in an exercise");
    auto score = co_await view();
    if (score && call.who.role < Role::analyst)
        score = wall_drill(std::move(*score));
    else if (score)
        tell_of_reading(call.service, call.who.name, {"drill"});
    co_return answer(call, score);
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
