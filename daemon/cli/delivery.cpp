// kentongan delivery list | retry: what each agency has got, and what it still waits for.
#include <boost/json.hpp>

#include "daemon/cli/api_client.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return "-";
    return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

Result<ApiClient> client_of(const Common& common) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    return ApiClient::from(loaded->config);
}

Result<int> list(const Common& common, const Output& out) {
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/api/v1/deliveries");
    if (!answer) return std::unexpected(answer.error());
    const auto& deliveries = answer->at("deliveries").as_array();
    if (out.format == OutputFormat::json) {
        out.object(*answer);
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : deliveries) {
        if (out.format == OutputFormat::ndjson) {
            out.object(item);
            continue;
        }
        std::vector<std::string> row;
        for (const auto* name : {"destination", "delivered", "pending", "dead", "oldest_pending",
                                 "last_delivered", "last_error"})
            row.push_back(cell(text_of(item.as_object(), name), 48));
        rows.push_back(std::move(row));
    }
    if (out.format == OutputFormat::human)
        out.table({"AGENCY", "DELIVERED", "WAITING", "DEAD", "OLDEST WAITING", "LAST DELIVERED",
                   "LAST ERROR"},
                  rows);
    return 0;
}

Result<int> retry(const Common& common, const std::string& agency, const Output& out) {
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->post("/api/v1/deliveries/" + agency + ":retry");
    if (!answer) return std::unexpected(answer.error());
    out.object(*answer);
    return 0;
}

}  // namespace

void add_delivery(CLI::App& app, Common& common, Action& action) {
    CLI::App* command = app.add_subcommand("delivery", "what each agency has got");
    command->require_subcommand(1);
    CLI::App* listing = add_subcommand(*command, common, "list", "state of every agency's queue",
                                       "kentongan delivery list -o json");
    listing->callback([&] { action = [&](const Output& out) { return list(common, out); }; });
    static std::string agency;
    CLI::App* retrying =
        add_subcommand(*command, common, "retry", "put an agency's dead messages back in its queue",
                       "kentongan delivery retry bssn");
    retrying->add_option("agency", agency, "name of the [delivery.NAME] table")->required();
    retrying->callback(
        [&] { action = [&](const Output& out) { return retry(common, agency, out); }; });
}

}  // namespace kentongan::cli
