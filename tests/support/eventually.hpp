#pragma once
// Waits for something another process or thread brings about, by looking again and again.
#include <chrono>
#include <thread>

namespace kentongan {

/// True as soon as `condition()` is. The limit is there only so that a test that fails ends.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition,
                              std::chrono::seconds limit = std::chrono::seconds{180}) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
}

}  // namespace kentongan
