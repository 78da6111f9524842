#pragma once
// What one end of a conversation sends, in windows for rules that look at raw bytes.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet {

/// Windows overlap, so that what is no longer than kOverlap is whole in one of them. Pure.
class PayloadWindow {
  public:
    static constexpr std::size_t kWindow = 64 * 1024;
    static constexpr std::size_t kOverlap = 4 * 1024;

    /// `most`: bytes that are looked at; of what comes later only that it came is known.
    explicit PayloadWindow(std::uint64_t most) : left_(most) {}

    /// Calls each(window) for each that is full.
    template <class Each>
    void add(Bytes data, Each&& each) {
        const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), left_));
        left_ -= taken;
        cut_ = cut_ || taken < data.size();
        data = data.first(taken);
        while (!data.empty()) {
            const Bytes part = data.first(std::min(data.size(), kWindow - bytes_.size()));
            bytes_.append(as_text(part));
            fresh_ += part.size();
            data = data.subspan(part.size());
            if (bytes_.size() < kWindow) break;
            each(as_bytes(bytes_));
            bytes_.erase(0, kWindow - kOverlap);
            fresh_ = 0;
        }
        if (left_ == 0) finish(each);
    }
    /// Nothing more comes, or bytes are missing: what has not been in a window yet.
    template <class Each>
    void finish(Each&& each) {
        if (fresh_ > 0) each(as_bytes(bytes_));
        std::string{}.swap(bytes_);
        fresh_ = 0;
    }

    [[nodiscard]] bool wants_more() const { return left_ > 0; }
    [[nodiscard]] std::size_t held_bytes() const { return bytes_.capacity(); }
    /// True once, when bytes past the most have come.
    [[nodiscard]] bool take_cut() { return cut_ && !std::exchange(cut_told_, true); }

  private:
    std::string bytes_;
    std::size_t fresh_ = 0;  // of them, in no window yet
    std::uint64_t left_;
    bool cut_ = false;
    bool cut_told_ = false;
};

}  // namespace kentongan::packet
