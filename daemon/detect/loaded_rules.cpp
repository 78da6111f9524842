#include "daemon/detect/loaded_rules.hpp"

#include <fmt/format.h>

#include "daemon/detect/integrity/integrity_detector.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"
#include "daemon/detect/sirekap/image/form_scanner.hpp"
#include "daemon/detect/suricata/alert_detector.hpp"
#include "daemon/detect/yara/body_detector.hpp"
#include "daemon/detect/yara/stream_detector.hpp"
#include "daemon/detect/zeek/notice_detector.hpp"

namespace kentongan {

namespace fs = std::filesystem;

namespace {

struct PathsByEngine {
    std::vector<fs::path> sigma;
    std::vector<fs::path> yara;
};

/// A folder may hold files of every engine; a file belongs to the one its ending names.
Result<PathsByEngine> sort_out(const std::vector<fs::path>& paths,
                               std::vector<RuleStatus>& statuses) {
    PathsByEngine out;
    for (const fs::path& path : paths) {
        std::error_code failed;
        const auto type = fs::status(path, failed).type();
        if (type == fs::file_type::not_found || type == fs::file_type::none)
            return fail_errno("rules", path.native(), failed ? failed.value() : ENOENT);
        const auto ending = path.extension();
        const bool folder = type == fs::file_type::directory;
        const bool sigma = ending == ".yml" || ending == ".yaml";
        const bool yara = ending == ".yar" || ending == ".yara";
        if (folder || sigma) out.sigma.push_back(path);
        if (folder || yara) out.yara.push_back(path);
        if (!folder && !sigma && !yara && ending != ".toml")
            statuses.push_back({path.native(), "", "", RuleStatus::State::unsupported,
                                "not a rule file: .yml or .yaml is Sigma, .yar or .yara is YARA"});
    }
    return out;
}

/// YARA looks at each file, and pictures of forms become hashes.
class FileDetectors final : public FileDetector {
  public:
    FileDetectors(std::shared_ptr<const yara::Rules> rules,
                  std::shared_ptr<const sirekap::FormLayouts> forms,
                  const yara::SkipCounter& skipped)
        : yara_(std::move(rules), {}, skipped), forms_(std::move(forms), skipped) {}
    void inspect_file(const Event& event, FindingSink& out) const override {
        yara_.inspect_file(event, out);
    }
    [[nodiscard]] std::optional<Event> describe(const Event& file) const override {
        return forms_.describe(file);
    }

  private:
    yara::FileScanner yara_;
    sirekap::FormScanner forms_;
};

}  // namespace

Result<std::shared_ptr<const LoadedRules>> LoadedRules::load(
    const std::vector<fs::path>& paths, std::vector<RuleStatus>& statuses,
    yara::SkipCounter skipped, const sigma::LoadOptions& options,
    std::shared_ptr<const sirekap::FormLayouts> forms) {
    const auto sorted = sort_out(paths, statuses);
    if (!sorted) return std::unexpected(sorted.error());
    auto out = std::make_shared<LoadedRules>();
    out->sigma_ = std::make_shared<const sigma::Ruleset>(
        sigma::Ruleset::load(sorted->sigma, statuses, options));
    auto yara = yara::Rules::load(sorted->yara, statuses);
    if (!yara) return std::unexpected(yara.error());
    out->yara_ = std::move(*yara);
    out->skipped_ = skipped ? std::move(skipped) : [](std::string_view) {};
    out->files_ = std::make_unique<FileDetectors>(out->yara_, std::move(forms), out->skipped_);
    return out;
}

std::vector<std::unique_ptr<Detector>> LoadedRules::lane_detectors() const {
    std::vector<std::unique_ptr<Detector>> out;
    out.push_back(std::make_unique<SigmaDetector>(sigma_));
    out.push_back(std::make_unique<yara::BodyDetector>(yara_, skipped_));
    out.push_back(std::make_unique<yara::StreamDetector>(yara_, skipped_));
    out.push_back(std::make_unique<integrity::IntegrityDetector>());
    out.push_back(std::make_unique<ZeekNoticeDetector>());
    out.push_back(std::make_unique<SuricataAlertDetector>());
    return out;
}

void LoadedRules::compile_all() const { static_cast<void>(sigma_->plans().plan_for({})); }

void LoadedRules::compile_as(const LoadedRules& before) const {
    for (const sigma::EventClass& events : before.sigma_->plans().classes())
        static_cast<void>(sigma_->plans().plan_for(events));
}

std::string describe_refusals(const std::vector<RuleStatus>& statuses, RuleStatus::State state,
                              std::size_t most) {
    std::string out;
    std::size_t count = 0;
    for (const RuleStatus& status : statuses) {
        if (status.state != state) continue;
        if (++count > most) continue;
        out += fmt::format("{}{}{}: {}", out.empty() ? "" : "; ", status.file,
                           status.rule.empty() ? "" : " (" + status.rule + ")", status.reason);
    }
    if (count > most) out += fmt::format("; and {} more", count - most);
    return out;
}

}  // namespace kentongan
