#pragma once
// Reads the settings: built-in defaults, then the vendor's file, the main file, conf.d/*.toml
// beside it, the environment and --set, each patching single keys of what came before.
#include <map>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/config/config.hpp"

namespace kentongan {

/// Defaults that the package ships, patched by the main file.
inline constexpr const char* kVendorFile = "/usr/share/kentongan/defaults.toml";

struct Sources {
    std::string vendor_file{};                         ///< empty or absent: none
    std::string main_file{};                           ///< empty: none; named and absent: no_input
    std::map<std::string, std::string> environment{};  ///< as kentongan_environment()
    std::vector<std::string> set{};                    ///< "section.key=value", in order
    bool open_files = true;  ///< also refuse secret, token and CA files that cannot be read
};

struct LoadedConfig {
    Config config;
    std::map<std::string, std::string> origins;  ///< of what is not the default, by dotted key

    /// Where the value of e.g. "log.auth.path" came from: "default", "file:line",
    /// "environment KENTONGAN_…" or "--set".
    [[nodiscard]] std::string origin_of(const std::string& key) const;
};

/// Refused settings are told all at once: one "file:line: …" a line, twenty at most.
/// Errors: no_input, permission, io, config. Blocks on files; call it at start and on a reload.
[[nodiscard]] Result<LoadedConfig> load_config(const Sources& sources);

/// The variables KENTONGAN_SECTION__KEY of this process. The only reader of the environment.
[[nodiscard]] std::map<std::string, std::string> kentongan_environment();

/// The file of a credential that systemd has given to this process; empty when there is none.
[[nodiscard]] std::string credential_file(const std::string& name);

/// Where a person's programs keep what they can make again: $XDG_CACHE_HOME/kentongan, else
/// ~/.cache/kentongan; empty where neither is known.
[[nodiscard]] std::string user_cache_folder();

/// The settings as they are while a phase lasts: with its thresholds, which were checked.
[[nodiscard]] Config in_phase(const Config& config, const PhaseSettings& phase);

/// TOML that loads back to the same settings; with `origin`, a comment on each line. Holds names
/// of secret files, never secrets.
[[nodiscard]] std::string show(const LoadedConfig& loaded, bool origin);

/// The reference page: each setting with type, default, what is allowed, and meaning.
[[nodiscard]] std::string reference_markdown();

}  // namespace kentongan
