#pragma once
// The files of rules/anomaly, rules/sirekap and rules/report: what a built-in rule is for, and
// samples that it must fire on or stay silent about.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/detector.hpp"
#include "daemon/detect/rule_status.hpp"
#include "daemon/detect/sirekap/workflow/change_windows.hpp"

namespace kentongan {

/// One file documents one rule:
///
///     id = "anomaly:brute-force"     # with name, severity, class and techniques as in alerts
///     description = "…"              # what it means, and what to do
///     register = "…"                 # for rules that need one: a TPS register as CSV
///     window = { from = "…", to = "…" }   # a declared change window, for those rules it quiets
///     [[sample]]
///     name = "ten failures within a minute"
///     fires = true
///     [[sample.step]]                # one after another
///     repeat = 10                    # default 1; "{n}" in a text is the number of the repetition,
///                                    # "{n3}" the same in three digits
///     every_seconds = 5.0            # default 1; 0 for all at once
///     at = "2024-11-27T05:00:00Z"    # begins then; default: after the step before, the first one
///                                    # at 13:00 WIB
///     event = { kind = "auth", "event.outcome" = "failure", "source.ip" = "203.0.113.{n}" }
///     # (product and category are the event's log source; `raw` is the event as it came, such as a
///     # published file)
///     # or attempt = { source = "…", destination = "…", port = 22, succeeded = false }
///     # or service = { destination = "…", port = 443, syns = 5000, completed = 9, sources = 900 }
///     # (also ends), prefix, reflection, amplifier or held, with the fields of TrafficSecond
///     # or second = { log = "web", route = "/upload", requests = 60, server_errors = 9 }: what
///     # a log held in a second; also client_errors, bytes, latency_ms, lines, line,
///     # logins_failed, logins_succeeded, stepped_back (seconds), ended = true
///     # or step = [ … ]: steps that follow one another, all of them `repeat` times
class RuleFile {
  public:
    struct SampleResult {
        std::string name;
        bool should_fire = false;
        std::vector<Finding> findings;  ///< of the file's rule
        [[nodiscard]] bool passed() const { return should_fire == !findings.empty(); }
    };

    /// `file` is for messages, which name the line. An error when the file says something of the
    /// rule that is not so, or has no sample that fires and one that stays silent.
    [[nodiscard]] static Result<RuleFile> parse(std::string_view toml, std::string_view file);

    [[nodiscard]] const std::shared_ptr<const Rule>& rule() const { return rule_; }
    [[nodiscard]] const std::string& description() const { return description_; }
    /// Runs every sample through new detectors with default thresholds.
    [[nodiscard]] Result<std::vector<SampleResult>> run_samples() const;

  private:
    friend class RuleFileReader;
    struct Step {
        std::int64_t repeat = 1;
        double every_seconds = 1;
        std::optional<Timestamp> at;
        std::string what;  // event, attempt, service or second
        std::vector<std::pair<std::string, std::string>> fields;
    };
    struct Sample {
        std::string name;
        bool fires = false;
        std::vector<Step> steps;
    };

    [[nodiscard]] Result<SampleResult> run(const Sample& sample) const;

    std::string file_;
    std::shared_ptr<const Rule> rule_;
    std::string description_;
    std::string register_;
    std::optional<sirekap::ChangeWindow> window_;
    std::vector<Sample> samples_;
};

/// The same as a row of `kentongan rules check`.
[[nodiscard]] RuleStatus check_rule_file(std::string_view toml, std::string_view file);

}  // namespace kentongan
