#pragma once
// A set of Sigma rules, loaded and compiled: what lanes share.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/rule_status.hpp"
#include "daemon/detect/sigma/load_options.hpp"
#include "daemon/detect/sigma/loaded_set.hpp"
#include "daemon/detect/sigma/plan_store.hpp"
#include "daemon/detect/sigma/program.hpp"

namespace kentongan::sigma {

/// The rule files below `paths`, sorted: every .yml and .yaml of a folder, except in folders named
/// `samples`, and each file named itself. A path that is not there is left in, so that reading it
/// gives the error.
[[nodiscard]] std::vector<std::filesystem::path> rule_files(
    const std::vector<std::filesystem::path>& paths);

/// Immutable once loaded, so threads may share it; plans are compiled when they are asked for.
class Ruleset {
  public:
    /// Loads what can be loaded and appends to `statuses` a row for each rule, or one for a file
    /// that holds none. Blocking. A rule that is refused is not in the set.
    [[nodiscard]] static Ruleset load(const std::vector<std::filesystem::path>& paths,
                                      std::vector<RuleStatus>& statuses,
                                      const LoadOptions& options = {});
    /// The same of one text; `file` is its name in statuses.
    [[nodiscard]] static Ruleset load_text(std::string_view text, std::string file,
                                           std::vector<RuleStatus>& statuses,
                                           const LoadOptions& options = {});

    [[nodiscard]] const Program& program() const { return *program_; }
    /// What counts the rules of the program; never null.
    [[nodiscard]] const std::shared_ptr<const CorrelationSet>& correlations() const {
        return correlations_;
    }
    [[nodiscard]] std::size_t size() const { return program_->rules.size(); }
    /// The compiled plans of the classes of events. Thread-safe; the set must outlive them.
    [[nodiscard]] PlanStore& plans() const { return *plans_; }

  private:
    Ruleset(LoadedSet loaded, std::filesystem::path cache);

    std::unique_ptr<const Program> program_;  // stays in place: plans refer to it
    std::shared_ptr<const CorrelationSet> correlations_;
    std::unique_ptr<PlanStore> plans_;
};

}  // namespace kentongan::sigma
