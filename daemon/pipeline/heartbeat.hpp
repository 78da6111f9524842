#pragma once
// HeartbeatCollector: each lane's pulse. Its events take the way of every other, from collector to
// store, and what arrives there feeds the watchdog.
#include <string>

#include "collectors/collector.hpp"

namespace kentongan {

class HeartbeatCollector final : public Collector {
  public:
    /// `name` such as "heartbeat:lane-0"; one beat each `period`.
    HeartbeatCollector(std::string name, std::chrono::milliseconds period, const Clock& clock)
        : name_(std::move(name)), period_(period), clock_(clock) {}

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;

  private:
    std::string name_;
    std::chrono::milliseconds period_;
    const Clock& clock_;
};

}  // namespace kentongan
