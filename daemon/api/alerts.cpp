// GET /api/v1/alerts, /api/v1/alerts/{id} and /api/v1/alerts/stream.
#include "daemon/api/alert_parameters.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::size_t kBodyCap = std::size_t{4} << 20;

struct PageBody {
    std::string text;
    std::string next_cursor;
};

/// At least one alert, then as many as fit the cap; the cursor goes on after the last one.
PageBody page_body(const AlertPage& page, bool newest_first) {
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
    out.text += next ? fmt::format("],\"next_cursor\":\"{}\"}}", out.next_cursor)
                     : std::string{"],\"next_cursor\":null}"};
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

/// One client's place in the sequence. Reads the store at the client's own pace, so a slow client
/// costs no memory and loses nothing; the write deadline ends one that has stopped reading.
class AlertTail {
  public:
    AlertTail(Service& service, std::int64_t after) : service_(service), after_(after) {
        ++service_.open_streams;
    }
    ~AlertTail() { --service_.open_streams; }
    AlertTail(const AlertTail&) = delete;
    AlertTail& operator=(const AlertTail&) = delete;

    Task<std::optional<std::string>> next() {
        if (!greeted_) {
            greeted_ = true;
            co_return "retry: 2000\n\n";
        }
        for (int second = 0; second < kHeartbeatSeconds; ++second) {
            const auto find = [this] {
                return service_.dependencies.alerts.find(oldest(), after_);
            };
            const auto page = co_await run_on(service_.dependencies.store, find);
            if (!page) co_return std::nullopt;  // the client comes back with Last-Event-ID
            if (!page->alerts.empty()) co_return events(*page);
            co_await sleep_for(std::chrono::seconds{1});
        }
        co_return ": heartbeat\n\n";
    }

  private:
    static constexpr int kHeartbeatSeconds = 15;

    static AlertQuery oldest() {
        AlertQuery query;
        query.newest_first = false;
        return query;
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

    Service& service_;
    std::int64_t after_;
    bool greeted_ = false;
};

}  // namespace

Task<Response> list_alerts(Call call) {
    const AlertsWanted wanted = parse_alerts_wanted(call.request.parsed);
    if (!wanted.errors.empty())
        co_return problem(400, "some parameters are refused", call.request.target, wanted.errors);
    const auto find = [&] {
        return call.service.dependencies.alerts.find(wanted.query, wanted.after);
    };
    const auto page = co_await run_on(call.service.dependencies.store, find);
    if (!page) co_return store_problem(call, page.error());
    PageBody body = page_body(*page, wanted.query.newest_first);
    Response response = json_answer(call, std::move(body.text));
    if (!body.next_cursor.empty())
        response.headers.emplace_back("Link", next_link(call.request.target, body.next_cursor));
    co_return response;
}

Task<Response> show_alert(Call call) {
    const std::string id = call.path.at("id");
    const auto get = [&] { return call.service.dependencies.alerts.get(id); };
    const auto found = co_await run_on(call.service.dependencies.store, get);
    if (!found) co_return store_problem(call, found.error());
    if (!*found) co_return problem(404, "no alert has this id", call.request.target);
    co_return json_answer(call, (*found)->json);
}

Task<Response> stream_alerts(Call call) {
    Service& service = call.service;
    if (service.open_streams >= service.maximum_streams)
        co_return problem(503, "too many streams are open; poll /api/v1/alerts instead",
                          call.request.target);
    std::int64_t after = 0;
    if (const std::string& last = call.request.last_event_id; !last.empty()) {
        const auto parsed = parse_number<std::int64_t>(last);
        if (!parsed || *parsed < 0)
            co_return problem(400, "Last-Event-ID is not one of ours", call.request.target);
        after = *parsed;
    } else {
        AlertQuery newest;
        newest.limit = 1;
        const auto find = [&] { return service.dependencies.alerts.find(newest, std::nullopt); };
        const auto page = co_await run_on(service.dependencies.store, find);
        if (!page) co_return store_problem(call, page.error());
        if (!page->alerts.empty()) after = page->alerts.front().sequence;
    }
    const auto tail = std::make_shared<AlertTail>(service, after);
    Response response{.type = "text/event-stream"};
    response.stream = [tail] { return tail->next(); };
    co_return response;
}

}  // namespace kentongan::api
