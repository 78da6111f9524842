// GET /api/v1/alerts, /api/v1/alerts/{id} and /api/v1/alerts/stream.
#include "daemon/api/alert_tail.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/api/searching.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::string_view kLines = "application/x-ndjson";
constexpr std::size_t kBodyCap = std::size_t{4} << 20;

struct PageBody {
    std::string text;
    std::string next_cursor;
};

/// At least one alert, then as many as fit the cap; the cursor goes on after the last one.
PageBody page_body(const SearchAnswer& answer, bool newest_first) {
    const AlertPage& page = answer.page;
    PageBody out{.text = "{\"alerts\":[", .next_cursor = {}};
    std::optional<std::int64_t> next = page.next;
    for (std::size_t i = 0; i < page.alerts.size(); ++i) {
        if (i > 0 && out.text.size() + page.alerts[i].json.size() > kBodyCap) {
            next = page.alerts[i - 1].sequence;
            break;
        }
        (i > 0 ? out.text += ',' : out.text) += page.alerts[i].json;
    }
    if (next) out.next_cursor = to_cursor(newest_first, *next);
    out.text += next ? fmt::format("],\"next_cursor\":\"{}\",", out.next_cursor)
                     : std::string{"],\"next_cursor\":null,"};
    out.text += partial_members(answer) + "}";
    return out;
}

/// The same request with another cursor (RFC 8288).
std::string next_link(std::string_view target, std::string_view cursor) {
    std::string_view query = target;
    std::string out{take_until(query, '?')};
    char separator = '?';
    while (!query.empty()) {
        const std::string_view pair = take_until(query, '&');
        if (pair.starts_with("cursor=") || pair.empty()) continue;
        out += separator;
        out += pair;
        separator = '&';
    }
    return fmt::format("<{}{}cursor={}>; rel=\"next\"", out, separator, cursor);
}

}  // namespace

Task<Response> list_alerts(Call call) {
    AlertsWanted wanted = alerts_wanted(call, SearchRequest::What::page);
    if (!wanted.errors.empty()) co_return refuse_parameters(call, wanted);
    const bool newest_first = wanted.request.newest_first;
    auto answer = co_await run_search(call.service, std::move(wanted.request));
    if (!answer) co_return store_problem(call, answer.error());
    co_await tell_places(call.service, answer->page.alerts);
    show_to(call, answer->page.alerts);
    PageBody body = page_body(*answer, newest_first);
    Response response = json_answer(call, std::move(body.text));
    if (!body.next_cursor.empty())
        response.headers.emplace_back("Link", next_link(call.request.target, body.next_cursor));
    co_return response;
}

Task<Response> show_alert(Call call) {
    const std::string id = call.path.at("id");
    const auto get = [&]() -> Result<std::vector<StoredAlert>> {
        auto stored = call.service.dependencies.alerts.get(id);
        if (!stored) return std::unexpected(stored.error());
        std::vector<StoredAlert> out;
        if (*stored) out.push_back(std::move(**stored));
        write_places(call.service, out);
        return out;
    };
    auto found = co_await run_on(call.service.dependencies.store, get);
    if (!found) co_return store_problem(call, found.error());
    if (found->empty()) co_return problem(404, "no alert has this id", call.request.target);
    show_to(call, *found);
    if (found->empty()) co_return problem(404, "no alert has this id", call.request.target);
    co_return json_answer(call, std::move(found->front().json));
}

Task<Response> stream_alerts(Call call) {
    Service& service = call.service;
    if (service.open_streams >= service.maximum_streams)
        co_return problem(503, "too many streams are open; poll /api/v1/alerts instead",
                          call.request.target);
    AlertsWanted wanted = alerts_wanted(call, SearchRequest::What::page);
    if (!wanted.errors.empty()) co_return refuse_parameters(call, wanted);
    std::optional<std::int64_t> after;
    if (const std::string& last = call.request.last_event_id; !last.empty()) {
        after = parse_number<std::int64_t>(last);
        if (!after || *after < 0)
            co_return problem(400, "Last-Event-ID is not one of ours", call.request.target);
    }
    const bool lines = call.request.accept.contains(kLines);
    auto stream = co_await open_tail(call, std::move(wanted.request.where), after,
                                     lines ? TailForm::lines : TailForm::events);
    if (!stream) co_return store_problem(call, stream.error());
    Response response{.type = std::string{lines ? kLines : "text/event-stream"}};
    response.stream = std::move(*stream);
    co_return response;
}

}  // namespace kentongan::api
