#include "daemon/detect/sigma/ruleset.hpp"

#include <algorithm>

#include "daemon/detect/sigma/loader.hpp"

namespace kentongan::sigma {

namespace fs = std::filesystem;

namespace {

bool is_rule_file(const fs::path& path) {
    return path.extension() == ".yml" || path.extension() == ".yaml";
}

void add_folder(const fs::path& folder, std::vector<fs::path>& out) {
    std::error_code error;
    const auto options = fs::directory_options::skip_permission_denied;
    fs::recursive_directory_iterator entry(folder, options, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->is_directory(error) && entry->path().filename() == "samples")
            entry.disable_recursion_pending();
        else if (is_rule_file(entry->path()) && entry->is_regular_file(error))
            out.push_back(entry->path());
    }
}

}  // namespace

std::vector<fs::path> rule_files(const std::vector<fs::path>& paths) {
    std::vector<fs::path> out;
    for (const fs::path& path : paths) {
        std::error_code error;
        if (fs::is_directory(path, error))
            add_folder(path, out);
        else
            out.push_back(path);
    }
    std::ranges::sort(out);
    const auto repeated = std::ranges::unique(out);
    out.erase(repeated.begin(), repeated.end());
    return out;
}

Ruleset::Ruleset(LoadedSet loaded, fs::path cache)
    : program_(std::make_unique<const Program>(std::move(loaded.program))),
      correlations_(std::move(loaded.correlations)),
      plans_(std::make_unique<PlanStore>(*program_, std::move(cache))) {}

Ruleset Ruleset::load(const std::vector<fs::path>& paths, std::vector<RuleStatus>& statuses,
                      const LoadOptions& options) {
    Loader loader(options);
    for (const fs::path& file : rule_files(paths)) loader.read_file(file);
    return {loader.finish(statuses), options.cache};
}

Ruleset Ruleset::load_text(std::string_view text, std::string file,
                           std::vector<RuleStatus>& statuses, const LoadOptions& options) {
    Loader loader(options);
    loader.read_text(text, file);
    return {loader.finish(statuses), options.cache};
}

}  // namespace kentongan::sigma
