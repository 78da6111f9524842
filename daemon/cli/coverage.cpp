// kentongan coverage: how many TPS have uploaded, by area, and how many will have in time.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/api_client.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/detect/sirekap/area_words.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"
#include "daemon/pipeline/assembly.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

struct Asked {
    std::string at;
    std::string area;
    std::string database;
};

constexpr std::size_t kBarCells = 12;

Result<std::optional<Timestamp>> time_of(const std::string& text) {
    if (text.empty()) return std::optional<Timestamp>{};
    if (const auto time = parse_rfc3339(text)) return time;
    return fail(ErrorCode::usage, "--at {}: give a time such as 2024-11-27T18:00:00+07:00", text);
}

Result<json::value> online(const ApiClient& client, const Asked& asked) {
    std::string target = "/api/v1/coverage";
    add_parameter(target, "area", asked.area);
    add_parameter(target, "at", asked.at);
    return client.get(target);
}

/// What the daemon kept in its database, with the register of the settings.
Result<json::value> offline(const Config& config, const Asked& asked, std::optional<Timestamp> at) {
    if (config.sirekap.register_file.empty())
        return fail(ErrorCode::config, "there is no register of TPS: set sirekap.register");
    const auto election = election_of(config.sirekap);
    if (!election) return std::unexpected(election.error());
    auto list = sirekap::Register::load(config.sirekap.register_file);
    if (!list) return std::unexpected(list.error());
    const std::string path = asked.database.empty() ? database_path(config) : asked.database;
    const auto store = SqliteAlertStore::open(path, SqliteAlertStore::Mode::read_only);
    if (!store) return std::unexpected(store.error());
    const auto kept = (*store)->bookmarks();
    if (!kept) return std::unexpected(kept.error());
    sirekap::Coverage coverage{std::make_shared<const sirekap::Register>(std::move(*list)),
                               election->pages};
    if (auto restored = restore_coverage(*kept, coverage); !restored)
        return std::unexpected(restored.error().within(path));
    const auto report = sirekap::coverage_report(coverage, *election, asked.area, at);
    if (!report) return fail(ErrorCode::no_input, "the register has no area {}", asked.area);
    return json::value(sirekap::to_json(*report));
}

Result<json::value> ask(const Config& config, const Asked& asked, std::optional<Timestamp> at) {
    if (!asked.database.empty()) return offline(config, asked, at);
    const auto client = ApiClient::from(config);
    if (!client) return std::unexpected(client.error());
    auto answer = online(*client, asked);
    if (answer || answer.error().code != ErrorCode::unavailable) return answer;
    auto saved = offline(config, asked, at);
    if (saved) return saved;
    return fail(saved.error().code, "{}; and offline: {}", answer.error().message,
                saved.error().message);
}

double number_at(const json::value& row, std::string_view pointer) {
    boost::system::error_code missing;
    const auto* value = row.find_pointer(pointer, missing);
    return value != nullptr && value->is_number() ? value->to_number<double>() : -1;
}
std::string text_at(const json::value& row, std::string_view pointer) {
    boost::system::error_code missing;
    const auto* value = row.find_pointer(pointer, missing);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

std::string right(std::string text, std::size_t width) {
    const std::size_t have = width_of(text);
    return have < width ? std::string(width - have, ' ') + text : text;
}

/// Filled up to what has arrived, light up to the forecast.
std::string bar(double percent, double later) {
    std::string out;
    for (std::size_t i = 0; i < kBarCells; ++i) {
        const double middle = (static_cast<double>(i) + 0.5) * 100 / kBarCells;
        out += middle <= percent ? "█" : middle <= later ? "▒" : "·";
    }
    return out;
}

std::string forecast_words(const json::value& row) {
    const double percent = number_at(row, "/forecast/percent");
    if (percent < 0) return "-";
    return fmt::format("{:5.1f} % ({:.0f}–{:.0f})", percent, number_at(row, "/forecast/low"),
                       number_at(row, "/forecast/high"));
}

std::string flag_words(const json::value& row, const Output& out) {
    const std::string flag = text_at(row, "/flag");
    if (!out.colour || flag.empty()) return flag;
    return fmt::format("\x1b[{}m{}\x1b[0m",
                       flag == "complete" ? 32
                       : flag == "missed" ? 91
                                          : 33,
                       flag);
}

std::vector<std::string> row_of(const json::value& row, const Output& out) {
    const double percent = number_at(row, "/percent");
    const double rate = number_at(row, "/rate_per_hour");
    const std::string code = text_at(row, "/area");
    return {code.empty() ? "all" : code,
            cell(text_at(row, "/name"), 30),
            right(fmt::format("{:.0f}/{:.0f}", number_at(row, "/received"),
                              number_at(row, "/expected")),
                  13),
            right(fmt::format("{:.1f} %", percent), 7),
            bar(percent, number_at(row, "/forecast/percent")),
            right(rate < 0 ? "-" : fmt::format("{:.0f}", rate), 6),
            forecast_words(row),
            right(fmt::format("{:.0f} %", number_at(row, "/target/percent")), 6),
            flag_words(row, out)};
}

void print(const json::value& report, const Output& out) {
    const std::string code = text_at(report, "/whole/area");
    const auto time = parse_rfc3339(text_at(report, "/time")).value_or(Timestamp{});
    const auto target = parse_rfc3339(text_at(report, "/whole/target/time")).value_or(Timestamp{});
    fmt::print("{} at {}; forecast for {}\n\n", out.bold("Uploads"),
               sirekap::local_words(time, code, true), sirekap::local_words(target, code, true));
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : report.at("areas").as_array()) rows.push_back(row_of(row, out));
    rows.push_back(row_of(report.at("whole"), out));
    for (std::string& text : rows.back()) text = text.empty() ? text : out.bold(text);
    out.table({"AREA", "NAME", right("RECEIVED", 13), right("%", 7), "", right("PER H", 6),
               "FORECAST (BAND)", right("TARGET", 6), "FLAG"},
              rows);
}

Result<int> coverage(const Common& common, const Asked& asked, const Output& out) {
    const auto at = time_of(asked.at);
    if (!at) return std::unexpected(at.error());
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto report = ask(loaded->config, asked, *at);
    if (!report) return std::unexpected(report.error());
    if (out.format == OutputFormat::json) {
        out.object(*report);
    } else if (out.format == OutputFormat::ndjson) {
        for (const auto& row : report->at("areas").as_array()) out.object(row);
        out.object(report->at("whole"));
    } else {
        print(*report, out);
    }
    return 0;
}

}  // namespace

void add_coverage(CLI::App& app, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command =
        add_subcommand(app, common, "coverage", "uploads by area: received, rate, forecast, risk",
                       "kentongan coverage --area 3173 --at 2024-11-27T18:00:00+07:00");
    command->add_option("--at", asked.at,
                        "as it was at this time; or, when it is to come, the forecast for it");
    command->add_option("--area", asked.area, "the areas below this one: 2, 4, 6 or 10 digits");
    command->add_option("--db", asked.database, "read this database file instead of asking");
    command->callback(
        [&] { action = [&](const Output& out) { return coverage(common, asked, out); }; });
}

}  // namespace kentongan::cli
