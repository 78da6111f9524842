// Deliveries, status, health and metrics.
#include <array>
#include <boost/json.hpp>

#include "daemon/api/casework.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/api/wall_view.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

json::value time_or_null(const std::optional<Timestamp>& time) {
    return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::object to_json(const DeliveryStatus& status) {
    return {{"destination", status.destination},
            {"delivered", status.delivered},
            {"pending", status.pending},
            {"dead", status.dead},
            {"oldest_pending", time_or_null(status.oldest_pending)},
            {"last_delivered", time_or_null(status.last_delivered)},
            {"last_error", status.last_error}};
}

/// Raised since the start, by severity.
json::object raised(const Metrics& metrics) {
    json::object out;
    for (int level = 4; level >= 0; --level) {
        const auto severity = name_of(static_cast<Severity>(level));
        double sum = 0;
        for (int engine = 0; engine <= static_cast<int>(Ruleset::report); ++engine)
            sum += metrics.alerts.with({severity, name_of(static_cast<Ruleset>(engine))}).value();
        out[severity] = static_cast<std::uint64_t>(sum);
    }
    return out;
}

std::string agency_of(const Service& service, const std::string& destination) {
    const auto& find = service.dependencies.agency_of;
    return find ? find(destination) : destination;
}

/// When somebody of the agency last said that they have seen an alert.
Result<std::optional<Timestamp>> last_human(const Service& service, const std::string& agency) {
    Casework* casework = service.dependencies.casework;
    if (casework == nullptr) return std::nullopt;
    return casework->last_seen(agency);
}

/// Of the agencies' state, its own.
void keep_own(const Identity& who, json::object& status) {
    auto* agencies = status.if_contains("agencies");
    if (agencies == nullptr || !agencies->is_array()) return;
    json::array own;
    for (json::value& one : agencies->as_array())
        if (one.is_object() && one.as_object()["agency"] == json::string_view{who.agency})
            own.push_back(std::move(one));
    *agencies = std::move(own);
}

}  // namespace

Result<> note_again(const Call& call, const std::string& destination, const std::string& action,
                    const std::string& what) {
    Casework* casework = call.service.dependencies.casework;
    if (casework == nullptr) return {};
    const auto noted = casework->note_again(call.who.name, destination, action, what);
    if (!noted) return fail(ErrorCode::unavailable, "{}", noted.error().detail);
    return {};
}

Task<Response> list_deliveries(Call call) {
    const auto read = [&]() -> Result<json::array> {
        const auto found = call.service.dependencies.outbox.status();
        if (!found) return std::unexpected(found.error());
        json::array list;
        for (const DeliveryStatus& one : *found) {
            const std::string agency = agency_of(call.service, one.destination);
            if (is_agency(call) && agency != call.who.agency) continue;
            const auto human = last_human(call.service, agency);
            if (!human) return std::unexpected(human.error());
            json::object row = to_json(one);
            row["last_human"] = *human ? json::value(to_rfc3339(**human)) : json::value(nullptr);
            if (is_wall(call)) row["last_error"] = "";
            list.push_back(std::move(row));
        }
        return list;
    };
    auto list = co_await run_on(call.service.dependencies.store, read);
    if (!list) co_return store_problem(call, list.error());
    co_return json_answer(call, json::serialize(json::object{{"deliveries", std::move(*list)}}));
}

Task<Response> retry_deliveries(Call call) {
    const std::string destination = call.path.at("destination");
    Outbox& outbox = call.service.dependencies.outbox;
    const auto revive = [&]() -> Result<std::optional<std::uint64_t>> {
        const auto known = outbox.status();
        if (!known) return std::unexpected(known.error());
        for (const DeliveryStatus& one : *known) {
            if (one.destination != destination) continue;
            if (auto noted = note_again(call, destination, "retry", "the dead ones"); !noted)
                return std::unexpected(noted.error());
            const auto revived = outbox.revive(destination);
            if (!revived) return std::unexpected(revived.error());
            return *revived;
        }
        return std::nullopt;
    };
    const auto revived = co_await run_on(call.service.dependencies.store, revive);
    if (!revived) co_return store_problem(call, revived.error());
    if (!*revived)
        co_return problem(404, "no such destination; GET /api/v1/deliveries lists them",
                          call.request.target);
    const json::object body{{"destination", destination}, {"revived", **revived}};
    co_return json_answer(call, json::serialize(body));
}

Task<Response> show_status(Call call) {
    const Dependencies& dependencies = call.service.dependencies;
    const auto count = [&] { return dependencies.alerts.count(); };
    const auto stored = co_await run_on(dependencies.store, count);
    if (!stored) co_return store_problem(call, stored.error());
    const Health health = dependencies.health();
    json::object body = dependencies.status();
    body["now"] = to_rfc3339(dependencies.clock.now());
    body["version"] = KENTONGAN_VERSION;
    body["ready"] = health.ready;
    body["reasons"] = json::array(health.reasons.begin(), health.reasons.end());
    body["reason_codes"] = json::array(health.codes.begin(), health.codes.end());
    body["alerts"] = json::object{{"stored", *stored}, {"raised", raised(dependencies.metrics)}};
    if (is_agency(call)) keep_own(call.who, body);
    if (call.who.role <= Role::wall) body = wall_status(std::move(body));
    co_return json_answer(call, json::serialize(body));
}

Task<Response> show_healthy(Call call) {
    if (!call.service.dependencies.health().alive)
        co_return problem(503, "the process is not working", call.request.target);
    co_return json_answer(call, "{\"alive\":true}");
}

Task<Response> show_ready(Call call) {
    const Health health = call.service.dependencies.health();
    if (health.ready) co_return json_answer(call, "{\"ready\":true}");
    std::vector<FieldError> errors;
    for (const std::string& reason : health.reasons) errors.push_back({{}, reason});
    co_return problem(503, "not ready to take in and store alerts", call.request.target, errors);
}

Task<Response> show_metrics(Call call) {
    co_return Response{.type = "text/plain; version=0.0.4; charset=utf-8",
                       .body = call.service.dependencies.metrics.registry.exposition()};
}

Task<Response> ask_reload(Call call) {
    if (!call.request.peer.is_loopback())
        co_return problem(403, "a reload is asked for on the machine itself", call.request.target);
    const auto& reload = call.service.dependencies.reload;
    if (!reload) co_return problem(404, "nothing can be reloaded here", call.request.target);
    reload();
    Response response = json_answer(call, R"({"asked":true})");
    response.status = 202;
    co_return response;
}

}  // namespace kentongan::api
