#pragma once
// How long to wait before an interface that went away is tried again.
#include <algorithm>
#include <chrono>

namespace kentongan::packet {

/// 1, 2, 4, 8, 16, then 30 seconds; from 1 again after a success.
class Retry {
  public:
    [[nodiscard]] std::chrono::seconds next() {
        const auto out = next_;
        next_ = std::min(next_ * 2, kLongest);
        return out;
    }
    void succeeded() { next_ = kFirst; }

  private:
    static constexpr std::chrono::seconds kFirst{1};
    static constexpr std::chrono::seconds kLongest{30};
    std::chrono::seconds next_ = kFirst;
};

}  // namespace kentongan::packet
