// kentongan rules noise: which rules cost people most, and what to do about them.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/api_client.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/cli/time_option.hpp"
#include "daemon/store/noise.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

Result<json::value> offline(const std::string& path, Timestamp since, Timestamp now) {
    auto store = SqliteAlertStore::open(path, SqliteAlertStore::Mode::read_only);
    if (!store) return std::unexpected(store.error());
    const auto rules = (*store)->noise(since);
    if (!rules) return std::unexpected(rules.error());
    return json::value(noise_report(*rules, since, now));
}

/// The daemon's answer while it runs, else its database's.
Result<json::value> ask(const Config& config, const std::string& database, Timestamp since,
                        Timestamp now) {
    if (!database.empty()) return offline(database, since, now);
    const auto client = ApiClient::from(config);
    if (!client) return std::unexpected(client.error());
    std::string target = "/api/v1/rules/noise";
    add_parameter(target, "since", to_rfc3339(since));
    auto answer = client->get(target);
    if (answer || answer.error().code != ErrorCode::unavailable) return answer;
    auto stored = offline(database_path(config), since, now);
    if (stored) return stored;
    return fail(stored.error().code, "{}; and offline: {}", answer.error().message,
                stored.error().message);
}

std::string text(const json::object& row, std::string_view name) {
    const auto* value = row.if_contains(name);
    if (value == nullptr || value->is_null()) return "-";
    if (value->is_string()) return std::string(value->as_string());
    if (value->is_double()) return fmt::format("{:.1f}", value->as_double());
    return json::serialize(*value);
}

void print(const json::object& report, const Output& out) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : report.at("rules").as_array()) {
        const auto& row = item.as_object();
        const auto* share = row.if_contains("share");
        const bool known = share != nullptr && share->is_number();
        rows.push_back({text(row, "alerts"), text(row, "alerts_an_hour"), text(row, "closed"),
                        known ? fmt::format("{:.0f} %", 100 * share->to_number<double>()) : "-",
                        text(row, "budget"), cell(text(row, "rule"), 40),
                        cell(text(row, "suggestion"), 120)});
    }
    if (rows.empty())
        fmt::print("no alerts since {}\n", text(report, "since"));
    else
        out.table({"ALERTS", "AN HOUR", "CLOSED", "FALSE", "BUDGET", "RULE", "SUGGESTION"}, rows);
}

Result<int> noise(const Common& common, const std::string& asked, const std::string& database,
                  const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto since = time_of("--since", asked);
    if (!since) return std::unexpected(since.error());
    const Timestamp now = system_clock().now();
    const auto report =
        ask(loaded->config, database, since->value_or(now - std::chrono::hours{24}), now);
    if (!report) return std::unexpected(report.error());
    if (out.format == OutputFormat::json) out.object(*report);
    if (out.format == OutputFormat::ndjson)
        for (const auto& row : report->at("rules").as_array()) out.object(row);
    if (out.format == OutputFormat::human) print(report->as_object(), out);
    return 0;
}

}  // namespace

void add_rules_noise(CLI::App& rules, Common& common, Action& action) {
    static std::string since;
    static std::string database;
    CLI::App* command =
        add_subcommand(rules, common, "noise",
                       "alerts an hour of each rule, how many were false or benign, and what to do",
                       "kentongan rules noise --since 7d");
    command->add_option("--since", since, "a time, or so long ago such as 24h (the default)");
    command->add_option("--database", database, "read this file instead of asking the daemon");
    command->callback(
        [&] { action = [&](const Output& out) { return noise(common, since, database, out); }; });
}

}  // namespace kentongan::cli
