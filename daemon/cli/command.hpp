#pragma once
// What the subcommands share: options every one of them takes, and how each joins the program.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "daemon/cli/output.hpp"

namespace kentongan::cli {

/// Set by the options of `kentongan` itself and of each subcommand.
struct Common {
    std::string output = "human";
    std::string config = "/etc/kentongan/kentongan.toml";
    bool config_given = false;
    std::vector<std::string> settings;  ///< --set KEY=VALUE
};

/// What the chosen subcommand does; its exit status or its error.
using Action = std::function<Result<int>(const Output&)>;

/// Each adds one subcommand to `app`; when it is chosen, `action` is set.
void add_replay(CLI::App& app, Common& common, Action& action);
void add_rules(CLI::App& app, Common& common, Action& action);
/// Beneath `rules`.
void add_rules_filter(CLI::App& rules, Common& common, Action& action);
void add_rules_noise(CLI::App& rules, Common& common, Action& action);
void add_explain(CLI::App& app, Common& common, Action& action);
void add_alerts(CLI::App& app, Common& common, Action& action);
/// Beneath `alerts`: ack, assign, comment, escalate, close, reopen, actions.
void add_triage(CLI::App& alerts, Common& common, Action& action);
void add_cases(CLI::App& app, Common& common, Action& action);
void add_suppressions(CLI::App& app, Common& common, Action& action);
void add_approvals(CLI::App& app, Common& common, Action& action);
void add_report(CLI::App& app, Common& common, Action& action);
void add_evidence(CLI::App& app, Common& common, Action& action);
/// Beneath `alerts`.
void add_alerts_export(CLI::App& alerts, Common& common, Action& action);
void add_watch(CLI::App& app, Common& common, Action& action);
void add_account(CLI::App& app, Common& common, Action& action);
void add_delivery(CLI::App& app, Common& common, Action& action);
void add_status(CLI::App& app, Common& common, Action& action);
void add_top(CLI::App& app, Common& common, Action& action);
void add_tail(CLI::App& app, Common& common, Action& action);
void add_sensors(CLI::App& app, Common& common, Action& action);
void add_coverage(CLI::App& app, Common& common, Action& action);
void add_config(CLI::App& app, Common& common, Action& action);
void add_drill(CLI::App& app, Common& common, Action& action);

/// A subcommand with the common options and an example in its help.
CLI::App* add_subcommand(CLI::App& app, Common& common, const std::string& name,
                         const std::string& what, const std::string& example);

}  // namespace kentongan::cli
