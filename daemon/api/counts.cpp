// GET /api/v1/alerts/count and /api/v1/alerts/histogram.
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/api/searching.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

using What = SearchRequest::What;

void put_partial(const SearchAnswer& answer, json::object& out) {
    out["partial"] = !answer.partial.empty();
    if (!answer.partial.empty()) out["reason"] = answer.partial;
}

json::object counts_of(const SearchAnswer& answer, std::optional<query::Name> by) {
    json::object out{{"total", answer.total}};
    if (by) {
        json::array groups;
        for (const auto& [value, count] : answer.groups.top)
            groups.push_back(json::object{{"value", value}, {"count", count}});
        out["by"] = query::field(*by).text;
        out["groups"] = std::move(groups);
        out["others"] = answer.groups.others;
        out["without"] = answer.groups.without;
        if (answer.groups.cut) out["more_values_than_kept"] = true;
    }
    put_partial(answer, out);
    return out;
}

json::object histogram_of(const SearchAnswer& answer) {
    json::array bars;
    for (const auto& [begin, count] : answer.histogram.bars)
        bars.push_back(json::object{{"begin", to_rfc3339(begin, 0)}, {"count", count}});
    json::object out{{"total", answer.total},
                     {"interval", query::interval_text(answer.histogram.interval)},
                     {"bars", std::move(bars)}};
    put_partial(answer, out);
    return out;
}

Task<Response> answer_with(Call call, What what) {
    AlertsWanted wanted = alerts_wanted(call, what);
    if (!wanted.errors.empty()) co_return refuse_parameters(call, wanted);
    const auto by = wanted.request.by;
    const auto answer = co_await run_search(call.service, std::move(wanted.request));
    if (!answer) co_return store_problem(call, answer.error());
    // Its values may come from alerts that are TLP:RED.
    if (by && !is_for_all(*by) && call.who.role >= Role::analyst)
        tell_of_reading(call.service, call.who.name,
                        {fmt::format("count:{}", query::field(*by).text)});
    co_return json_answer(call, json::serialize(what == What::count ? counts_of(*answer, by)
                                                                    : histogram_of(*answer)));
}

}  // namespace

Task<Response> count_alerts(Call call) { return answer_with(std::move(call), What::count); }
Task<Response> show_histogram(Call call) { return answer_with(std::move(call), What::histogram); }

}  // namespace kentongan::api
