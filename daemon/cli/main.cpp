// kentongan: one subcommand a file.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "daemon/base/text.hpp"
#include "daemon/cli/command.hpp"

namespace kentongan::cli {

CLI::App* add_subcommand(CLI::App& app, Common& common, const std::string& name,
                         const std::string& what, const std::string& example) {
    CLI::App* command = app.add_subcommand(name, what);
    command->footer("Example:\n  " + example);
    command->add_option("-o,--output", common.output, "human, json or ndjson")
        ->capture_default_str();
    command->add_option_function<std::string>(
        "--config",
        [&common](const std::string& file) {
            common.config = file;
            common.config_given = true;
        },
        "settings file (default /etc/kentongan/kentongan.toml)");
    command->add_option("--set", common.settings, "KEY=VALUE, over what the files say")
        ->allow_extra_args(false);
    return command;
}

namespace {

int report(const Error& error) {
    fmt::print(stderr, "kentongan: {}\n", error.message);
    return error.exit_status();
}

/// CLI11 would only say that a subcommand is required.
Result<> check_command(const CLI::App& app, int argc, char** argv) {
    if (argc < 2 || *argv[1] == '-') return {};
    std::vector<std::string> known;
    for (const auto* command : app.get_subcommands(nullptr)) known.push_back(command->get_name());
    if (std::ranges::find(known, argv[1]) != known.end()) return {};
    const auto nearest = nearest_word(argv[1], known);
    return fail(ErrorCode::usage, "no command {}{} (kentongan --help lists them)", argv[1],
                nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
}

int run(int argc, char** argv) {
    CLI::App app{"Kentongan: security monitoring for election infrastructure", "kentongan"};
    app.set_version_flag("--version", "kentongan " KENTONGAN_VERSION);
    app.require_subcommand(1);
    app.footer("`kentongan COMMAND --help` shows an example of each.");
    Common common;
    Action action;
    for (const auto add :
         {add_replay, add_rules, add_explain, add_alerts, add_evidence, add_watch, add_delivery,
          add_status, add_top, add_tail, add_sensors, add_coverage, add_config, add_drill,
          add_cases, add_suppressions, add_approvals, add_report, add_account})
        add(app, common, action);
    if (const auto known = check_command(app, argc, argv); !known) return report(known.error());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : static_cast<int>(ErrorCode::usage);
    }
    const auto format = Output::parse(common.output);
    if (!format) return report(format.error());
    if (!action) return 0;  // an option that answered by itself
    const auto status = action(Output{*format, Output::wants_colour(), Output::terminal_columns()});
    return status ? *status : report(status.error());
}

}  // namespace
}  // namespace kentongan::cli

int main(int argc, char** argv) {
    try {
        return kentongan::cli::run(argc, argv);
    } catch (const std::exception& e) {
        fmt::print(stderr, "kentongan: {}\n", e.what());
        return static_cast<int>(kentongan::ErrorCode::internal);
    }
}
