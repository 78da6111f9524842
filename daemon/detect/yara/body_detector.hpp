#pragma once
// BodyDetector: YARA on the bodies of HTTP requests, and on each file uploaded in them.
#include "daemon/detect/yara/file_scanner.hpp"

namespace kentongan::yara {

/// Stateless; one on each lane. A body has one second for each of its parts and no more after the
/// first that took too long.
class BodyDetector final : public Detector {
  public:
    BodyDetector(std::shared_ptr<const Rules> rules, SkipCounter skipped)
        : rules_(std::move(rules)), skipped_(std::move(skipped)) {}

    [[nodiscard]] std::string_view name() const override { return "yara"; }
    [[nodiscard]] bool wants(EventKind kind) const override {
        return kind == EventKind::web || kind == EventKind::upload;
    }
    using Detector::inspect;
    void inspect(const Event& event, FindingSink& out) override;

  private:
    std::shared_ptr<const Rules> rules_;
    SkipCounter skipped_;
};

}  // namespace kentongan::yara
