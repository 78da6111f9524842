#pragma once
// Pace: how often a server may be asked, and how long it is left alone after it could not answer.
#include <algorithm>
#include <chrono>
#include <optional>

namespace kentongan::sirekap {

/// Pure: times are given. One for all connections to a server.
class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Span = std::chrono::steady_clock::duration;

    Pace(double requests_per_second, Span first_backoff, Span longest_backoff)
        : gap_(std::chrono::duration_cast<Span>(
              std::chrono::duration<double>(1 / std::max(requests_per_second, 0.001)))),
          first_(first_backoff),
          longest_(longest_backoff) {}

    /// When the next request may go out; it is counted as sent then.
    Time take(Time now) {
        const Time at = std::max({now, next_, resume_});
        next_ = at + gap_;
        return at;
    }
    void answered() { failures_ = 0; }
    /// The server is busy or broken: everybody waits, twice as long with each failure in a row, and
    /// not less than it asks for (as far as that is not longer than the longest).
    void failed(Time now, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
        Span wait = first_;
        for (int i = 0; i < failures_ && wait < longest_; ++i) wait *= 2;
        ++failures_;
        if (retry_after) wait = std::max(wait, Span{std::min(Span{*retry_after}, longest_)});
        resume_ = std::max(resume_, now + std::min(wait, longest_));
    }
    [[nodiscard]] Time resume() const { return resume_; }

  private:
    Span gap_;
    Span first_;
    Span longest_;
    Time next_ = Time::min();
    Time resume_ = Time::min();
    int failures_ = 0;
};

}  // namespace kentongan::sirekap
