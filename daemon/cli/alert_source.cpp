#include "daemon/cli/alert_source.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "daemon/cli/api_client.hpp"
#include "daemon/pipeline/assembly.hpp"
#include "daemon/pipeline/kept_packets.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

class OnlineAlerts final : public AlertSource {
  public:
    explicit OnlineAlerts(ApiClient client) : client_(std::move(client)) {}

    Result<std::vector<json::value>> list(const AlertFilter& filter) override {
        std::vector<json::value> out;
        std::string cursor;
        do {
            const auto page = client_.get(target(filter, out.size(), cursor));
            if (!page) return std::unexpected(page.error());
            for (const auto& alert : page->at("alerts").as_array()) out.push_back(alert);
            const auto* next = page->as_object().if_contains("next_cursor");
            cursor = next != nullptr && next->is_string() ? std::string(next->as_string()) : "";
        } while (!cursor.empty() && out.size() < filter.limit);
        return out;
    }

    Result<json::value> show(const std::string& id) override {
        return client_.get("/api/v1/alerts/" + id);
    }

    Result<std::string> packets(const std::string& id) override {
        return client_.get_body("/api/v1/alerts/" + id + "/packets");
    }

  private:
    static std::string target(const AlertFilter& filter, std::size_t have,
                              const std::string& cursor) {
        const AlertQuery& query = filter.query;
        std::string out = "/api/v1/alerts";
        add_parameter(out, "limit",
                      std::to_string(std::min<std::size_t>(filter.limit - have, 1000)));
        add_parameter(out, "cursor", cursor);
        if (query.at_least) add_parameter(out, "severity", name_of(*query.at_least));
        add_parameter(out, "ruleset", query.ruleset);
        add_parameter(out, "rule", query.rule_id);
        add_parameter(out, "agency", query.agency);
        if (query.since) add_parameter(out, "since", to_rfc3339(*query.since));
        if (query.until) add_parameter(out, "until", to_rfc3339(*query.until));
        if (!query.newest_first) add_parameter(out, "order", "oldest");
        return out;
    }

    ApiClient client_;
};

class OfflineAlerts final : public AlertSource {
  public:
    OfflineAlerts(std::unique_ptr<SqliteAlertStore> store,
                  std::vector<std::filesystem::path> packets)
        : store_(std::move(store)), packets_(std::move(packets)) {}

    Result<std::vector<json::value>> list(const AlertFilter& filter) override {
        std::vector<json::value> out;
        std::optional<std::int64_t> after;
        do {
            AlertQuery query = filter.query;
            query.limit = std::min<std::size_t>(filter.limit - out.size(), 1000);
            auto page = store_->find(query, after);
            if (!page) return std::unexpected(page.error());
            for (const auto& alert : page->alerts) out.push_back(json::parse(alert.json));
            after = page->next;
        } while (after && out.size() < filter.limit);
        return out;
    }

    Result<json::value> show(const std::string& id) override {
        auto found = store_->get(id);
        if (!found) return std::unexpected(found.error());
        if (!*found) return fail(ErrorCode::no_input, "no alert has the id {}", id);
        return json::parse((*found)->json);
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
    std::unique_ptr<SqliteAlertStore> store_;
    std::vector<std::filesystem::path> packets_;  // folders of rolling captures
};

Result<std::unique_ptr<AlertSource>> open_offline(const Config& config, const std::string& path) {
    auto store = SqliteAlertStore::open(path, SqliteAlertStore::Mode::read_only);
    if (!store) return std::unexpected(store.error());
    return std::make_unique<OfflineAlerts>(std::move(*store), ring_folders(config));
}

}  // namespace

std::string database_path(const Config& config) {
    if (!config.store.path.empty()) return config.store.path;
    return (std::filesystem::path(config.daemon.state_directory) / "alerts.db").native();
}

Result<std::unique_ptr<AlertSource>> open_alerts(const Config& config,
                                                 const std::string& database) {
    if (!database.empty()) return open_offline(config, database);
    auto client = ApiClient::from(config);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/-/healthy");
    if (answer || answer.error().code != ErrorCode::unavailable)
        return std::make_unique<OnlineAlerts>(std::move(*client));
    auto offline = open_offline(config, database_path(config));
    if (offline) return offline;
    return fail(offline.error().code, "{}; and offline: {}", answer.error().message,
                offline.error().message);
}

}  // namespace kentongan::cli
