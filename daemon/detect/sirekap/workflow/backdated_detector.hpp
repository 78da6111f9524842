#pragma once
// BackdatedDetector: forms and decisions whose time does not fit.
#include <boost/unordered/unordered_flat_map.hpp>

#include "daemon/detect/sirekap/workflow/app_detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"

namespace kentongan::sirekap {

/// When the server named the picture (YYYYMMDD-HHMMSS, WIB), as its name says:
/// <13 digits>-<date>-<time>--<uuid>.jpg; nothing when the name is another.
[[nodiscard]] std::optional<Timestamp> stamp_of_image(std::string_view file_name);

/// R14, of uploads, answers, edits and decisions that were accepted:
/// - the client says that it is from before the last one of this TPS (more than two minutes);
/// - it is older than ten minutes, or from the future (two minutes), by the client's word.
///   Both are silent about what the app made offline, which says so;
/// - the picture was named more than a day before or after it was received: medium. The stamp is
///   the server's, when it gave out the upload URL; it is no capture time.
class BackdatedDetector final : public AppDetector {
  public:
    explicit BackdatedDetector(const WorkflowOptions& options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.backdated"; }
    [[nodiscard]] std::uint64_t evicted() const override { return left_out_; }
    [[nodiscard]] std::size_t entries() const override { return newest_.size(); }

  private:
    void inspect_act(const AppEvent& app, FindingSink& out) override;
    void check_client(const AppEvent& app, double age_seconds, FindingSink& out);
    void check_image(const AppEvent& app, FindingSink& out);
    void tell(const AppEvent& app, std::string_view what, Severity severity, FindingSink& out);

    std::size_t capacity_;
    boost::unordered_flat_map<std::uint64_t, std::int64_t> newest_;  // TPS -> ns, client's word
    std::uint64_t left_out_ = 0;
    FewEntities few_;
};

}  // namespace kentongan::sirekap
