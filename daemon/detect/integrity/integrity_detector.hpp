#pragma once
// IntegrityDetector: what a changed file means (detections.md H01 to H07).
#include <memory>
#include <vector>

#include "daemon/detect/detector.hpp"

namespace kentongan::integrity {

/// Stateless: one on each lane. At most two findings for an event: what kind of file it is, and a
/// new setuid or setgid bit. A change of times alone, and a file's arrival where files arrive
/// (uploads), are none; nor is anything in a `recorded` tree, which has no baseline.
class IntegrityDetector final : public Detector {
  public:
    [[nodiscard]] std::string_view name() const override { return "integrity"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::file; }
    using Detector::inspect;
    void inspect(const Event& event, FindingSink& out) override;
};

/// Its rules, for `rules check` and the reference page.
[[nodiscard]] const std::vector<std::shared_ptr<const Rule>>& integrity_rules();

}  // namespace kentongan::integrity
