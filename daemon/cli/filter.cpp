// kentongan rules filter preview: try a Sigma filter on the stored alerts before it is in force.
#include <chrono>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/filter_preview.hpp"
#include "daemon/cli/filter_report.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/detect/sigma/rule_reader.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;

namespace {

struct Asked {
    std::string file;
    std::string database;
    std::vector<std::string> rules;
    int days = 7;
};

/// The titles of the filters in a file; an error when it holds none, or a broken one.
Result<std::vector<std::string>> filters_in(const std::string& file) {
    const auto text = read_file(file, sigma::kMaximumFileBytes);
    if (!text) return std::unexpected(text.error());
    std::vector<std::string> out;
    for (const auto& document : sigma::read_rules(*text)) {
        if (document.refusal.any() && !document.filter)
            return fail(ErrorCode::data, "{}: {}", file, document.refusal.reason());
        if (document.filter) out.push_back(document.title);
    }
    if (out.empty()) return fail(ErrorCode::data, "{}: holds no filter", file);
    return out;
}

bool is_below(const fs::path& file, const std::vector<fs::path>& folders) {
    std::error_code failed;
    const fs::path whole = fs::weakly_canonical(file, failed);
    for (const fs::path& folder : folders) {
        const auto part = whole.lexically_relative(fs::weakly_canonical(folder, failed));
        if (!part.empty() && *part.begin() != "..") return true;
    }
    return false;
}

/// The rules with the filter among them, whether it is in their folder already or not.
Result<std::shared_ptr<const sigma::Ruleset>> load_with(const Asked& asked, const Config& config,
                                                        const sigma::LoadOptions& options,
                                                        std::vector<std::string>& remarks) {
    const auto settings = rule_settings(config, asked.rules);
    std::vector<fs::path> paths(settings.paths.begin(), settings.paths.end());
    if (!is_below(asked.file, paths)) paths.emplace_back(asked.file);
    std::vector<RuleStatus> statuses;
    auto rules =
        std::make_shared<const sigma::Ruleset>(sigma::Ruleset::load(paths, statuses, options));
    std::error_code failed;
    for (const RuleStatus& status : statuses) {
        if (!fs::equivalent(status.file, asked.file, failed)) continue;
        if (status.state != RuleStatus::State::ok)
            return fail(ErrorCode::data, "{}: {}", status.file, status.reason);
        if (!status.reason.empty()) remarks.push_back(status.rule + ": " + status.reason);
    }
    return rules;
}

Result<std::vector<Alert>> stored_alerts(const Asked& asked, const Config& config) {
    auto source = open_alerts(config, asked.database);
    if (!source) return std::unexpected(source.error());
    AlertFilter filter;
    filter.limit = 1'000'000;
    filter.query = fmt::format("ruleset : sigma and @timestamp >= now-{}d", asked.days);
    const auto found = (*source)->list(filter);
    if (!found) return std::unexpected(found.error());
    std::vector<Alert> out;
    for (const auto& one : found->alerts) {
        auto alert = alert_from_json(one);
        if (!alert) return std::unexpected(alert.error());
        out.push_back(std::move(*alert));
    }
    return out;
}

Result<Preview> run_preview(const Common& common, const Asked& asked) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    Preview out;
    out.file = asked.file;
    out.days = asked.days;
    auto titles = filters_in(asked.file);
    if (!titles) return std::unexpected(titles.error());
    out.titles = std::move(*titles);
    const auto options = sigma_options(common);
    if (!options) return std::unexpected(options.error());
    auto rules = load_with(asked, loaded->config, *options, out.remarks);
    if (!rules) return std::unexpected(rules.error());
    sigma::FilterTrial trial{std::move(*rules), out.titles};
    out.touched = trial.touched();
    auto alerts = stored_alerts(asked, loaded->config);
    if (!alerts) return std::unexpected(alerts.error());
    out.looked_at = alerts->size();
    for (Alert& alert : *alerts) {
        if (trial.is_correlation(alert.rule->id)) ++out.correlations;
        if (trial.touches(alert.rule->id))
            out.alerts.push_back(preview(std::move(alert), trial, loaded->config));
    }
    return out;
}

Result<int> preview_filter(const Common& common, const Asked& asked, const Output& out) {
    const auto preview = run_preview(common, asked);
    if (!preview) return std::unexpected(preview.error());
    if (out.format == OutputFormat::human)
        print(*preview, out);
    else
        out.object(to_json(*preview));
    return 0;
}

}  // namespace

void add_rules_filter(CLI::App& rules, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command = rules.add_subcommand("filter", "local filters of Sigma rules");
    command->require_subcommand(1);
    CLI::App* previewing = add_subcommand(
        *command, common, "preview", "what a filter would have suppressed of the stored alerts",
        "kentongan rules filter preview no_backup_host.yml --days 14\n\n"
        "A filter is a Sigma file with `filter:`; it holds from the moment it lies in a folder of\n"
        "rules.paths and the daemon is reloaded, to the end of the day `expires: YYYY-MM-DD` "
        "names.");
    previewing->add_option("file", asked.file, "the file with the filter")->required();
    previewing->add_option("--days", asked.days, "alerts first seen in so many days")
        ->check(CLI::Range(1, 3660))
        ->capture_default_str();
    previewing->add_option("--rules", asked.rules, "rule files or folders");
    previewing->add_option("--db", asked.database, "read this database file instead of asking");
    previewing->callback(
        [&] { action = [&](const Output& out) { return preview_filter(common, asked, out); }; });
}

}  // namespace kentongan::cli
