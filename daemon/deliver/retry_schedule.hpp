#pragma once
// RetrySchedule: what to do after an attempt, and when to try again. Pure: no clock, no sockets.
#include <cstdint>

#include "daemon/deliver/delivery_channel.hpp"

namespace kentongan {

struct RetryPolicy {
    std::chrono::seconds longest{60};  ///< pause once the first quick attempts have failed
    std::chrono::hours give_up{72};    ///< age at which a message is put aside
    int rejections = 20;               ///< answers 400, 413 or 422 until a message is put aside
    std::chrono::seconds retry_after_cap{300};  ///< more than that is not waited for
    std::uint64_t seed = 0;                     ///< of the jitter
};

/// What became of an attempt, and what follows.
struct Verdict {
    DeliveryOutcome::State state = DeliveryOutcome::State::retry;
    bool rejected = false;  ///< the destination will not take this message
    bool gone = false;      ///< 410: the endpoint was taken down; people must be told
    Duration wait{};        ///< before the next attempt at this message
    std::string detail;     ///< the receipt, or why it failed: printable, cut at 1 KiB
};

/// What is known about the message that is being tried.
struct AttemptHistory {
    std::int64_t sequence = 0;
    int attempts = 0;    ///< with the one just made
    int rejections = 0;  ///< before the one just made, in this process
    Duration age{};      ///< since the message was committed
};

class RetrySchedule {
  public:
    explicit RetrySchedule(RetryPolicy policy) : policy_(policy) {}

    /// 2xx is success; 400, 413 and 422 reject the message; everything else, redirects included, is
    /// tried again in 1, 2, 5, 10, 30 s and then every `longest`, each ±20 %, and not before the
    /// answer's Retry-After (capped).
    [[nodiscard]] Verdict judge(const Result<Receipt>& answer, const AttemptHistory& history) const;

    /// The pause after so many attempts, with jitter.
    [[nodiscard]] Duration pause(std::int64_t sequence, int attempts) const;

  private:
    RetryPolicy policy_;
};

}  // namespace kentongan
