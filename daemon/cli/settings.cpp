#include "daemon/cli/settings.hpp"

#include <filesystem>

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

RuleSettings rule_settings(const Config& config, const std::vector<std::string>& given) {
    RuleSettings out = config.rules;
    if (!given.empty()) out.paths = given;
    if (out.paths != RuleSettings{}.paths || fs::exists(out.paths.front())) return out;
    std::error_code unknown;
    const fs::path program = fs::read_symlink("/proc/self/exe", unknown).parent_path();
    for (const auto* beside : {"../../rules", "../share/kentongan/rules"})
        if (fs::exists(program / beside, unknown))
            out.paths = {fs::canonical(program / beside, unknown).native()};
    return out;
}

}  // namespace kentongan::cli
