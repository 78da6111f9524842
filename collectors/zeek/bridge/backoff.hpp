#pragma once
// How long to wait before the next attempt: 1 s, doubled up to 30 s, spread by up to a quarter so
// that many bridges do not knock at once. Decides only.
#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>

namespace kentongan::bridge {

class Backoff {
  public:
    explicit Backoff(std::string_view peer) : spread_(std::hash<std::string_view>{}(peer) % 250) {}

    void succeeded() { step_ = std::chrono::milliseconds{1000}; }
    [[nodiscard]] std::chrono::milliseconds next() {
        const auto pause = step_ + step_ * static_cast<int>(spread_) / 1000;
        step_ = std::min(step_ * 2, std::chrono::milliseconds{30'000});
        return pause;
    }

  private:
    std::size_t spread_;
    std::chrono::milliseconds step_{1000};
};

}  // namespace kentongan::bridge
