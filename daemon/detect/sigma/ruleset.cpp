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

bool same(const LogSourceNames& names, const LogSource& logsource) {
    return names.category == logsource.category && names.product == logsource.product &&
           names.service == logsource.service;
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

Ruleset Ruleset::load(const std::vector<fs::path>& paths, std::vector<RuleStatus>& statuses,
                      const LoadOptions& options) {
    Loader loader(options);
    for (const fs::path& file : rule_files(paths)) loader.read_file(file);
    return Ruleset(loader.finish(statuses));
}

Ruleset Ruleset::load_text(std::string_view text, std::string file,
                           std::vector<RuleStatus>& statuses, const LoadOptions& options) {
    Loader loader(options);
    loader.read_text(text, file);
    return Ruleset(loader.finish(statuses));
}

std::shared_ptr<const Matcher> Ruleset::matcher_for(const LogSource& logsource) const {
    const std::scoped_lock lock(matchers_->mutex);
    auto& known = matchers_->known;
    for (const Routed& routed : known)
        if (same(routed.names, logsource)) return routed.matcher;
    if (known.size() == kMaximumMatchers) known.erase(known.begin());
    auto matcher = std::make_shared<const Matcher>(program_, logsource);
    known.push_back({{std::string(logsource.category), std::string(logsource.product),
                      std::string(logsource.service)},
                     matcher});
    return matcher;
}

}  // namespace kentongan::sigma
