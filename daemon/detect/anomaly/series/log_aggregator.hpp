#pragma once
// LogAggregator: counts the events of one log and hands on one LogSecond for each second of event
// time.
#include <array>
#include <optional>
#include <vector>

#include "daemon/detect/anomaly/series/space_saving.hpp"
#include "daemon/event/event.hpp"
#include "daemon/event/log_second.hpp"

namespace kentongan::anomaly {

/// Lives on the lane of its log; what it gives depends on the log alone, not on the number of
/// lanes. No allocation an event once the usual routes are known; each second allocates what it
/// hands on.
///
/// One second is open. An event older than it is late and counted in it all the same; eight in a
/// row that are more than 2 s behind the newest mean that the log's clock was set back, and the
/// second moves back with it (`LogSecond::stepped_back`). A route gets its name once it was asked
/// for twenty times; of 128 the least frequent makes room (SpaceSaving), and what has no name is
/// "other". Memory: about 40 KiB.
class LogAggregator {
  public:
    /// `source`: interned name of the log. `seed`: of the hashes, the same for all logs.
    LogAggregator(std::string_view source, std::uint64_t seed);

    /// The second that this event ends, if it does.
    [[nodiscard]] std::optional<LogSecond> add(const Event& event);
    /// The open second as far as it came, when the log has nothing more to say for now. The rest of
    /// the same second, should there be one, is another LogSecond.
    [[nodiscard]] std::optional<LogSecond> close();
    /// The last one, marked as such; nothing when there never was an event.
    [[nodiscard]] std::optional<LogSecond> finish();

    /// Names pushed out of the table of routes.
    [[nodiscard]] std::uint64_t evicted() const { return routes_.replaced(); }

  private:
    struct Request {
        std::string_view path;
        std::int64_t status = 0;
        std::int64_t bytes = 0;
        std::int64_t nanoseconds = -1;
    };

    [[nodiscard]] std::optional<LogSecond> settle(Timestamp time);
    [[nodiscard]] std::optional<LogSecond> settle_late(Timestamp time);
    [[nodiscard]] LogSecond take();
    void begin(Timestamp time);
    void count(const Event& event);
    void read(const Event& event);
    void client(const IpAddress& address);
    void request(const Request& request);
    LogSecond::Route& route_of(std::string_view path);
    void into_other(LogSecond::Route& from);

    KeyedHash hash_;
    SpaceSaving routes_;
    std::vector<LogSecond::Route> counts_;  // by place in routes_
    std::vector<std::uint32_t> active_;     // places with requests in this second
    std::shared_ptr<const std::string> other_name_;
    LogSecond::Route other_;
    std::array<std::uint8_t, 4096> registers_{};
    std::vector<std::uint16_t> touched_;  // registers that are not 0
    LogSecond open_;                      // without routes, clients and line
    std::string line_;
    bool begun_ = false;
    Timestamp newest_{};
    std::uint32_t late_run_ = 0;
    std::uint32_t late_before_ = 0;  // open_.late and lateness before the run
    Duration lateness_before_{0};
};

}  // namespace kentongan::anomaly
