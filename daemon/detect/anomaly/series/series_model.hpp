#pragma once
// The models of one log's or one route's series: what a bin of it was like, and what is odd about
// it.
#include <optional>
#include <string>
#include <vector>

#include "daemon/detect/anomaly/series/calendar.hpp"
#include "daemon/detect/anomaly/series/cusum.hpp"
#include "daemon/detect/anomaly/series/ewma.hpp"
#include "daemon/detect/anomaly/series/holt_winters.hpp"
#include "daemon/detect/anomaly/series/hyperloglog.hpp"
#include "daemon/detect/anomaly/series/range_entropy.hpp"
#include "daemon/event/log_second.hpp"

namespace kentongan::anomaly {

/// What is followed of a log and of a route.
enum class Metric : std::uint8_t {
    requests,
    lines,          ///< of logs that hold no requests
    server_errors,  ///< share of status 5xx
    client_errors,  ///< share of status 4xx
    latency,        ///< 95th percentile, ms
    bytes,          ///< of an answer, mean
    per_client,     ///< requests per distinct address (logs only)
};
inline constexpr std::size_t kMetrics = 7;
[[nodiscard]] std::string_view name_of(Metric metric);

/// Sums over one bin.
struct Bin {
    std::uint64_t lines = 0;
    std::uint64_t requests = 0;
    std::uint64_t client_errors = 0;
    std::uint64_t server_errors = 0;
    std::uint64_t bytes = 0;
    LatencyCounts latency;

    void add(const LogSecond::Route& route);
};

/// Something told about a bin.
struct Oddity {
    Metric metric{};
    double value = 0;        ///< in the metric's unit
    double expected = 0;     ///< usual value, in the same unit
    double low = 0;          ///< ordinary before, from
    double high = 0;         ///< to
    std::uint64_t of = 0;    ///< requests or lines behind the value
    std::uint64_t bins = 0;  ///< bins before, in which it was not so
};

/// Models of one series' metrics. Ratios, latencies and sizes go through RangeEntropy (the last two
/// as logarithms); the rate through Holt-Winters on its logarithm, whose errors, standardised, go
/// through CUSUM. A bin with fewer than 20 requests is no sample but of the rate. An alarm is told
/// when the change also matters in itself (say, a share of errors that is up by a twentieth), and
/// then not again for a fifth of the warm-up.
///
/// Memory: up to 12 KiB while warming up, then 5 KiB, and 3.4 KiB for each season used.
class SeriesModel {
  public:
    /// `of_log`: of a whole log, so that a falling rate is told, and seasons are learnt.
    SeriesModel(std::size_t warm_up, bool of_log);

    /// Ends a bin; what is odd about it. `clients`: distinct addresses, 0 when not known.
    void close(const Bin& bin, double clients, Calendar::Place place, std::vector<Oddity>& out);

    /// Bins closed so far.
    [[nodiscard]] std::uint64_t bins() const { return bins_; }
    [[nodiscard]] bool told_lately(Metric metric) const;

  private:
    struct Level {
        RangeEntropy range;
        EwmaZ usual;
        std::uint64_t samples = 0;
    };

    void rate(Metric metric, std::uint64_t count, Calendar::Place place, std::vector<Oddity>& out);
    void share(Metric metric, std::uint64_t part, std::uint64_t all, std::vector<Oddity>& out);
    void size(Metric metric, double value, std::uint64_t of, std::vector<Oddity>& out);
    std::optional<Oddity> judge(Metric metric, double value, std::uint64_t of);
    void tell(Oddity oddity, std::vector<Oddity>& out);

    std::size_t warm_up_;
    bool of_log_;
    bool requests_ = false;  // there was one
    std::uint64_t bins_ = 0;
    std::array<std::optional<Level>, kMetrics> levels_;
    std::array<std::uint64_t, kMetrics> told_{};  // bin of the last one, 0 never
    std::optional<HoltWinters> day_;
    std::optional<HoltWinters> polling_;
    EwmaZ error_;
    Cusum shift_;
};

}  // namespace kentongan::anomaly
