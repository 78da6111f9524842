// kentongan status: is it alive, what comes in, what goes out, at a glance.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/cli/api_client.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

/// Each member of the status object is a section: an object of values, or an array of rows.
void print_section(const Output& out, std::string_view name, const json::value& section) {
    const std::size_t width = out.columns < 60 ? 120 : out.columns;
    fmt::print("{}\n", out.bold(name));
    if (section.is_array()) {
        if (section.as_array().empty()) {
            fmt::print("  none\n\n");
            return;
        }
        if (!section.as_array()[0].is_object()) {
            for (const auto& item : section.as_array()) fmt::print("  {}\n", plain(item, 110));
            fmt::print("\n");
            return;
        }
        std::vector<std::string> heads;
        for (const auto& [key, value] : section.as_array()[0].as_object()) heads.emplace_back(key);
        std::vector<std::vector<std::string>> rows;
        for (const auto& item : section.as_array()) {
            std::vector<std::string> row;
            for (const auto& head : heads) {
                const auto* value = item.as_object().if_contains(head);
                row.push_back(value == nullptr ? "-" : plain(*value, 48));
            }
            rows.push_back(std::move(row));
        }
        out.table(heads, rows);
    } else {
        for (const auto& [key, value] : section.as_object())
            fmt::print("  {:<22} {}\n", std::string_view(key), plain(value, width - 26));
    }
    fmt::print("\n");
}

Result<int> status(const Common& common, const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto client = ApiClient::from(loaded->config);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/api/v1/status");
    if (!answer) return std::unexpected(answer.error());
    if (out.format != OutputFormat::human) {
        out.object(*answer);
        return 0;
    }
    for (const auto& [name, value] : answer->as_object())
        if (!value.is_array() && !value.is_object())
            fmt::print("{:<14} {}\n", out.bold(name), plain(value));
    fmt::print("\n");
    for (const auto& [name, section] : answer->as_object())
        if (section.is_array() || section.is_object()) print_section(out, name, section);
    return 0;
}

}  // namespace

void add_status(CLI::App& app, Common& common, Action& action) {
    CLI::App* command =
        add_subcommand(app, common, "status", "the running daemon at a glance", "kentongan status");
    command->callback([&] { action = [&](const Output& out) { return status(common, out); }; });
}

}  // namespace kentongan::cli
