#pragma once
// A clock that stands still until it is moved.
#include "daemon/base/time.hpp"

namespace kentongan {

class ManualClock final : public Clock {
  public:
    explicit ManualClock(Timestamp start = *parse_rfc3339("2024-11-27T06:00:00Z")) : now_(start) {}
    [[nodiscard]] Timestamp now() const override { return now_; }
    void advance(Duration by) { now_ += by; }
    void set(Timestamp now) { now_ = now; }

  private:
    Timestamp now_;
};

}  // namespace kentongan
