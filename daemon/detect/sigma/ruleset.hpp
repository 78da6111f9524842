#pragma once
// A set of Sigma rules, loaded and compiled: what lanes share.
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/rule_status.hpp"
#include "daemon/detect/sigma/load_options.hpp"
#include "daemon/detect/sigma/loaded_set.hpp"
#include "daemon/detect/sigma/matcher.hpp"
#include "daemon/detect/sigma/program.hpp"

namespace kentongan::sigma {

/// The rule files below `paths`, sorted: every .yml and .yaml of a folder, except in folders named
/// `samples`, and each file named itself. A path that is not there is left in, so that reading it
/// gives the error.
[[nodiscard]] std::vector<std::filesystem::path> rule_files(
    const std::vector<std::filesystem::path>& paths);

/// Immutable once loaded, so threads may share it; matchers are made when first asked for.
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

    [[nodiscard]] const Program& program() const { return program_; }
    /// What counts the rules of the program; never null.
    [[nodiscard]] const std::shared_ptr<const CorrelationSet>& correlations() const {
        return correlations_;
    }
    [[nodiscard]] std::size_t size() const { return program_.rules.size(); }
    /// The rules that do not conflict with a logsource. Thread-safe; at most kMaximumMatchers are
    /// kept, for the oldest is given up first. The set must outlive the matcher.
    [[nodiscard]] std::shared_ptr<const Matcher> matcher_for(const LogSource& logsource) const;

    static constexpr std::size_t kMaximumMatchers = 256;

  private:
    struct Routed {
        LogSourceNames names;
        std::shared_ptr<const Matcher> matcher;
    };
    struct Matchers {
        std::mutex mutex;
        std::vector<Routed> known;
    };

    explicit Ruleset(LoadedSet loaded)
        : program_(std::move(loaded.program)), correlations_(std::move(loaded.correlations)) {}

    Program program_;
    std::shared_ptr<const CorrelationSet> correlations_;
    std::unique_ptr<Matchers> matchers_ = std::make_unique<Matchers>();
};

}  // namespace kentongan::sigma
