#include "daemon/detect/sigma/ruleset.hpp"

#include <algorithm>
#include <map>

#include "daemon/base/file.hpp"
#include "daemon/detect/sigma/compiler.hpp"
#include "daemon/detect/sigma/rule_reader.hpp"

namespace kentongan::sigma {

namespace fs = std::filesystem;

namespace {

/// Reads files into one program and keeps the account of every rule.
class Loader {
  public:
    explicit Loader(std::vector<RuleStatus>& statuses) : statuses_(statuses) {}

    void load_file(const fs::path& path) {
        const auto text = read_file(path, kMaximumFileBytes);
        if (text) return load_text(*text, path.string());
        statuses_.push_back(
            {path.string(), "sigma", {}, RuleStatus::State::failed, text.error().message});
    }

    void load_text(std::string_view text, const std::string& file) {
        for (RuleDocument& document : read_rules(text)) {
            refuse_known_id(document, file);
            if (!document.refusal.any())
                compiler_.add(std::move(document.syntax), file, document.refusal);
            statuses_.push_back({file, "sigma", document.title, document.refusal.state(),
                                 document.refusal.reason()});
        }
    }

    Program finish() { return compiler_.finish(); }

  private:
    /// Two rules of one id would share their alerts and suppressions.
    void refuse_known_id(RuleDocument& document, const std::string& file) {
        if (document.refusal.any()) return;
        const auto [entry, added] = ids_.try_emplace(document.syntax.rule.id, file);
        if (!added)
            document.refusal.failed(0, "id {} is already that of a rule in {}", entry->first,
                                    entry->second);
    }

    std::vector<RuleStatus>& statuses_;
    Compiler compiler_;
    std::map<std::string, std::string> ids_;
};

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

Ruleset::Ruleset(Program program, fs::path cache)
    : program_(std::make_unique<const Program>(std::move(program))),
      plans_(std::make_unique<PlanStore>(*program_, std::move(cache))) {}

Ruleset Ruleset::load(const std::vector<fs::path>& paths, std::vector<RuleStatus>& statuses,
                      fs::path cache) {
    Loader loader(statuses);
    for (const fs::path& file : rule_files(paths)) loader.load_file(file);
    return {loader.finish(), std::move(cache)};
}

Ruleset Ruleset::load_text(std::string_view text, std::string file,
                           std::vector<RuleStatus>& statuses) {
    Loader loader(statuses);
    loader.load_text(text, file);
    return {loader.finish(), {}};
}

}  // namespace kentongan::sigma
