// What each rule costs people.
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace json = boost::json;

Task<Response> show_noise(Call call) {
    const Dependencies& dependencies = call.service.dependencies;
    const Timestamp now = dependencies.clock.now();
    Timestamp since = now - std::chrono::hours{24};
    std::vector<FieldError> errors;
    for (const auto& [name, value] : call.request.parsed.query) {
        if (name != "since") {
            errors.push_back({printable_utf8(name, 40), "unknown; there is since"});
        } else if (const auto time = parse_rfc3339(value); time && *time < now) {
            since = *time;
        } else {
            errors.push_back({name,
                              "expected an RFC 3339 time before now such as 2024-11-27T11:00:00Z "
                              "(a + is sent as %2B)"});
        }
    }
    if (!errors.empty())
        co_return problem(400, "a parameter is wrong", call.request.target, errors);
    if (dependencies.noise == nullptr)
        co_return problem(404, "this store keeps no count of its rules", call.request.target);
    const auto ask = [&] { return dependencies.noise->noise(since); };
    const auto rules = co_await run_on(dependencies.store, ask);
    if (!rules) co_return store_problem(call, rules.error());
    co_return json_answer(call, json::serialize(noise_report(*rules, since, now)));
}

}  // namespace kentongan::api
