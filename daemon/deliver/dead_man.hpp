#pragma once
// DeadMan: notices that signs of life have stopped. Pure: no clock, no sockets.
#include <optional>

#include "daemon/base/time.hpp"

namespace kentongan {

class DeadMan {
  public:
    struct Notice {
        bool alive = false;  ///< they are back; else they have stopped
        Duration silence{};  ///< since the last one, or since the start
    };

    /// Silence counts from `start` until the first sign. While it lasts, a notice is repeated each
    /// ten times `grace`.
    DeadMan(Timestamp start, Duration grace) : grace_(grace), last_(start) {}

    /// A sign of life made at `made`, by its sender's clock, came at `now`. One that is not newer
    /// than the last is a repetition, or somebody's recording, and changes nothing.
    std::optional<Notice> heard(Timestamp made, Timestamp now) {
        if (made <= newest_) return std::nullopt;
        newest_ = made;
        const Duration silence = now - last_;
        last_ = now;
        if (!told_) return std::nullopt;
        told_.reset();
        return Notice{true, silence};
    }

    /// Time passes; call it each second or so.
    std::optional<Notice> advance(Timestamp now) {
        if (now - last_ <= grace_ || (told_ && now - *told_ < grace_ * 10)) return std::nullopt;
        told_ = now;
        return Notice{false, now - last_};
    }

    [[nodiscard]] bool silent() const { return told_.has_value(); }

  private:
    Duration grace_;
    Timestamp last_;
    Timestamp newest_{};
    std::optional<Timestamp> told_;
};

}  // namespace kentongan
