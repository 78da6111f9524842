#pragma once
// Events played through rules and correlations: Scene(rules).at(5, fields)….alerts.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "daemon/detect/sigma/event_reader.hpp"
#include "daemon/detect/sigma/sigma_correlator.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"
#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {

/// A rule that matches events with `kind_of: <name>`, named so.
inline std::string base_rule(const std::string& name) {
    return "title: Base " + name + "\nname: " + name + "\nid: id-" + name + "\nauthor: Author of " +
           name + "\nlogsource: {category: test}\ndetection:\n  s: {kind_of: " + name +
           "}\n  condition: s\n---\n";
}

inline std::string correlation(const std::string& body, const std::string& title = "C") {
    std::string out = "title: " + title + "\nauthor: Author of the correlation\nlevel: high\n";
    out += "correlation:\n  ";
    for (const char c : body) out += c == '\n' ? std::string("\n  ") : std::string(1, c);
    return out + "\n---\n";
}

class Scene : public FindingSink {
  public:
    explicit Scene(std::string_view rules, SigmaCorrelatorOptions options = {})
        : correlator(options) {
        load(rules);
    }
    /// From here on with these rules.
    void load(std::string_view rules) {
        ruleset = std::make_shared<const Ruleset>(ruleset_of(rules));
        detector = std::make_unique<SigmaDetector>(ruleset);
    }
    /// An event so many seconds after the beginning; `fields` is the inside of a JSON object.
    Scene& at(double seconds, const std::string& fields) {
        Event event = read_event("{" + fields + "}").value();
        event.time = moment(seconds);
        event.origin = {"scene", ++position_};
        event.logsource = {"test", "", ""};
        correlator.advance(std::chrono::floor<std::chrono::seconds>(event.time), *this);
        detector->inspect(event, *this);
        return *this;
    }
    Scene& advance(double seconds) {
        correlator.advance(moment(seconds), *this);
        return *this;
    }
    Scene& finish() {
        correlator.end_of_input(*this);
        return *this;
    }
    /// The messages, one a line.
    [[nodiscard]] std::string said() const {
        std::string out;
        for (const Finding& finding : alerts) out += finding.message + "\n";
        return out;
    }
    [[nodiscard]] std::uint64_t left_out(std::string_view reason) const {
        for (const auto& one : correlator.left_out())
            if (one.reason == reason) return one.count;
        return 0;
    }
    static Timestamp moment(double seconds) {
        return *parse_rfc3339("2024-11-27T06:00:00Z") + Duration{std::llround(seconds * 1e9)};
    }

    void report(Finding finding) override { alerts.push_back(std::move(finding)); }
    void report_hit(std::shared_ptr<const Hit> hit) override { correlator.inspect_hit(hit, *this); }

    std::shared_ptr<const Ruleset> ruleset;
    std::unique_ptr<SigmaDetector> detector;
    SigmaCorrelator correlator;
    std::vector<Finding> alerts;

  private:
    std::uint64_t position_ = 0;
};

inline std::string kind(const std::string& name, const std::string& more = "") {
    return "\"kind_of\": \"" + name + "\"" + (more.empty() ? "" : ", " + more);
}
inline std::string from(const std::string& ip) { return "\"source.ip\": \"" + ip + "\""; }

}  // namespace kentongan::sigma
