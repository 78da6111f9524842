#pragma once
// Alerts for store tests: complete enough for the JSON to read back.
#include <memory>
#include <string>

#include "daemon/alert/alert.hpp"
#include "daemon/base/id.hpp"

namespace kentongan {

struct SampleAlert {
    int number = 1;
    Severity severity = Severity::medium;
    Ruleset ruleset = Ruleset::anomaly;
    std::string rule_id = "anomaly:port-scan";
    Timestamp first_seen = *parse_rfc3339("2024-11-27T06:00:00Z");
    std::vector<std::string> agencies{"kpu", "bssn"};
    std::uint64_t count = 1;
};

[[nodiscard]] inline Alert make_alert(const SampleAlert& sample) {
    auto rule = std::make_shared<Rule>();
    rule->id = sample.rule_id;
    rule->name = "Sample";
    rule->ruleset = sample.ruleset;
    rule->severity = sample.severity;
    Alert alert;
    alert.id = content_id(sample.first_seen, "alert " + std::to_string(sample.number));
    alert.rule = rule;
    alert.severity = sample.severity;
    alert.entity = "192.0.2." + std::to_string(sample.number % 250);
    alert.message = "sample " + std::to_string(sample.number);
    alert.count = sample.count;
    alert.first_seen = sample.first_seen;
    alert.last_seen = sample.first_seen + std::chrono::seconds{sample.count};
    alert.created = sample.first_seen;
    alert.agencies = sample.agencies;
    return alert;
}

}  // namespace kentongan
