#pragma once
// Corroboration: several independent detectors or sensors that say something about the same entity
// or address within a while make each of their alerts one step more severe.
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/bounded_table.hpp"
#include "daemon/alert/finding.hpp"

namespace kentongan {

struct CorroborationOptions {
    std::size_t witnesses = 0;  ///< so many independent ones, the newest included; below 2: off
    Duration window = std::chrono::minutes{30};  ///< of event time
    std::size_t capacity = 32768;                ///< entities and addresses remembered
};

/// Independent are two findings of different rules that come from different kinds of detectors or
/// from different inputs: two Sigma rules that both match one line of a log are one witness. Rules
/// that carry no accusation, findings of severity info and loopback addresses say nothing here.
///
/// Deterministic over the order of findings. One thread.
class Corroboration {
  public:
    /// What the witnesses of one subject have come to.
    struct Verdict {
        std::vector<std::string> alerts;  ///< the keys of all their alerts, the newest's included
        std::string reason;               ///< kinds and number: no other rule is named
    };

    explicit Corroboration(CorroborationOptions options)
        : options_(options), heard_(options.capacity) {}

    /// Takes a finding of the alert `key` as testimony; a verdict when there are enough now. What a
    /// finding cannot have an opinion on is ignored.
    [[nodiscard]] std::optional<Verdict> hear(const Finding& finding, Severity severity,
                                              const std::string& entity, const std::string& key);
    [[nodiscard]] bool on() const { return options_.witnesses >= 2; }
    [[nodiscard]] const CorroborationOptions& options() const { return options_; }
    [[nodiscard]] std::uint64_t evicted() const { return heard_.evicted(); }

  private:
    struct Witness {
        std::string rule_id;
        Ruleset ruleset{};
        std::string source;
        Timestamp at{};
        std::string alert;
    };
    using Witnesses = std::deque<Witness>;  // oldest first, at most kMaximumWitnesses

    void testify(Witnesses& all, const Witness& witness) const;
    [[nodiscard]] std::vector<const Witness*> independent(const Witnesses& all) const;

    CorroborationOptions options_;
    BoundedTable<Witnesses> heard_;
};

}  // namespace kentongan
