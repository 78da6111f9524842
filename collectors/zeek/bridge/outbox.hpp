#pragma once
// Frames that wait for the daemon: bounded in bytes; when full the newest is dropped and counted.
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "collectors/zeek/frame.hpp"

namespace kentongan::bridge {

/// What happened since the last status frame.
struct Tally {
    std::uint64_t forwarded = 0;
    std::uint64_t dropped = 0;
    std::uint64_t undecodable = 0;
};

class Outbox {
  public:
    explicit Outbox(std::size_t byte_cap) : cap_(byte_cap) {}

    /// False when there is no room.
    bool push(std::string_view json) {
        if (bytes_ + json.size() + 4 > cap_) return false;
        std::string frame;
        frame.reserve(json.size() + 4);
        zeek::append_frame(frame, json);
        bytes_ += frame.size();
        frames_.push_back(std::move(frame));
        return true;
    }

    /// The oldest frames in one piece of at least one frame, at most `bytes` if more than one.
    [[nodiscard]] std::string next_piece(std::size_t bytes) const {
        std::string out;
        for (const auto& frame : frames_) {
            if (!out.empty() && out.size() + frame.size() > bytes) break;
            out += frame;
        }
        return out;
    }

    /// Removes the frames that lie wholly in the first `bytes`; how many. What was cut goes again,
    /// whole, over the next connection.
    std::uint64_t written(std::size_t bytes) {
        std::uint64_t count = 0;
        for (; !frames_.empty() && frames_.front().size() <= bytes; ++count) {
            bytes -= frames_.front().size();
            bytes_ -= frames_.front().size();
            frames_.pop_front();
        }
        return count;
    }

    [[nodiscard]] bool empty() const { return frames_.empty(); }

  private:
    std::size_t cap_;
    std::size_t bytes_ = 0;
    std::deque<std::string> frames_;
};

}  // namespace kentongan::bridge
