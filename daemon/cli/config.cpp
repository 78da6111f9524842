// kentongan config check | show: the settings as they take effect, and where each came from.
#include <fmt/format.h>

#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/pipeline/assembly.hpp"

namespace kentongan::cli {

namespace {

Result<int> check(const Common& common) {
    const auto loaded = load_settings(common);
    if (!loaded) return std::unexpected(loaded.error());
    const auto warnings = check_rules(loaded->config);
    if (!warnings) return std::unexpected(warnings.error());
    for (const std::string& warning : *warnings) fmt::print(stderr, "warning: {}\n", warning);
    fmt::print("{}: the settings and the rules they name are good\n", common.config);
    return 0;
}

Result<int> show_settings(const Common& common, bool origin) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    fmt::print("{}", show(*loaded, origin));
    return 0;
}

}  // namespace

void add_config(CLI::App& app, Common& common, Action& action) {
    CLI::App* command = app.add_subcommand("config", "check the settings, or show them");
    command->require_subcommand(1);
    CLI::App* checking =
        add_subcommand(*command, common, "check", "read the settings and load the rules they name",
                       "kentongan config check --config kentongan.toml");
    checking->callback([&] { action = [&](const Output&) { return check(common); }; });

    static bool origin = false;
    CLI::App* showing = add_subcommand(*command, common, "show", "the settings in force, as TOML",
                                       "kentongan config show --origin");
    showing->add_flag("--origin", origin, "say where each value came from");
    static bool reference = false;
    showing->add_flag("--reference", reference, "print the reference page of all settings");
    showing->callback([&] {
        action = [&](const Output&) -> Result<int> {
            if (!reference) return show_settings(common, origin);
            fmt::print("{}", reference_markdown());
            return 0;
        };
    });
}

}  // namespace kentongan::cli
