#pragma once
// Which events a lane hands on to the correlator.
#include <array>
#include <span>
#include <vector>

#include "daemon/event/event.hpp"

namespace kentongan {

class Wanted {
  public:
    /// From these log sources; none: from all. An attribute that is empty stands for any.
    void add(EventKind kind, std::span<const LogSource> only_from = {});
    [[nodiscard]] bool operator()(const Event& event) const;

  private:
    struct Kind {
        bool from_all = false;
        std::vector<LogSource> from;
    };
    std::array<Kind, static_cast<std::size_t>(EventKind::heartbeat) + 1> kinds_;
};

}  // namespace kentongan
