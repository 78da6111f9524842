#pragma once
// StreamDetector: YARA on what goes over the wire: windows of a stream's bytes by rules with the
// tag `stream`, and whole files by all rules.
#include "daemon/detect/yara/file_scanner.hpp"

namespace kentongan::yara {

/// Stateless; one on each lane. A window or a file has one second; what takes longer is counted as
/// skipped, and so is what the capture says was too large, or encrypted. A rule that matches in two
/// windows of a stream is told twice and merged as one alert.
class StreamDetector final : public Detector {
  public:
    StreamDetector(std::shared_ptr<const Rules> rules, SkipCounter skipped);

    [[nodiscard]] std::string_view name() const override { return "yara.wire"; }
    /// Windows only when there are rules for them.
    [[nodiscard]] bool wants(EventKind kind) const override;
    using Detector::inspect;
    void inspect(const Event& event, FindingSink& out) override;

  private:
    std::shared_ptr<const Rules> rules_;
    std::shared_ptr<const Rules> stream_rules_;  // null: there are none
    SkipCounter skipped_;
};

}  // namespace kentongan::yara
