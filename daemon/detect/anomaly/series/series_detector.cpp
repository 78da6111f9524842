// Bins, and sentences about them.
#include "daemon/detect/anomaly/series/series_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/anomaly/series/words.hpp"

namespace kentongan::anomaly {

namespace {

constexpr Duration kMemory = std::chrono::hours{24};

const RulePointer& rule_of(Metric metric) {
    switch (metric) {
        case Metric::server_errors:
        case Metric::client_errors:
            return error_share_rule();
        case Metric::latency:
            return latency_rule();
        case Metric::bytes:
            return answer_size_rule();
        default:
            return request_rate_rule();
    }
}

std::string value_text(Metric metric, double value) {
    switch (metric) {
        case Metric::server_errors:
        case Metric::client_errors:
            return spoken_share(std::max(value, 0.0));
        case Metric::latency:
            return spoken_latency(value);
        case Metric::bytes:
            return spoken_bytes(value);
        case Metric::per_client:
            return fmt::format("{:.1f}", value);
        case Metric::requests:
        case Metric::lines:
            break;
    }
    return fmt::format("{:.0f}", std::max(value, 0.0));
}

/// How much of a metric one route had, for naming the worst.
double part_of(const Bin& bin, Metric metric) {
    switch (metric) {
        case Metric::server_errors:
            return static_cast<double>(bin.server_errors);
        case Metric::client_errors:
            return static_cast<double>(bin.client_errors);
        case Metric::latency:
            return static_cast<double>(bin.latency.total_us);
        case Metric::bytes:
            return static_cast<double>(bin.bytes);
        default:
            return static_cast<double>(bin.requests);
    }
}

std::string subject(Metric metric) {
    switch (metric) {
        case Metric::latency:
            return "95 % of answers within";
        case Metric::bytes:
            return "mean size of an answer";
        case Metric::per_client:
            return "requests of a client address";
        default:
            return std::string(name_of(metric));
    }
}

}  // namespace

SeriesDetector::SeriesDetector(const AnomalyOptions& options)
    : bins_(std::chrono::seconds{std::max<std::int64_t>(options.series_bin_seconds, 1)}),
      warm_up_(static_cast<std::size_t>(std::max<std::int64_t>(options.series_warm_up_bins, 1))),
      calendar_(options.polls_close, options.local_offset),
      series_(options.series_entries, kMemory, options.seed) {}

void SeriesDetector::inspect(const LogSecond& second, FindingSink& out) {
    if (bins_.ends_with(second.second)) {
        if (heard_) close_bin(out);
        bins_.open(second.second);
    }
    counts_[0].total += bins_.is_late(second.second) ? second.events : second.late;
    if (bins_.is_lost(second.second)) return;
    heard_ = true;
    Series& log = series_of(second, {});
    log.bin.lines += second.events;
    for (const auto which : second.clients) log.clients.add_register(which);
    for (const LogSecond::Route& route : second.routes) log.bin.add(route);
    // The log may leave the table while its routes come in; it is not touched below.
    for (const LogSecond::Route& route : second.routes)
        if (route.name) series_of(second, *route.name).bin.add(route);
}

SeriesDetector::Series& SeriesDetector::series_of(const LogSecond& second, std::string_view route) {
    key_.assign(second.source).append("\n").append(route);
    auto [series, created] = series_.touch(key_, second.second);
    if (created) {
        series.log = second.source;
        series.route = route;
        series.model.emplace(warm_up_, route.empty());
    }
    series.heard = true;
    return series;
}

void SeriesDetector::advance(Timestamp now, FindingSink& out) {
    if (!heard_ || !bins_.over(now)) return;
    close_bin(out);
    bins_.open_next();
    series_.expire(now);
}

/// Logs first, so that their routes know what was told already.
void SeriesDetector::close_bin(FindingSink& out) {
    heard_ = false;
    for (const bool routes : {false, true})
        series_.for_each([&](const std::string&, Series& series) {
            if (series.heard && series.route.empty() != routes) close(series, out);
        });
    series_.for_each([](const std::string&, Series& series) {
        if (!series.heard) return;
        series.bin = {};
        series.clients.clear();
        series.heard = false;
    });
}

void SeriesDetector::close(Series& series, FindingSink& out) {
    const double clients = series.route.empty() ? series.clients.estimate() : 0;
    oddities_.clear();
    series.model->close(series.bin, clients >= 1 ? clients : 0, calendar_.place_of(bins_.begin()),
                        oddities_);
    for (const Oddity& oddity : oddities_)
        if (series.route.empty() || !told_of_log(series, oddity.metric)) tell(series, oddity, out);
}

bool SeriesDetector::told_of_log(const Series& route, Metric metric) {
    key_.assign(route.log).append("\n");
    const Series* log = series_.find(key_);
    return log != nullptr && log->model->told_lately(metric);
}

std::string SeriesDetector::worst_route(const Series& log, Metric metric) {
    const Series* worst = nullptr;
    series_.for_each([&](const std::string&, const Series& series) {
        if (!series.heard || series.route.empty() || series.log != log.log) return;
        if (worst == nullptr || part_of(series.bin, metric) > part_of(worst->bin, metric))
            worst = &series;
    });
    return worst == nullptr ? std::string{} : worst->route;
}

void SeriesDetector::tell(const Series& series, const Oddity& oddity, FindingSink& out) {
    const Timestamp end = bins_.end();
    Finding finding;
    finding.rule = rule_of(oddity.metric);
    finding.time = end;
    finding.entity = printable_utf8(series.log, 200);
    if (!series.route.empty()) finding.entity += " " + printable_utf8(series.route, 200);
    const auto say = [&](double value) { return value_text(oddity.metric, value); };
    finding.message = fmt::format(
        "{}: {} {} in the {} to {} (of {}); usually {}, ordinary were {} to {} in {} before",
        finding.entity, subject(oddity.metric), say(oddity.value), spoken(bins_.step()),
        to_rfc3339(end, 0), oddity.of, say(oddity.expected), say(oddity.low), say(oddity.high),
        spoken(bins_.step() * static_cast<std::int64_t>(oddity.bins)));
    if (series.route.empty())
        if (const auto route = worst_route(series, oddity.metric); !route.empty())
            finding.message += ", mostly " + printable_utf8(route, 200);
    finding.evidence.push_back(aggregate_evidence(series.log, bins_.begin(), finding.message));
    out.report(std::move(finding));
}

}  // namespace kentongan::anomaly
