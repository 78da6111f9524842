#pragma once
// Which events a lane hands on to the correlator.
#include <array>
#include <vector>

#include "daemon/detect/detector.hpp"

namespace kentongan {

class Wanted {
  public:
    /// Those that pass the filter, or all.
    void add(EventKind kind, EventFilter filter = nullptr);
    [[nodiscard]] bool operator()(const Event& event) const;

  private:
    struct Kind {
        bool all = false;
        std::vector<EventFilter> filters;
    };
    std::array<Kind, static_cast<std::size_t>(EventKind::heartbeat) + 1> kinds_;
};

}  // namespace kentongan
