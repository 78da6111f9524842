#pragma once
// LoadedRules: the rulebook made of the rule files on disk, Sigma and YARA.
#include <filesystem>
#include <memory>
#include <vector>

#include "daemon/detect/rulebook.hpp"
#include "daemon/detect/sigma/ruleset.hpp"
#include "daemon/detect/sirekap/image/form_layout.hpp"
#include "daemon/detect/yara/file_scanner.hpp"
#include "daemon/detect/yara/rules.hpp"

namespace kentongan {

class LoadedRules final : public Rulebook {
  public:
    /// Loads what can be loaded below `paths` (folders or files) and appends a row for every rule;
    /// whether a row that is not ok is fatal is the caller's decision. Blocking. An error when a
    /// path does not exist. `skipped`: told of what was not scanned to the end, on any thread.
    /// `forms`: where people write on forms, or null.
    [[nodiscard]] static Result<std::shared_ptr<const LoadedRules>> load(
        const std::vector<std::filesystem::path>& paths, std::vector<RuleStatus>& statuses,
        yara::SkipCounter skipped = {}, const sigma::LoadOptions& options = {},
        std::shared_ptr<const sirekap::FormLayouts> forms = {});

    [[nodiscard]] std::vector<std::unique_ptr<Detector>> lane_detectors() const override;
    [[nodiscard]] const FileDetector& file_detector() const override { return *files_; }

    [[nodiscard]] bool take_duty() const override { return sigma_->plans().take_duty(); }
    void compile_wanted() const override { sigma_->plans().compile_wanted(); }

    /// Compiles all Sigma rules into one plan, that of events without a logsource: a check that all
    /// can be. Blocking, up to some seconds.
    void compile_all() const;
    /// The same for the kinds of events that `before` has plans for. Blocking.
    void compile_as(const LoadedRules& before) const;

    [[nodiscard]] const sigma::Ruleset& sigma() const { return *sigma_; }

  private:
    std::shared_ptr<const sigma::Ruleset> sigma_;
    std::shared_ptr<const yara::Rules> yara_;
    yara::SkipCounter skipped_;
    std::unique_ptr<FileDetector> files_;
};

/// One line for people: the first `most` rows that are not ok, and how many more there are.
[[nodiscard]] std::string describe_refusals(const std::vector<RuleStatus>& statuses,
                                            RuleStatus::State state, std::size_t most = 5);

}  // namespace kentongan
