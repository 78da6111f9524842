#pragma once
// Case: an open alert as the desk holds it. For the desk's own files.
#include <string>

#include "daemon/alert/desk.hpp"

namespace kentongan {

struct AlertDesk::Case {
    Alert alert;
    std::string key;
    Order order;
    Duration window{};  // from the last finding to the end

    [[nodiscard]] Timestamp closes() const { return alert.last_seen + window; }
    bool changed = false;  // is in changed_
    bool created = false;
    bool escalated = false;
    bool updated = false;
    bool closed = false;
    bool corroborated = false;  // its severity is one step above its findings'

    // The newest testimony, so that a flood of the same is not weighed finding by finding.
    Timestamp testified{};
    std::optional<IpAddress> testified_about;
};

/// What an alert's findings have in common.
[[nodiscard]] inline std::string key_of(const std::string& rule_id, const std::string& entity) {
    std::string out = rule_id;
    out += '\n';  // in no rule id
    return out += entity;
}

[[nodiscard]] inline Severity severity_of(const Finding& finding) {
    return finding.severity.value_or(finding.rule->severity);
}

}  // namespace kentongan
