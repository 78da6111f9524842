// What the metrics say of each source, as rates and reasons.
#include "daemon/app/board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "daemon/event/event.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::size_t kSamples = 61;
constexpr std::size_t kMinutes = 60;
constexpr std::size_t kMinutesToCompare = 10;
constexpr double kBlindDrops = 0.001;
constexpr double kBlindLag = 60;
constexpr Duration kScanPatience = std::chrono::hours{26};  // a scan a day, and some

double per_second(double more, Duration time) {
    return time <= Duration{} ? 0 : more / to_seconds(time);
}

/// The middle and the highest of the minutes; null for too few.
std::pair<json::value, json::value> usual_and_peak(const std::deque<double>& rates) {
    if (rates.size() < kMinutesToCompare) return {nullptr, nullptr};
    std::vector<double> sorted(rates.begin(), rates.end());
    std::ranges::sort(sorted);
    return {sorted[sorted.size() / 2], sorted.back()};
}

}  // namespace

Board::Board(std::vector<std::string> sources, const Metrics& metrics) : metrics_(metrics) {
    for (std::string& name : sources) {
        Source source;
        const auto colon = name.find(':');
        source.kind = name.substr(0, colon);
        source.label = name;
        metrics_.sensor_last_seen.with({name}).set(0);
        source.name = std::move(name);
        sources_.push_back(std::move(source));
    }
}

Board::Sample Board::sample(const Source& source, Timestamp now) const {
    Sample out{.time = now};
    for (int kind = 0; kind < static_cast<int>(EventKind::heartbeat); ++kind)
        out.events +=
            metrics_.events.with({source.name, name_of(static_cast<EventKind>(kind))}).value();
    if (source.kind == "packet") {
        out.packets = metrics_.capture_packets.with({source.label}).value();
        out.dropped = metrics_.capture_kernel_drops.with({source.label}).value() +
                      metrics_.capture_nic_drops.with({source.label}).value();
    }
    for (const auto* outcome : {"ok", "client_error", "server_error"})
        out.requests += metrics_.service_requests.with({source.name, outcome}).value();
    out.errors = metrics_.service_requests.with({source.name, "server_error"}).value();
    return out;
}

/// An exercise's clock is faster: a look may end more than one minute.
void Board::end_minute(Source& source, const Sample& fresh) {
    const Duration time = fresh.time - source.minute.time;
    if (source.minute.time != Timestamp{} && time < std::chrono::minutes{1}) return;
    if (source.minute.time != Timestamp{})
        source.rates.push_back(per_second(fresh.requests - source.minute.requests, time));
    if (source.rates.size() > kMinutes) source.rates.pop_front();
    source.minute = fresh;
}

void Board::measure(Timestamp now) {
    for (Source& source : sources_) {
        const Sample fresh = sample(source, now);
        const bool moved = source.samples.empty()
                               ? fresh.events + fresh.packets > 0
                               : fresh.events > source.samples.back().events ||
                                     fresh.packets > source.samples.back().packets;
        if (moved) source.last_event = now;
        if (moved)
            metrics_.sensor_last_seen.with({source.name}).set(to_seconds(now.time_since_epoch()));
        end_minute(source, fresh);
        source.samples.push_back(fresh);
        if (source.samples.size() > kSamples) source.samples.pop_front();
    }
}

std::vector<Board::Blind> Board::blind(const Source& source) const {
    std::vector<Blind> out;
    if (source.samples.empty()) return out;
    const Sample& first = source.samples.front();
    const Sample& last = source.samples.back();
    if (const double lost = last.dropped - first.dropped; lost > 0) {
        const double all = last.packets - first.packets + lost;
        if (const double share = 100 * lost / all; lost > kBlindDrops * all)
            out.push_back(
                {"dropped", share, fmt::format("{:.1f} % of packets were dropped", share)});
    }
    if (source.kind == "log" && metrics_.log_open.with({source.label}).value() == 0)
        out.push_back({"no_file", {}, "no file is open: missing, or we may not read it"});
    if (const double lag = metrics_.log_lag.with({source.label}).value();
        source.kind == "log" && lag > kBlindLag)
        out.push_back({"behind", lag, fmt::format("reads {:.0f} s behind", lag)});
    if (source.kind == "zeek" && metrics_.zeek_connected.with().value() == 0)
        out.push_back({"no_bridge", {}, "no bridge that is peered with Zeek is connected"});
    if (source.kind == "integrity") {
        const std::string tree = source.name.substr(source.name.find(':') + 1);
        const double scanned = metrics_.fim_scan_last_success.with({tree}).value();
        const double now = to_seconds(last.time.time_since_epoch());
        if (const double hours = (now - scanned) / 3600;
            scanned > 0 && now - scanned > to_seconds(kScanPatience))
            out.push_back(
                {"no_scan", hours, fmt::format("no scan has ended well for {:.0f} h", hours)});
    }
    return out;
}

json::object Board::sensors() const {
    json::array rows;
    for (const Source& source : sources_) {
        json::array reasons;
        json::array codes;
        for (const Blind& one : blind(source)) {
            reasons.emplace_back(one.text);
            json::object code{{"code", one.code}};
            if (one.value) code["value"] = *one.value;
            codes.push_back(std::move(code));
        }
        json::object row{{"source", source.name}, {"kind", source.kind}};
        if (!source.samples.empty()) {
            const Sample& first = source.samples.front();
            const Sample& last = source.samples.back();
            const double lost = last.dropped - first.dropped;
            const double all = last.packets - first.packets + lost;
            row["events"] = static_cast<std::uint64_t>(last.events);
            row["per_second"] = per_second(last.events - first.events, last.time - first.time);
            row["dropped"] = static_cast<std::uint64_t>(last.dropped);
            row["drop_ratio"] = all > 0 ? lost / all : 0;
            if (source.kind == "packet") row["packets"] = static_cast<std::uint64_t>(last.packets);
        }
        if (source.kind == "log")
            row["lag_seconds"] = metrics_.log_lag.with({source.label}).value();
        row["last_event"] = source.last_event == Timestamp{}
                                ? json::value(nullptr)
                                : json::value(to_rfc3339(source.last_event));
        row["alive"] = reasons.empty();
        row["blind"] = std::move(reasons);
        row["blind_codes"] = std::move(codes);
        rows.push_back(std::move(row));
    }
    return {{"sensors", std::move(rows)}};
}

json::object Board::services() const {
    json::array rows;
    for (const Source& source : sources_) {
        if (source.samples.empty() || source.samples.back().requests == 0) continue;
        const Sample& first = source.samples.front();
        const Sample& last = source.samples.back();
        const double requests = last.requests - first.requests;
        const auto [usual, peak] = usual_and_peak(source.rates);
        const double p95 = metrics_.service_latency.with({source.name}).value();
        rows.push_back({{"service", source.name},
                        {"requests_per_second", per_second(requests, last.time - first.time)},
                        {"error_share", requests > 0 ? (last.errors - first.errors) / requests : 0},
                        {"p95_seconds", p95 > 0 ? json::value(p95) : json::value(nullptr)},
                        {"usual_per_second", usual},
                        {"peak_per_second", peak},
                        {"minutes", json::array(source.rates.begin(), source.rates.end())}});
    }
    return {{"services", std::move(rows)}};
}

}  // namespace kentongan
