#pragma once
// Storms: when a rule, or what comes from one network, makes too many alerts, the next ones go into
// one alert of the storm until it is calm again.
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "daemon/alert/bounded_table.hpp"
#include "daemon/alert/finding.hpp"

namespace kentongan {

struct StormOptions {
    std::size_t alerts = 0;  ///< new alerts within the window that are a storm when passed; 0: off
    Duration window = std::chrono::minutes{10};  ///< of event time, sliding
    std::size_t capacity = 65536;                ///< rules and networks whose rate is known
    std::size_t storms = 128;                    ///< storms at a time whose alerts are told apart
};

/// Deterministic over the order of calls. One thread.
class Storms {
  public:
    enum class Family { none, rule, network };
    struct Answer {
        Family family = Family::none;  ///< none: the alert stands alone
        std::string name;              ///< the rule's id, or the network such as 203.0.113.0/24
        bool fresh = false;            ///< the storm has not had this alert yet
    };

    explicit Storms(StormOptions options)
        : options_(options), rates_(options.capacity), members_(options.storms) {}

    /// A finding wants to begin an alert. `alert` is what tells it from others (its key): findings
    /// of an alert that is in the storm already do not keep the storm going.
    [[nodiscard]] Answer count(const Finding& finding, const std::string& alert);
    /// A storm of before a restart goes on.
    void resume(const std::string& name, Timestamp time);
    /// A storm's alert was closed: what it had is forgotten, and a new one begins empty.
    void forget(const std::string& name);
    /// From here on so many alerts within the window are a storm when passed; 0: off.
    void storm_above(std::size_t alerts) { options_.alerts = alerts; }
    [[nodiscard]] bool on() const { return options_.alerts > 0; }
    [[nodiscard]] std::uint64_t evicted() const { return rates_.evicted() + members_.evicted(); }

  private:
    struct Rate {
        std::int64_t window = 0;  // its number since 1970
        double current = 0;
        double previous = 0;
        bool storm = false;
    };
    struct Turn {
        bool storm = false;
        bool fresh = false;
    };
    [[nodiscard]] Turn turn(const std::string& name, Timestamp time, std::uint64_t alert);

    StormOptions options_;
    BoundedTable<Rate> rates_;
    BoundedTable<std::unordered_set<std::uint64_t>> members_;  // at most kKnownAlerts of each storm
};

/// The network a finding comes from: the /24 of an IPv4 source, the /64 of another; empty when it
/// has none or it is loopback.
[[nodiscard]] std::string source_network(const Finding& finding);

}  // namespace kentongan
