#pragma once
// Notifier: what systemd is told (sd_notify), and the watchdog that only the pipeline itself feeds.
#include <map>
#include <optional>
#include <string>

#include "daemon/base/time.hpp"

namespace kentongan {

class Notifier {
  public:
    static void ready(const std::string& status);
    static void reloading();
    static void stopping();
    static void status(const std::string& text);
    /// Feeds systemd's watchdog, where there is one.
    static void alive();
};

/// Decides whether the data path lives: every lane's heartbeat must have reached the store lately.
/// Pure; times are those the heartbeats were made at.
class PulseMonitor {
  public:
    /// A heartbeat that is older when it reaches the store: the data path is stuck.
    static constexpr std::chrono::seconds kPatience{15};

    explicit PulseMonitor(std::size_t lanes, Duration patience = kPatience)
        : lanes_(lanes), patience_(patience) {}

    void arrived(const std::map<std::string, Timestamp>& heartbeats);
    /// True when each lane has a heartbeat in the store that is younger than the patience.
    [[nodiscard]] bool alive(Timestamp now) const;
    /// The oldest of the lanes' newest heartbeats; nothing until every lane has one.
    [[nodiscard]] std::optional<Timestamp> oldest() const;

  private:
    std::size_t lanes_;
    Duration patience_;
    std::map<std::string, Timestamp> newest_;
};

}  // namespace kentongan
