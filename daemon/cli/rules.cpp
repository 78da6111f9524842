// kentongan rules check | test: what can be loaded, and whether each rule does what its samples
// say.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "collectors/log/read_text.hpp"
#include "daemon/alert/routing.hpp"
#include "daemon/base/file.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/detect/loaded_rules.hpp"
#include "daemon/detect/sample/rule_file.hpp"
#include "daemon/detect/sigma/samples.hpp"
#include "daemon/detect/yara/samples.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// The .toml files below the paths: routing files, and the files of built-in rules.
std::vector<fs::path> toml_files(const std::vector<fs::path>& paths) {
    std::vector<fs::path> out;
    std::error_code failed;
    for (const auto& path : paths) {
        if (path.extension() == ".toml") out.push_back(path);
        if (!fs::is_directory(path, failed)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(path, failed))
            if (entry.is_regular_file() && entry.path().extension() == ".toml")
                out.push_back(entry.path());
    }
    std::ranges::sort(out);
    return out;
}

bool is_routing(const fs::path& file) { return file.parent_path().filename() == "routing"; }
bool is_placeholders(const fs::path& file) { return file.filename() == "placeholders.toml"; }

/// A wrong routing file keeps the daemon from starting, so it is checked like a rule.
RuleStatus check_toml(const fs::path& file) {
    const auto text = read_file(file, std::size_t{1} << 20);
    RuleStatus row{file.native(), is_placeholders(file) ? "sigma" : "routing", file.stem().native(),
                   RuleStatus::State::ok, ""};
    if (text && !is_routing(file) && !is_placeholders(file))
        return check_rule_file(*text, file.native());
    if (!text) {
        row.reason = text.error().message;
    } else if (is_placeholders(file)) {
        if (const auto lists = sigma::Placeholders::parse(*text, file.native()); !lists)
            row.reason = lists.error().message;
    } else if (const auto routing = Routing::parse(*text, file.native()); !routing) {
        row.reason = routing.error().message;
    }
    if (!row.reason.empty()) row.state = RuleStatus::State::failed;
    return row;
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
    auto options = sigma_options(common);
    if (!options) return std::unexpected(options.error());
    options->cache = user_cache_folder();
    const auto loaded = LoadedRules::load(paths, rows, {}, *options);
    if (!loaded) return std::unexpected(loaded.error());
    (*loaded)->compile_all();
    for (const auto& file : toml_files(paths)) rows.push_back(check_toml(file));
    if (rows.empty())
        return fail(ErrorCode::no_input, "no rule files below {}", paths.front().native());
    print_rows(rows, out);
    const auto bad = std::ranges::count_if(
        rows, [](const auto& row) { return row.state != RuleStatus::State::ok; });
    if (out.format == OutputFormat::human) fmt::print("{} rules, {} not ok\n", rows.size(), bad);
    return bad == 0 ? 0 : static_cast<int>(ErrorCode::data);
}

/// One sample of any engine.
struct SampleRow {
    std::string_view engine;
    std::string file;
    std::string rule;
    std::string sample;
    bool ok = false;
    std::string reason;
};

void run_toml_samples(const std::vector<fs::path>& paths, std::vector<SampleRow>& out) {
    for (const auto& file : toml_files(paths)) {
        if (is_routing(file) || is_placeholders(file)) continue;
        const auto text = read_file(file, std::size_t{1} << 20);
        const auto rule = text ? RuleFile::parse(*text, file.native())
                               : Result<RuleFile>{std::unexpected(text.error())};
        const auto samples =
            rule ? rule->run_samples()
                 : Result<std::vector<RuleFile::SampleResult>>{std::unexpected(rule.error())};
        if (!samples) {
            out.push_back({"built-in", file.native(), "", "", false, samples.error().message});
            continue;
        }
        for (const auto& sample : *samples)
            out.push_back({name_of(rule->rule()->ruleset), file.native(), rule->rule()->name,
                           sample.name, sample.passed(),
                           sample.passed()      ? ""
                           : sample.should_fire ? "did not fire"
                                                : "fired"});
    }
}

Result<std::vector<SampleRow>> run_samples(const std::vector<fs::path>& paths,
                                           const sigma::LoadOptions& options) {
    const auto reader = [](std::string_view format, std::string_view text,
                           std::string_view source) {
        return log::read_text(format, text, source);
    };
    std::vector<SampleRow> out;
    auto for_sigma = paths;
    std::erase_if(for_sigma, [](const fs::path& path) {
        return path.extension() == ".toml" || path.extension() == ".yar" ||
               path.extension() == ".yara";
    });
    for (auto& sample : sigma::test_samples(for_sigma, reader, options))
        out.push_back({"sigma", sample.file, sample.rule, sample.sample, sample.ok, sample.reason});
    for (const auto& path : paths) {
        const auto ending = path.extension();
        if (!ending.empty() && ending != ".yar" && ending != ".yara") continue;
        auto samples = yara::test_samples(path);
        if (!samples) return std::unexpected(samples.error());
        for (auto& sample : *samples)
            out.push_back(
                {"yara", sample.file, sample.rule, sample.sample, sample.passed, sample.reason});
    }
    run_toml_samples(paths, out);
    return out;
}

void print_samples(const std::vector<SampleRow>& samples, const Output& out) {
    json::array all;
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : samples) {
        json::object object{{"engine", row.engine}, {"file", row.file}, {"rule", row.rule},
                            {"sample", row.sample}, {"ok", row.ok},     {"reason", row.reason}};
        if (out.format == OutputFormat::ndjson) out.object(object);
        if (out.format == OutputFormat::json) all.push_back(std::move(object));
        rows.push_back({row.ok ? "ok" : "FAILED", std::string(row.engine), cell(row.rule, 40),
                        cell(row.sample, 72), cell(row.reason, 72)});
    }
    if (out.format == OutputFormat::json) out.object(all);
    if (out.format == OutputFormat::human)
        out.table({"RESULT", "ENGINE", "RULE", "SAMPLE", "REASON"}, rows);
}

Result<int> test(const Common& common, const std::string& path, const Output& out) {
    Result<> outcome;
    const auto paths =
        paths_of(common, path.empty() ? std::vector<std::string>{} : std::vector{path}, outcome);
    if (!outcome) return std::unexpected(outcome.error());
    const auto options = sigma_options(common);
    if (!options) return std::unexpected(options.error());
    const auto samples = run_samples(paths, *options);
    if (!samples) return std::unexpected(samples.error());
    if (samples->empty())
        return fail(ErrorCode::no_input, "no rules below {}", paths.front().native());
    print_samples(*samples, out);
    const auto bad = std::ranges::count_if(*samples, [](const auto& row) { return !row.ok; });
    if (out.format == OutputFormat::human)
        fmt::print("{} samples, {} failed\n", samples->size(), bad);
    return bad == 0 ? 0 : static_cast<int>(ErrorCode::data);
}

}  // namespace

void add_rules(CLI::App& app, Common& common, Action& action) {
    static std::vector<std::string> paths;
    static std::string path;
    CLI::App* command = app.add_subcommand(
        "rules", "check rules, run their samples, try a filter, or see which are noisy");
    command->require_subcommand(1);
    CLI::App* checking = add_subcommand(
        *command, common, "check", "load rules and say what became of each; 65 unless all are ok",
        "kentongan rules check rules/ -o json");
    checking->add_option("path", paths, "rule files or folders")->required();
    checking->callback(
        [&] { action = [&](const Output& out) { return check(common, paths, out); }; });
    CLI::App* testing =
        add_subcommand(*command, common, "test", "run each rule's firing and silent samples",
                       "kentongan rules test rules/");
    testing->add_option("path", path, "rule file or folder; default: the rules of the settings");
    testing->callback([&] { action = [&](const Output& out) { return test(common, path, out); }; });
    add_rules_filter(*command, common, action);
    add_rules_noise(*command, common, action);
}

}  // namespace kentongan::cli
