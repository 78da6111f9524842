#pragma once
// Board: how every source and every watched service does, from what the metrics count, looked at
// once a second. On the loop.
#include <boost/json/object.hpp>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan {

class Board {
  public:
    Board(std::vector<std::string> sources, const Metrics& metrics);

    /// Each second.
    void measure(Timestamp now);

    /// {"sensors":[{"source","kind","alive","events","per_second","last_event","dropped",
    /// "drop_ratio","lag_seconds","blind":[reasons],"blind_codes":[{"code","value"?}]}]}; rates are
    /// of the last minute. Codes, one a reason: dropped (percent), no_file, behind (seconds),
    /// no_bridge, no_scan (hours).
    [[nodiscard]] boost::json::object sensors() const;
    /// {"services":[{"service","requests_per_second","error_share","p95_seconds",
    /// "usual_per_second","peak_per_second","minutes":[rates]}]}, of logs that hold requests: over
    /// the last minute; and of the hour before it each minute's rate, their middle and highest one
    /// (null before ten minutes are known).
    [[nodiscard]] boost::json::object services() const;

  private:
    /// Totals at one time.
    struct Sample {
        Timestamp time{};
        double events = 0;
        double packets = 0;
        double dropped = 0;
        double requests = 0;
        double errors = 0;
    };
    struct Source {
        std::string name;
        std::string kind;            // packet, log, …
        std::string label;           // as the metrics name it
        std::deque<Sample> samples;  // a minute of them
        std::deque<double> rates;    // requests a second, of each minute of the last hour
        Sample minute{};             // when the one at hand began
        Timestamp last_event{};
    };
    /// Why a source sees less than it should: for people, and as a word for pages in other
    /// languages.
    struct Blind {
        std::string_view code;
        std::optional<double> value{};
        std::string text;
    };
    static void end_minute(Source& source, const Sample& fresh);
    [[nodiscard]] Sample sample(const Source& source, Timestamp now) const;
    [[nodiscard]] std::vector<Blind> blind(const Source& source) const;

    std::vector<Source> sources_;
    const Metrics& metrics_;
};

}  // namespace kentongan
