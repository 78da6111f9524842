#pragma once
// What became of a rule when it was loaded: no rule is ever dropped in silence.
#include <string>
#include <string_view>

namespace kentongan {

struct RuleStatus {
    enum class State { ok, unsupported, failed };
    std::string file;
    std::string engine;  ///< sigma, yara, anomaly, sirekap, …
    std::string rule;    ///< its title or name; empty when the file could not be read that far
    State state = State::ok;
    /// With the line where there is one: "line 12: unknown modifier 'foo'". Of a rule that is ok:
    /// empty, or "warning: …".
    std::string reason;
    std::string id{};  ///< of the alerts' rule.id; empty when it could not be read that far
};

[[nodiscard]] constexpr std::string_view name_of(RuleStatus::State state) {
    switch (state) {
        case RuleStatus::State::ok:
            return "ok";
        case RuleStatus::State::unsupported:
            return "unsupported";
        case RuleStatus::State::failed:
            return "failed";
    }
    return "";
}

}  // namespace kentongan
