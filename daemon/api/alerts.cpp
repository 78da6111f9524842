// GET /api/v1/alerts, /api/v1/alerts/{id} and /api/v1/alerts/stream.
#include "daemon/api/alert_parameters.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/searching.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

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

/// Of the newest alert; 0 when there is none.
Result<std::int64_t> newest_sequence(AlertStore& store) {
    AlertQuery newest;
    newest.limit = 1;
    const auto page = store.find(newest, std::nullopt);
    if (!page) return std::unexpected(page.error());
    return page->alerts.empty() ? 0 : page->alerts.front().sequence;
}

/// One client's place in the sequence. Reads the store at the client's own pace, so a slow client
/// costs no memory; one that falls too far behind is told `lagged` and goes on from the newest. The
/// write deadline ends one that has stopped reading.
class AlertTail {
  public:
    AlertTail(Service& service, query::Expression where, std::int64_t after)
        : service_(service), where_(std::move(where)), after_(after) {
        service_.dependencies.metrics.live_tails.with().set(
            static_cast<double>(++service_.open_streams));
    }
    ~AlertTail() {
        service_.dependencies.metrics.live_tails.with().set(
            static_cast<double>(--service_.open_streams));
    }
    AlertTail(const AlertTail&) = delete;
    AlertTail& operator=(const AlertTail&) = delete;

    Task<std::optional<std::string>> next() {
        if (!greeted_) {
            greeted_ = true;
            co_return "retry: 2000\n\n";
        }
        for (int second = 0; second < kHeartbeatSeconds; ++second) {
            const auto news =
                co_await run_on(service_.dependencies.store, [this] { return look(); });
            if (!news) co_return std::nullopt;  // the client comes back with Last-Event-ID
            if (!news->empty()) co_return *news;
            co_await sleep_for(std::chrono::seconds{1});
        }
        co_return ": heartbeat\n\n";
    }

  private:
    static constexpr int kHeartbeatSeconds = 15;
    static constexpr std::int64_t kMostBehind = 10'000;

    /// On the store's thread: the events that are due, or nothing.
    Result<std::string> look() {
        const auto newest = newest_sequence(service_.dependencies.alerts);
        if (!newest) return std::unexpected(newest.error());
        if (*newest - after_ > kMostBehind) return lagged(*newest);
        if (*newest == after_) return std::string{};
        AlertQuery query;
        query.where = where_;
        query.newest_first = false;
        auto page = service_.dependencies.alerts.find(query, after_);
        if (!page) return std::unexpected(page.error());
        write_places(service_, page->alerts);
        std::string out = events(*page);
        if (!page->next) after_ = std::max(after_, *newest);  // what does not match is passed over
        return out;
    }
    std::string events(const AlertPage& page) {
        std::string out;
        for (const StoredAlert& alert : page.alerts) {
            fmt::format_to(std::back_inserter(out), "id: {}\nevent: alert\ndata: {}\n\n",
                           alert.sequence, alert.json);
            after_ = alert.sequence;
        }
        return out;
    }
    std::string lagged(std::int64_t newest) {
        service_.dependencies.metrics.live_tails_lagged.with().add();
        const std::int64_t missed = newest - std::exchange(after_, newest);
        return fmt::format("id: {}\nevent: lagged\ndata: {{\"missed\":{}}}\n\n", newest, missed);
    }

    Service& service_;
    const query::Expression where_;
    std::int64_t after_;
    bool greeted_ = false;
};

}  // namespace

Task<Response> list_alerts(Call call) {
    AlertsWanted wanted = parse_alerts_wanted(call.request.parsed, SearchRequest::What::page,
                                              call.service.dependencies.clock.now());
    if (!wanted.errors.empty()) co_return refuse_parameters(call, wanted);
    const bool newest_first = wanted.request.newest_first;
    auto answer = co_await run_search(call.service, std::move(wanted.request));
    if (!answer) co_return store_problem(call, answer.error());
    co_await tell_places(call.service, answer->page.alerts);
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
    co_return json_answer(call, std::move(found->front().json));
}

Task<Response> stream_alerts(Call call) {
    Service& service = call.service;
    if (service.open_streams >= service.maximum_streams)
        co_return problem(503, "too many streams are open; poll /api/v1/alerts instead",
                          call.request.target);
    AlertsWanted wanted = parse_alerts_wanted(call.request.parsed, SearchRequest::What::page,
                                              service.dependencies.clock.now());
    if (!wanted.errors.empty()) co_return refuse_parameters(call, wanted);
    std::int64_t after = 0;
    if (const std::string& last = call.request.last_event_id; !last.empty()) {
        const auto parsed = parse_number<std::int64_t>(last);
        if (!parsed || *parsed < 0)
            co_return problem(400, "Last-Event-ID is not one of ours", call.request.target);
        after = *parsed;
    } else {
        const auto find = [&] { return newest_sequence(service.dependencies.alerts); };
        const auto newest = co_await run_on(service.dependencies.store, find);
        if (!newest) co_return store_problem(call, newest.error());
        after = *newest;
    }
    const auto tail = std::make_shared<AlertTail>(service, std::move(wanted.request.where), after);
    Response response{.type = "text/event-stream"};
    response.stream = [tail] { return tail->next(); };
    co_return response;
}

}  // namespace kentongan::api
