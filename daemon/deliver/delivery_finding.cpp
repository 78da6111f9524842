#include "daemon/deliver/delivery_finding.hpp"

#include <fmt/format.h>

namespace kentongan {

Finding delivery_finding(const std::string& destination, const std::string& reason, Timestamp now) {
    static const auto kRule = [] {
        auto rule = std::make_shared<Rule>();
        rule->id = "kentongan:delivery";
        rule->name = "Messages do not reach a destination";
        rule->ruleset = Ruleset::integrity;
        rule->version = KENTONGAN_VERSION;
        rule->severity = Severity::critical;
        rule->rule_class = "delivery";
        return std::shared_ptr<const Rule>(std::move(rule));
    }();
    Finding out;
    out.rule = kRule;
    out.time = now;
    out.entity = destination;
    out.message = fmt::format("Messages do not reach {}: {}", destination, reason);
    return out;
}

}  // namespace kentongan
