#pragma once
// Finds what is out of the ordinary in the series of logs and their routes.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/anomaly/series/series_model.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// Adds the seconds of each log up to bins of a minute (a setting), for the log and for each of its
/// routes, and gives each finished bin to its SeriesModel. What is odd about a log is told once,
/// not again for its routes; the route that had most of it is named. A log that says nothing for a
/// bin adds none: its silence is LogGapDetector's matter. A second of a bin that is closed is late:
/// it counts in the open one when that is near, else not at all.
///
/// Logs and routes take turns in one table; the one heard of longest ago makes room.
class SeriesDetector final : public Detector {
  public:
    explicit SeriesDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.series"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const LogSecond& second, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override { return series_.evicted(); }
    [[nodiscard]] std::size_t entries() const override { return series_.size(); }
    [[nodiscard]] std::span<const Count> counts() const override { return counts_; }

  private:
    struct Series {
        std::string log;
        std::string route;  // empty: the log itself
        Bin bin;
        HyperLogLog clients{12};
        std::optional<SeriesModel> model;
        bool heard = false;  // in the open bin
    };

    Series& series_of(const LogSecond& second, std::string_view route);
    void close_bin(FindingSink& out);
    void close(Series& series, FindingSink& out);
    void tell(const Series& series, const Oddity& oddity, FindingSink& out);
    [[nodiscard]] bool told_of_log(const Series& route, Metric metric);
    [[nodiscard]] std::string worst_route(const Series& log, Metric metric);

    Bins bins_;
    std::size_t warm_up_;
    Calendar calendar_;
    LruTable<std::string, Series> series_;
    std::array<Count, 1> counts_{{{"late"}}};
    bool heard_ = false;  // anything in the open bin
    std::string key_;
    std::vector<Oddity> oddities_;
};

}  // namespace kentongan::anomaly
