#pragma once
// Why uploads stopped, as far as what else was heard tells it.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/event/event.hpp"
#include "daemon/event/log_second.hpp"
#include "daemon/event/traffic.hpp"

namespace kentongan::sirekap {

enum class StallCause : std::uint8_t {
    our_outage,       ///< requests arrive and our servers fail them
    attack,           ///< a flood of requests or of half-open connections
    upstream_outage,  ///< requests do not reach us
    quiet_hour,       ///< the middle of the night, and nothing else is wrong
    sensor_blind,     ///< the log we read is silent while other sources go on, or all are
};
[[nodiscard]] std::string_view name_of(StallCause cause);

struct Judgement {
    StallCause cause = StallCause::upstream_outage;
    int confidence = 0;                ///< per cent
    std::vector<std::string> reasons;  ///< for people
};

/// Remembers what each minute of the last two hours held in all logs and captures. One thread;
/// about 20 KiB, and 64 bytes for each of at most 1,024 logs.
class StallSigns {
  public:
    void take(const LogSecond& second);
    void take(const TrafficSecond& second);
    /// An upload came by this source.
    void upload_from(std::string_view source);
    [[nodiscard]] std::uint64_t evicted() const { return refused_; }

    struct Question {
        Timestamp begin{};  ///< of the stop
        Timestamp now{};
        bool some_came = false;  ///< a trickle of uploads: so we are not blind
        int local_hour = 12;     ///< where the area is
    };
    [[nodiscard]] Judgement judge(const Question& question) const;

  private:
    static constexpr std::int64_t kMinutes = 120;
    struct Minute {
        std::int64_t number = -1;  // since 1970
        std::uint64_t lines = 0;
        std::uint64_t requests = 0;
        std::uint64_t server_errors = 0;
        std::uint32_t flooded = 0;  // seconds with a flood of half-open connections
    };
    struct Log {
        std::int64_t heard = 0;  // minute
        bool has_uploads = false;
    };
    struct Sums {
        double minutes = 0;
        double lines = 0;
        double requests = 0;
        double server_errors = 0;
        double flooded = 0;
        [[nodiscard]] double request_rate() const { return minutes > 0 ? requests / minutes : 0; }
        [[nodiscard]] double error_share() const {
            return requests > 0 ? server_errors / requests : 0;
        }
    };

    Minute& minute_of(Timestamp time);
    [[nodiscard]] Sums sums(std::int64_t from, std::int64_t to) const;

    std::array<Minute, kMinutes> minutes_{};
    std::map<std::string_view, Log> logs_;  // by interned name of the source
    std::int64_t first_ = 0;                // minute heard first
    std::uint64_t refused_ = 0;
};

}  // namespace kentongan::sirekap
