#pragma once
// Why a rule is not taken: a sticky first complaint, so that readers need not check every step.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "daemon/detect/rule_status.hpp"

namespace kentongan::sigma {

/// The first complaint counts; after it a reader only has to stay within bounds. Lines count
/// from 1.
class Refusal {
  public:
    template <class... Args>
    void failed(int line, fmt::format_string<Args...> format, Args&&... args) {
        add(RuleStatus::State::failed, line, fmt::format(format, std::forward<Args>(args)...));
    }
    template <class... Args>
    void unsupported(int line, fmt::format_string<Args...> format, Args&&... args) {
        add(RuleStatus::State::unsupported, line, fmt::format(format, std::forward<Args>(args)...));
    }

    [[nodiscard]] bool any() const { return state_ != RuleStatus::State::ok; }
    [[nodiscard]] RuleStatus::State state() const { return state_; }
    [[nodiscard]] const std::string& reason() const { return reason_; }

  private:
    void add(RuleStatus::State state, int line, std::string reason) {
        if (any()) return;
        state_ = state;
        reason_ = line > 0 ? fmt::format("line {}: {}", line, reason) : std::move(reason);
    }

    RuleStatus::State state_ = RuleStatus::State::ok;
    std::string reason_;
};

}  // namespace kentongan::sigma
