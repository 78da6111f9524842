#pragma once
// The settings as a subcommand sees them: files, environment, --set.
#include "daemon/cli/command.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/detect/sigma/load_options.hpp"

namespace kentongan::cli {

/// The rules: `--rules` when given; else what the settings say, or, where the default folder is not
/// there, the `rules` folder that belongs to this program's own build or installation.
[[nodiscard]] RuleSettings rule_settings(const Config& config,
                                         const std::vector<std::string>& given);

/// What Sigma rules are loaded with: the placeholders of the settings or of this program's rules,
/// and today's date.
[[nodiscard]] Result<sigma::LoadOptions> sigma_options(const Common& common);

/// A settings file that was not named and is not there is no error: the defaults hold.
[[nodiscard]] Result<LoadedConfig> load_settings(const Common& common, bool open_files = true);

}  // namespace kentongan::cli
