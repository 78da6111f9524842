// GET /api/v1/alerts/{id}/context: a log line of the evidence among those around it.
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

Task<Response> show_context(Call call) {
    const Dependencies& has = call.service.dependencies;
    if (!has.context) co_return problem(404, "no logs are read here", call.request.target);
    std::optional<std::size_t> index = 0;
    for (const auto& [name, value] : call.request.parsed.query) {
        if (name == "evidence") index = parse_number<std::size_t>(value);
        if (name != "evidence" || !index)
            co_return problem(400, "evidence: the number of one of the alert's, from 0",
                              call.request.target);
    }
    const std::string id = call.path.at("id");
    const auto get = [&] { return has.alerts.get(id); };
    const auto found = co_await run_on(has.store, get);
    if (!found) co_return store_problem(call, found.error());
    if (!*found) co_return problem(404, "no alert has this id", call.request.target);
    std::vector<StoredAlert> one{**found};
    show_to(call, one);
    if (one.empty()) co_return problem(404, "no alert has this id", call.request.target);
    const auto context = co_await has.context((*found)->json, *index);
    if (!context) {
        const bool none = context.error().code == ErrorCode::no_input;
        co_return problem(none ? 404 : 503, context.error().message, call.request.target);
    }
    co_return json_answer(call, boost::json::serialize(*context));
}

}  // namespace kentongan::api
