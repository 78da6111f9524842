#include "daemon/cli/evidence_export.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/api_client.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/pipeline/evidence_package.hpp"
#include "daemon/pipeline/history_settings.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan::cli {

namespace {

std::string login_name() {
    const passwd* entry = ::getpwuid(::getuid());
    return entry != nullptr ? entry->pw_name : fmt::format("uid {}", ::getuid());
}

Result<std::string> ask_daemon(const ApiClient& client, const ExportOrder& order) {
    std::string target = "/api/v1/evidence";
    for (const auto& id : order.ids) add_parameter(target, "id", id);
    add_parameter(target, "case", order.case_id);
    add_parameter(target, "why", order.why);
    add_parameter(target, "for", order.recipient);
    return client.post_body(target);
}

/// Without a daemon: out of the database, which also takes the entry that it was done; that entry
/// is published when the daemon runs again.
Result<std::string> pack_offline(const Config& config, const ExportOrder& order) {
    auto store = SqliteAlertStore::open(database_path(config), SqliteAlertStore::Mode::read_write);
    if (!store) return std::unexpected(store.error());
    auto alerts = stored_alerts(**store, **store, order.ids);
    if (!alerts) return std::unexpected(alerts.error());
    const auto keys = history_keys(config);
    if (!keys) return std::unexpected(keys.error());
    ledger::PackageRequest request;
    request.case_id = order.case_id;
    request.who = login_name();
    request.why = order.why;
    request.to = order.recipient;
    request.tool = "kentongan " KENTONGAN_VERSION;
    request.at = system_clock().now();
    request.clock = ledger::clock_state();
    request.alerts = std::move(*alerts);
    request.keys = public_keys_of(config, *keys);
    auto package =
        pack_evidence(request, history_folder(config), evidence_sources(config), keys->key);
    if (!package) return package;
    const CustodyRecord custody = custody_of(request, *package);
    if (auto noted = (*store)->append({custody.entry}, {custody.salt}); !noted)
        return std::unexpected(noted.error());
    return package;
}

}  // namespace

Result<int> export_evidence(const Common& common, const ExportOrder& order, const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto client = ApiClient::from(loaded->config);
    if (!client) return std::unexpected(client.error());
    auto package = ask_daemon(*client, order);
    if (!package && package.error().code == ErrorCode::unavailable)
        package = pack_offline(loaded->config, order);
    if (!package) return std::unexpected(package.error());
    if (auto written = replace_file(order.to, *package); !written)
        return std::unexpected(written.error());
    out.object({{"package", order.to},
                {"sha256", sha256_hex(*package)},
                {"bytes", package->size()},
                {"alerts", order.ids.size()}});
    return 0;
}

Result<int> hand_over_evidence(const Common& common, const HandoverRequest& asked,
                               const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto client = ApiClient::from(loaded->config);
    if (!client) return std::unexpected(client.error());
    const auto package = read_file(asked.file, 2 * ledger::kLargestArchive);
    if (!package) return std::unexpected(package.error());
    const auto files = ledger::read_archive(*package);
    if (!files) return std::unexpected(files.error().within(asked.file));
    boost::json::array alerts;
    for (const auto& [name, content] : *files) {
        constexpr std::string_view kFolder = "alerts/";
        constexpr std::string_view kFile = "/alert.json";
        if (!name.starts_with(kFolder) || !name.ends_with(kFile)) continue;
        alerts.emplace_back(
            name.substr(kFolder.size(), name.size() - kFolder.size() - kFile.size()));
    }
    const auto answer = client->post("/api/v1/evidence:handover",
                                     boost::json::object{{"package", sha256_hex(*package)},
                                                         {"alerts", std::move(alerts)},
                                                         {"to", asked.to},
                                                         {"why", asked.why}});
    if (!answer) return std::unexpected(answer.error());
    out.object(*answer);
    return 0;
}

Result<int> erase_evidence(const Common& common, const std::string& object,
                           const std::string& ground, const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto client = ApiClient::from(loaded->config);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->post_body(
        "/api/v1/evidence:erase",
        boost::json::serialize(boost::json::object{{"object", object}, {"ground", ground}}));
    if (!answer) return std::unexpected(answer.error());
    boost::system::error_code bad;
    const auto body = boost::json::parse(*answer, bad);
    if (bad) return fail(ErrorCode::data, "the daemon's answer is not JSON: {}", bad.message());
    out.object(body);
    return 0;
}

}  // namespace kentongan::cli
