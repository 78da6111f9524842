// Judging one bin of one series.
#include "daemon/detect/anomaly/series/series_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kentongan::anomaly {

namespace {

constexpr std::uint64_t kLeastSample = 20;
constexpr std::uint64_t kLeastQuiet = 30;
constexpr double kLeastRate = 60;  // requests in a bin, seen or expected
constexpr double kRateFactor = 2;
constexpr std::uint64_t kLeastErrors = 10;
constexpr double kSizeFactor = 2;
constexpr std::uint64_t kLeastForClients = 100;  // requests
constexpr double kLeastLatencyRise = 50;         // ms
constexpr double kLeastBytes = 1e6;              // in a bin
constexpr double kLeastDeviation = 0.05;         // of a logarithm

/// By how much a share must have risen to matter.
double least_rise(Metric metric) { return metric == Metric::server_errors ? 0.05 : 0.15; }

}  // namespace

std::string_view name_of(Metric metric) {
    static constexpr std::array<std::string_view, kMetrics> kNames{
        "requests", "lines",           "server errors",       "client errors",
        "latency",  "size of answers", "requests of a client"};
    return kNames[static_cast<std::size_t>(metric)];
}

void Bin::add(const LogSecond::Route& route) {
    requests += route.requests;
    client_errors += route.client_errors;
    server_errors += route.server_errors;
    bytes += route.bytes;
    latency.add(route.latency);
}

SeriesModel::SeriesModel(std::size_t warm_up, bool of_log)
    : warm_up_(warm_up),
      of_log_(of_log),
      error_({.limit = 6, .least_deviation = kLeastDeviation}) {}

bool SeriesModel::told_lately(Metric metric) const {
    const auto told = told_[static_cast<std::size_t>(metric)];
    return told != 0 && bins_ - told <= std::max<std::uint64_t>(warm_up_ / 5, kLeastQuiet);
}

void SeriesModel::close(const Bin& bin, double clients, Calendar::Place place,
                        std::vector<Oddity>& out) {
    ++bins_;
    requests_ = requests_ || bin.requests != 0;
    if (requests_)
        rate(Metric::requests, bin.requests, place, out);
    else
        rate(Metric::lines, bin.lines, place, out);
    share(Metric::server_errors, bin.server_errors, bin.requests, out);
    share(Metric::client_errors, bin.client_errors, bin.requests, out);
    if (bin.latency.count >= kLeastSample)
        size(Metric::latency, static_cast<double>(bin.latency.quantile(0.95)) / 1000,
             bin.latency.count, out);
    if (bin.requests >= kLeastSample && bin.bytes > 0)
        size(Metric::bytes, static_cast<double>(bin.bytes) / static_cast<double>(bin.requests),
             bin.requests, out);
    if (clients > 0)
        size(Metric::per_client, static_cast<double>(bin.requests) / clients, bin.requests, out);
}

void SeriesModel::rate(Metric metric, std::uint64_t count, Calendar::Place place,
                       std::vector<Oddity>& out) {
    auto& model = place.polling && of_log_ ? polling_ : day_;
    if (!model) model.emplace(HoltWinters::Options{}, of_log_ ? Calendar::kPlaces : 1);
    const double value = std::log(static_cast<double>(count) + 1);
    const auto seen = model->add(value, place.index);
    const auto error = error_.add(seen.error);
    const int shift = shift_.add(error.z);
    const double expected = std::exp(seen.expected) - 1;
    if (bins_ <= warm_up_ || (shift == 0 && !seen.alarm)) return;
    const bool more = seen.error > 0;
    if (!more && !of_log_) return;
    if (std::max(static_cast<double>(count), expected) < kLeastRate) return;
    if (std::abs(seen.error) < std::log(kRateFactor)) return;
    const double band = 3 * std::max({seen.deviation, error_.deviation(), kLeastDeviation});
    tell({metric, static_cast<double>(count), expected, std::exp(seen.expected - band) - 1,
          std::exp(seen.expected + band) - 1, count, bins_},
         out);
}

/// A share that falls is good news.
void SeriesModel::share(Metric metric, std::uint64_t part, std::uint64_t all,
                        std::vector<Oddity>& out) {
    if (all < kLeastSample) return;
    const double value = static_cast<double>(part) / static_cast<double>(all);
    auto odd = judge(metric, value, all);
    if (!odd || part < kLeastErrors || value < odd->expected + least_rise(metric)) return;
    tell(*odd, out);
}

/// On a logarithm, for such values double rather than rise by so much.
void SeriesModel::size(Metric metric, double value, std::uint64_t of, std::vector<Oddity>& out) {
    auto odd = judge(metric, std::log(std::max(value, 1e-3)), of);
    if (!odd) return;
    odd->value = value;
    odd->expected = std::exp(odd->expected);
    odd->low = std::exp(odd->low);
    odd->high = std::exp(odd->high);
    if (value < kSizeFactor * odd->expected) return;
    if (metric == Metric::per_client && of < kLeastForClients) return;
    if (metric == Metric::latency && value < odd->expected + kLeastLatencyRise) return;
    if (metric == Metric::bytes && value * static_cast<double>(of) < kLeastBytes) return;
    tell(*odd, out);
}

std::optional<Oddity> SeriesModel::judge(Metric metric, double value, std::uint64_t of) {
    auto& slot = levels_[static_cast<std::size_t>(metric)];
    if (!slot) slot.emplace(Level{RangeEntropy{warm_up_}, EwmaZ{{.limit = HUGE_VAL}}});
    Level& level = *slot;
    Oddity odd{metric, value,          level.usual.mean(), level.range.low(), level.range.high(),
               of,     level.samples++};
    const auto verdict = level.range.add(value);
    (void)level.usual.add(value);
    using enum RangeEntropy::Verdict;
    if (verdict == learning || verdict == ordinary) return std::nullopt;
    return odd;
}

void SeriesModel::tell(Oddity oddity, std::vector<Oddity>& out) {
    if (told_lately(oddity.metric)) return;
    told_[static_cast<std::size_t>(oddity.metric)] = bins_;
    out.push_back(oddity);
}

}  // namespace kentongan::anomaly
