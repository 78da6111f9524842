#include "daemon/cli/settings.hpp"

#include <filesystem>

#include "daemon/pipeline/assembly.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;

Result<LoadedConfig> load_settings(const Common& common, bool open_files) {
    Sources sources;
    sources.vendor_file = kVendorFile;
    if (common.config_given || std::filesystem::exists(common.config))
        sources.main_file = common.config;
    sources.environment = kentongan_environment();
    sources.set = common.settings;
    sources.open_files = open_files;
    return load_config(sources);
}

namespace {

/// The default folder of rules, or where that is not there the one that belongs to this program.
std::vector<std::string> own_rules() {
    std::vector<std::string> out = RuleSettings{}.paths;
    if (fs::exists(out.front())) return out;
    std::error_code unknown;
    const fs::path program = fs::read_symlink("/proc/self/exe", unknown).parent_path();
    for (const auto* beside : {"../../rules", "../share/kentongan/rules"})
        if (fs::exists(program / beside, unknown))
            out = {fs::canonical(program / beside, unknown).native()};
    return out;
}

}  // namespace

RuleSettings rule_settings(const Config& config, const std::vector<std::string>& given) {
    RuleSettings out = config.rules;
    const auto own = own_rules();
    if (!given.empty()) out.paths = given;
    if (out.paths == RuleSettings{}.paths) out.paths = own;
    if (out.placeholders.empty() && !sigma::find_placeholders({out.paths.begin(), out.paths.end()}))
        if (const auto file = sigma::find_placeholders({own.begin(), own.end()}))
            out.placeholders = file->native();
    return out;
}

Result<sigma::LoadOptions> sigma_options(const Common& common) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    return kentongan::sigma_options(rule_settings(loaded->config, {}), system_clock().now());
}

}  // namespace kentongan::cli
