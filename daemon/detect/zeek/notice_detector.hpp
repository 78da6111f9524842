#pragma once
// ZeekNoticeDetector: what Zeek raises a notice about becomes a finding under Zeek's own name.
#include <map>
#include <memory>
#include <string>

#include "daemon/detect/detector.hpp"

namespace kentongan {

/// Stateless but for the rule objects it shares between findings: at most 512 notice types. The
/// ones beyond, and those whose name is no Zeek identifier, are findings of one rule "zeek:other"
/// that name the type in their message; evicted() counts the former.
class ZeekNoticeDetector final : public Detector {
  public:
    ZeekNoticeDetector();

    [[nodiscard]] std::string_view name() const override { return "zeek"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::notice; }
    void inspect(const Event& event, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override { return evicted_; }

  private:
    std::shared_ptr<const Rule> rule_of(std::string_view note);

    std::map<std::string, std::shared_ptr<const Rule>, std::less<>> rules_;
    std::shared_ptr<const Rule> other_;
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan
