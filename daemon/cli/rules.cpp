// kentongan rules check | test: what can be loaded, and whether each rule does what its samples say.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "daemon/alert/routing.hpp"
#include "daemon/base/file.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/detect/loaded_rules.hpp"
#include "daemon/detect/sigma/samples.hpp"
#include "daemon/detect/yara/samples.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

bool is_routing(const fs::path& path) {
    return path.extension() == ".toml" && path.parent_path().filename() == "routing";
}

/// Routing files below a path are rules too: a wrong one keeps the daemon from starting.
void check_routing(const fs::path& path, std::vector<RuleStatus>& out) {
    std::vector<fs::path> files;
    std::error_code failed;
    if (fs::is_regular_file(path, failed) && is_routing(path)) files.push_back(path);
    if (fs::is_directory(path, failed))
        for (const auto& entry : fs::recursive_directory_iterator(path, failed))
            if (entry.is_regular_file() && is_routing(entry.path())) files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files) {
        RuleStatus row{file.native(), "routing", file.stem().native(), RuleStatus::State::ok, ""};
        const auto text = read_file(file, std::size_t{1} << 20);
        const auto routing = text ? Routing::parse(*text, file.native())
                                  : Result<Routing>{std::unexpected(text.error())};
        if (!routing) {
            row.state = RuleStatus::State::failed;
            row.reason = routing.error().message;
        }
        out.push_back(std::move(row));
    }
}

json::object to_json(const RuleStatus& row) {
    return {{"file", row.file},
            {"engine", row.engine},
            {"rule", row.rule},
            {"status", name_of(row.state)},
            {"reason", row.reason}};
}

void print_rows(const std::vector<RuleStatus>& rows, const Output& out) {
    json::array all;
    std::vector<std::vector<std::string>> table;
    for (const RuleStatus& row : rows) {
        if (out.format == OutputFormat::json) all.push_back(to_json(row));
        if (out.format == OutputFormat::ndjson) out.object(to_json(row));
        if (out.format == OutputFormat::human)
            table.push_back({std::string(name_of(row.state)), row.engine, cell(row.rule, 48),
                             cell(row.file, 64), cell(row.reason, 96)});
    }
    if (out.format == OutputFormat::json) out.object(all);
    if (out.format == OutputFormat::human)
        out.table({"STATUS", "ENGINE", "RULE", "FILE", "REASON"}, table);
}

std::vector<fs::path> paths_of(const Common& common, const std::vector<std::string>& given,
                               Result<>& outcome) {
    if (!given.empty()) return {given.begin(), given.end()};
    const auto loaded = load_settings(common, false);
    if (!loaded) {
        outcome = std::unexpected(loaded.error());
        return {};
    }
    const auto rules = rule_settings(loaded->config, {});
    return {rules.paths.begin(), rules.paths.end()};
}

Result<int> check(const Common& common, const std::vector<std::string>& given, const Output& out) {
    Result<> outcome;
    const auto paths = paths_of(common, given, outcome);
    if (!outcome) return std::unexpected(outcome.error());
    std::vector<RuleStatus> rows;
    const auto loaded = LoadedRules::load(paths, rows);
    if (!loaded) return std::unexpected(loaded.error());
    for (const auto& path : paths) check_routing(path, rows);
    if (rows.empty())
        return fail(ErrorCode::no_input, "no rule files below {}", paths.front().native());
    print_rows(rows, out);
    const auto bad = std::ranges::count_if(
        rows, [](const auto& row) { return row.state != RuleStatus::State::ok; });
    if (out.format == OutputFormat::human)
        fmt::print("{} rules, {} not ok\n", rows.size(), bad);
    return bad == 0 ? 0 : static_cast<int>(ErrorCode::data);
}

template <class Sample>
json::object to_json(std::string_view engine, const Sample& sample) {
    return {{"engine", engine},       {"file", sample.file},
            {"rule", sample.rule},    {"sample", sample.sample},
            {"must_fire", sample.must_fire}, {"ok", sample.ok},
            {"reason", sample.reason}};
}

Result<int> test(const Common& common, const std::string& path, const Output& out) {
    Result<> outcome;
    const auto paths = paths_of(
        common, path.empty() ? std::vector<std::string>{} : std::vector{path}, outcome);
    if (!outcome) return std::unexpected(outcome.error());
    json::array results;
    for (const auto& sample : sigma::test_samples(paths))
        results.push_back(to_json("sigma", sample));
    for (const auto& sample : yara::test_samples(paths))
        results.push_back(to_json("yara", sample));
    if (results.empty())
        return fail(ErrorCode::no_input, "no rules below {}", paths.front().native());
    std::vector<std::vector<std::string>> rows;
    std::size_t bad = 0;
    for (const auto& item : results) {
        const auto& result = item.as_object();
        const bool ok = result.at("ok").as_bool();
        bad += ok ? 0 : 1;
        if (out.format == OutputFormat::ndjson) out.object(item);
        rows.push_back({ok ? "ok" : "FAILED", std::string(result.at("engine").as_string()),
                        cell(result.at("rule").as_string(), 40),
                        result.at("must_fire").as_bool() ? "fires" : "silent",
                        cell(result.at("sample").as_string(), 72),
                        cell(result.at("reason").as_string(), 72)});
    }
    if (out.format == OutputFormat::json) out.object(results);
    if (out.format == OutputFormat::human) {
        out.table({"RESULT", "ENGINE", "RULE", "MUST BE", "SAMPLE", "REASON"}, rows);
        fmt::print("{} samples, {} failed\n", results.size(), bad);
    }
    return bad == 0 ? 0 : static_cast<int>(ErrorCode::data);
}

}  // namespace

void add_rules(CLI::App& app, Common& common, Action& action) {
    static std::vector<std::string> paths;
    static std::string path;
    CLI::App* command = app.add_subcommand("rules", "check rules, or run their samples");
    command->require_subcommand(1);
    CLI::App* checking = add_subcommand(
        *command, common, "check", "load rules and say what became of each; 65 unless all are ok",
        "kentongan rules check rules/ -o json");
    checking->add_option("path", paths, "rule files or folders")->required();
    checking->callback(
        [&] { action = [&](const Output& out) { return check(common, paths, out); }; });
    CLI::App* testing = add_subcommand(
        *command, common, "test", "run each rule's firing and silent samples",
        "kentongan rules test rules/");
    testing->add_option("path", path, "rule file or folder; default: the rules of the settings");
    testing->callback(
        [&] { action = [&](const Output& out) { return test(common, path, out); }; });
}

}  // namespace kentongan::cli
