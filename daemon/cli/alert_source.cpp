#include "daemon/cli/alert_source.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "daemon/cli/api_client.hpp"
#include "daemon/pipeline/assembly.hpp"
#include "daemon/pipeline/kept_packets.hpp"
#include "daemon/store/query/parse.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_triage.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

std::string text_of(const json::value& value, std::string_view name) {
    const auto* member = value.is_object() ? value.as_object().if_contains(name) : nullptr;
    return member != nullptr && member->is_string() ? std::string(member->as_string()) : "";
}
std::uint64_t number_of(const json::value& value, std::string_view name) {
    const auto* member = value.is_object() ? value.as_object().if_contains(name) : nullptr;
    return member != nullptr && member->is_number() ? member->to_number<std::uint64_t>() : 0;
}
json::array list_of(const json::value& value, std::string_view name) {
    const auto* member = value.is_object() ? value.as_object().if_contains(name) : nullptr;
    return member != nullptr && member->is_array() ? member->as_array() : json::array{};
}

class OnlineAlerts final : public AlertSource {
  public:
    explicit OnlineAlerts(ApiClient client) : client_(std::move(client)) {}

    Result<AlertList> list(const AlertFilter& filter) override {
        AlertList out;
        std::string cursor;
        do {
            const auto page = client_.get(target(filter, out.alerts.size(), cursor));
            if (!page) return std::unexpected(page.error());
            for (auto& alert : list_of(*page, "alerts")) out.alerts.push_back(std::move(alert));
            cursor = text_of(*page, "next_cursor");
            out.partial = text_of(*page, "reason");
            if (!out.partial.empty()) break;
        } while (!cursor.empty() && out.alerts.size() < filter.limit);
        return out;
    }

    Result<SearchAnswer> count(const std::string& query, query::Name by,
                               std::size_t groups) override {
        std::string target = "/api/v1/alerts/count";
        add_parameter(target, "q", query);
        add_parameter(target, "by", query::field(by).text);
        add_parameter(target, "limit", std::to_string(groups));
        const auto told = client_.get(target);
        if (!told) return std::unexpected(told.error());
        SearchAnswer out;
        out.total = number_of(*told, "total");
        out.groups.others = number_of(*told, "others");
        out.groups.without = number_of(*told, "without");
        for (const auto& group : list_of(*told, "groups"))
            out.groups.top.push_back({text_of(group, "value"), number_of(group, "count")});
        out.partial = text_of(*told, "reason");
        return out;
    }

    Result<SearchAnswer> histogram(const std::string& query, const std::string& interval) override {
        std::string target = "/api/v1/alerts/histogram";
        add_parameter(target, "q", query);
        add_parameter(target, "interval", interval);
        const auto told = client_.get(target);
        if (!told) return std::unexpected(told.error());
        SearchAnswer out;
        out.total = number_of(*told, "total");
        out.histogram.interval =
            query::parse_interval(text_of(*told, "interval")).value_or(Duration{});
        for (const auto& bar : list_of(*told, "bars"))
            out.histogram.bars.push_back(
                {parse_rfc3339(text_of(bar, "begin")).value_or(Timestamp{}),
                 number_of(bar, "count")});
        out.partial = text_of(*told, "reason");
        return out;
    }

    Result<std::vector<SavedSearch>> saved() override {
        const auto told = client_.get("/api/v1/searches");
        if (!told) return std::unexpected(told.error());
        std::vector<SavedSearch> out;
        for (const auto& one : list_of(*told, "searches"))
            out.push_back({text_of(one, "name"), text_of(one, "owner"), text_of(one, "query"),
                           parse_rfc3339(text_of(one, "updated")).value_or(Timestamp{})});
        return out;
    }

    Result<> save(const SavedSearch& search) override {
        const json::object body{{"query", search.query}, {"owner", search.owner}};
        return client_.put(path_of(search.name), json::serialize(body));
    }

    Result<> forget(const std::string& name) override { return client_.remove(path_of(name)); }

    Result<json::value> show(const std::string& id) override {
        return client_.get("/api/v1/alerts/" + id);
    }

    Result<std::string> packets(const std::string& id) override {
        return client_.get_body("/api/v1/alerts/" + id + "/packets");
    }

  private:
    static std::string path_of(const std::string& name) {
        return "/api/v1/searches/" + percent_encoded(name);
    }
    static std::string target(const AlertFilter& filter, std::size_t have,
                              const std::string& cursor) {
        std::string out = "/api/v1/alerts";
        add_parameter(out, "limit",
                      std::to_string(std::min<std::size_t>(filter.limit - have, 1000)));
        add_parameter(out, "cursor", cursor);
        add_parameter(out, "q", filter.query);
        if (!filter.newest_first) add_parameter(out, "order", "oldest");
        return out;
    }

    ApiClient client_;
};

class OfflineAlerts final : public AlertSource {
  public:
    OfflineAlerts(std::unique_ptr<SqliteAlertStore> store,
                  std::vector<std::filesystem::path> packets)
        : store_(std::move(store)), packets_(std::move(packets)) {}

    Result<AlertList> list(const AlertFilter& filter) override {
        AlertList out;
        auto request = request_of(filter.query);
        if (!request) return std::unexpected(request.error());
        request->newest_first = filter.newest_first;
        do {
            request->limit = std::min<std::size_t>(filter.limit - out.alerts.size(), 1000);
            auto answer = answer_of(*store_, *request);
            if (!answer) return std::unexpected(answer.error());
            for (const auto& alert : answer->page.alerts) {
                auto told = with_place(alert.json);
                if (!told) return std::unexpected(told.error());
                out.alerts.push_back(std::move(*told));
            }
            request->after = answer->page.next;
        } while (request->after && out.alerts.size() < filter.limit);
        return out;
    }

    Result<SearchAnswer> count(const std::string& query, query::Name by,
                               std::size_t groups) override {
        auto request = request_of(query);
        if (!request) return std::unexpected(request.error());
        request->what = SearchRequest::What::count;
        request->by = by;
        request->groups = groups;
        return answer_of(*store_, *request);
    }

    Result<SearchAnswer> histogram(const std::string& query, const std::string& interval) override {
        auto request = request_of(query);
        if (!request) return std::unexpected(request.error());
        request->what = SearchRequest::What::histogram;
        request->interval = query::parse_interval(interval).value_or(Duration{});
        return answer_of(*store_, *request);
    }

    Result<std::vector<SavedSearch>> saved() override { return store_->saved_searches(); }
    Result<> save(const SavedSearch& search) override { return store_->save_search(search); }
    Result<> forget(const std::string& name) override {
        const auto gone = store_->forget_search(name);
        if (!gone) return std::unexpected(gone.error());
        if (!*gone) return fail(ErrorCode::no_input, "no search is saved as \"{}\"", name);
        return {};
    }

    Result<json::value> show(const std::string& id) override {
        auto found = store_->get(id);
        if (!found) return std::unexpected(found.error());
        if (!*found) return fail(ErrorCode::no_input, "no alert has the id {}", id);
        return with_place((*found)->json);
    }

    Result<std::string> packets(const std::string& id) override {
        const auto alert = show(id);
        if (!alert) return std::unexpected(alert.error());
        if (packets_.empty())
            return fail(ErrorCode::no_input, "no packet source of the settings has a ring_mib");
        auto found = packets_of_alert(packets_, json::serialize(*alert));
        if (!found) return std::unexpected(found.error());
        return std::move(found->pcapng);
    }

  private:
    /// Nobody else waits for this file, so all of an answer is asked for.
    static Result<SearchRequest> request_of(const std::string& text) {
        SearchRequest out;
        auto parsed = query::parse(text, system_clock().now());
        if (!parsed) return fail(ErrorCode::usage, "{}", query::pointed_out(text, parsed.error()));
        out.where = std::move(*parsed);
        out.patience = std::chrono::hours{1};
        return out;
    }

    /// As the API tells it.
    Result<json::value> with_place(std::string alert) {
        const auto place = triage_.place(id_in(alert));
        if (!place) return std::unexpected(place.error());
        if (*place) write_place(alert, **place);
        return json::parse(alert);
    }

    std::unique_ptr<SqliteAlertStore> store_;
    SqliteTriage triage_{*store_};
    std::vector<std::filesystem::path> packets_;  // folders of rolling captures
};

Result<std::unique_ptr<AlertSource>> open_offline(const Config& config, const std::string& path,
                                                  bool writing) {
    using Mode = SqliteAlertStore::Mode;
    auto store = SqliteAlertStore::open(path, writing ? Mode::read_write : Mode::read_only);
    if (!store) return std::unexpected(store.error());
    return std::make_unique<OfflineAlerts>(std::move(*store), ring_folders(config));
}

}  // namespace

std::string database_path(const Config& config) {
    if (!config.store.path.empty()) return config.store.path;
    return (std::filesystem::path(config.daemon.state_directory) / "alerts.db").native();
}

Result<std::unique_ptr<AlertSource>> open_alerts(const Config& config, const std::string& database,
                                                 bool writing) {
    if (!database.empty()) return open_offline(config, database, writing);
    auto client = ApiClient::from(config);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/-/healthy");
    if (answer || answer.error().code != ErrorCode::unavailable)
        return std::make_unique<OnlineAlerts>(std::move(*client));
    auto offline = open_offline(config, database_path(config), writing);
    if (offline) return offline;
    return fail(offline.error().code, "{}; and offline: {}", answer.error().message,
                offline.error().message);
}

}  // namespace kentongan::cli
