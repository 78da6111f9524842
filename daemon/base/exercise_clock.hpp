#pragma once
// ExerciseClock: an exercise has a time of its own, which may pass faster than the real one.
#include "daemon/base/time.hpp"

namespace kentongan {

/// When the real clock showed `began`, this one showed `time`; since then `speed` of its seconds
/// pass in each real one. Set from the same three values, the clocks of several processes agree,
/// and a process that starts anew goes on where it was.
class ExerciseClock final : public Clock {
  public:
    ExerciseClock(Timestamp began, Timestamp time, double speed, const Clock& real = system_clock())
        : began_(began), time_(time), speed_(speed), real_(real) {}

    [[nodiscard]] Timestamp now() const override {
        const auto passed = static_cast<double>((real_.now() - began_).count());
        return time_ + Duration{static_cast<Duration::rep>(passed * speed_)};
    }
    /// The real instant at which this clock shows `time`.
    [[nodiscard]] Timestamp real(Timestamp time) const {
        const auto ahead = static_cast<double>((time - time_).count());
        return began_ + Duration{static_cast<Duration::rep>(ahead / speed_)};
    }

  private:
    Timestamp began_;
    Timestamp time_;
    double speed_;
    const Clock& real_;
};

}  // namespace kentongan
