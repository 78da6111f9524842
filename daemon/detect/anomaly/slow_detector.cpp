// Three counts: of connections that are held, of slow ones that ended, and of handshakes.
#include "daemon/detect/anomaly/slow_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {

constexpr Duration kWindow = std::chrono::seconds{60};
constexpr double kLeastSeconds = 10;
constexpr double kMostRate = 100;  // bytes a second
constexpr std::int64_t kMostBack = 200;
constexpr std::array<std::int64_t, 6> kWebPorts{80, 443, 8000, 8080, 8443, 3000};
constexpr double kHandshakes = 2000;  // in ten seconds
constexpr double kUnfinished = 0.6;
constexpr std::uint64_t kSilentForOne = 4;
constexpr std::uint64_t kManyHeld = 1000;  // where the number of workers is not known

bool is_slow(const Event& event) {
    const double seconds = event.get(Field::event_duration).number().value_or(0) / 1e9;
    const auto sent = event.integer(Field::source_bytes).value_or(0);
    return seconds > kLeastSeconds && sent > 0 && static_cast<double>(sent) < kMostRate * seconds &&
           event.integer(Field::destination_bytes).value_or(0) < kMostBack;
}

}  // namespace

SlowDetector::SlowDetector(const AnomalyOptions& options)
    : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(options.table_entries, 1))),
      slow_(options.table_entries, kWindow, options.seed),
      workers_(static_cast<std::uint64_t>(std::max<std::int64_t>(options.web_workers, 0))),
      episodes_(options.table_entries, 2 * kWindow, options.seed) {}

std::uint64_t SlowDetector::evicted() const {
    return slow_.evicted() + episodes_.evicted() + refused_;
}

void SlowDetector::inspect(const Event& event, FindingSink& out) {
    if (event.kind == EventKind::conn)
        connection(event, out);
    else
        handshake(event, out);
}

void SlowDetector::connection(const Event& event, FindingSink& out) {
    const auto from = event.ip(Field::source_ip);
    const auto to = event.ip(Field::destination_ip);
    const auto port = event.integer(Field::destination_port).value_or(0);
    if (!from || !to || std::ranges::find(kWebPorts, port) == kWebPorts.end() || !is_slow(event))
        return;
    Slow& slow = slow_.touch({*from, *to}, event.time).value;
    if (slow.ends.size() < kConnections) {
        slow.ends.push_back(event.time);
        if (slow.ends.size() < kConnections) return;
    } else {
        slow.ends[slow.next] = event.time;
        slow.next = (slow.next + 1) % kConnections;
    }
    if (slow.ends[slow.next] + kWindow <= event.time) return;
    Finding finding = finding_of(
        slow_exhaustion_rule(), event,
        fmt::format("{} held at least {} connections to {} port {} open for over {:.0f} s each, "
                    "sending less than {:.0f} B/s and getting no answer, ended within 60 s",
                    from->to_string(), kConnections, to->to_string(), port, kLeastSeconds,
                    kMostRate));
    finding.entity = fmt::format("{} {}", from->to_string(), to->to_string());
    episodes_.tell(std::move(finding), out);
}

void SlowDetector::handshake(const Event& event, FindingSink& out) {
    const auto to = event.ip(Field::destination_ip);
    const auto port = event.integer(Field::destination_port);
    const Value finished = event.get(Field::tls_established);
    if (!to || !port || finished.type() == Value::Type::null) return;
    if (!enters(event.time, out)) return;
    const Endpoint service{*to, static_cast<std::uint16_t>(*port)};
    if (handshakes_.size() >= capacity_ && !handshakes_.contains(service)) {
        ++refused_;
        return;
    }
    Handshakes& counts = handshakes_[service];
    ++counts.begun;
    counts.finished += finished.boolean() || finished.text() == "true" ? 1 : 0;
    counts.capture = event.origin.source;
}

void SlowDetector::advance(Timestamp now, FindingSink& out) {
    if (bins_.over(now)) {
        close_bin(out);
        bins_.open_next();
    }
    slow_.expire(now);
    episodes_.advance(now, out);
}

bool SlowDetector::enters(Timestamp time, FindingSink& out) {
    if (bins_.ends_with(time)) {
        close_bin(out);
        bins_.open(time);
    }
    return !bins_.is_lost(time);
}

void SlowDetector::inspect(const TrafficSecond& traffic, FindingSink& out) {
    if (traffic.held.empty() || !enters(traffic.second, out)) return;
    for (const auto& each : traffic.held) {
        if (std::ranges::find(kWebPorts, each.port) == kWebPorts.end()) continue;
        const Holder holder{each.source, {each.destination, each.port}};
        const auto add = [&](auto& table, const auto& key) {
            if (table.size() >= capacity_ && !table.contains(key)) {
                ++refused_;
                return;
            }
            Held& sums = table[key];
            sums.dribbling += each.dribbling;
            sums.silent += each.silent;
            sums.capture = std::max(sums.capture, traffic.source);
        };
        if (each.source != IpAddress{}) add(holders_, holder);
        add(held_, holder.service);
    }
}

void SlowDetector::close_bin(FindingSink& out) {
    judge_handshakes(out);
    judge_holders(out);
    judge_held(out);
    handshakes_.clear();
    holders_.clear();
    held_.clear();
}

Finding SlowDetector::finding(const Endpoint& service, std::string entity, std::string message,
                              std::string_view capture) const {
    Finding out;
    out.rule = slow_exhaustion_rule();
    out.time = bins_.begin();
    out.entity = std::move(entity);
    out.subject.destination_ip = service.address;
    out.subject.destination_port = service.port;
    out.message = std::move(message);
    out.evidence.push_back(aggregate_evidence(capture, out.time, out.message));
    return out;
}

void SlowDetector::judge_holders(FindingSink& out) {
    for (const auto& [holder, sums] : holders_) {
        if (sums.dribbling + sums.silent / kSilentForOne < kConnections) continue;
        const std::string from = holder.source.to_string();
        Finding told = finding(
            holder.service, fmt::format("{} {}", from, holder.service.address.to_string()),
            fmt::format("{} holds {} connections to {} open on which it sends less than {:.0f} B/s "
                        "and gets no answer, and {} on which it says nothing",
                        from, sums.dribbling, holder.service.to_string(), kMostRate, sums.silent),
            sums.capture);
        told.subject.source_ip = holder.source;
        episodes_.tell(std::move(told), out);
    }
}

void SlowDetector::judge_held(FindingSink& out) {
    for (const auto& [service, sums] : held_) {
        const bool known = workers_ > 0;
        const std::uint64_t count = sums.dribbling + (known ? sums.silent : 0);
        if (known ? 2 * count < workers_ : count < kManyHeld) continue;
        episodes_.tell(
            finding(service, service.to_string(),
                    fmt::format(
                        "{} connections to {} are held open with less than "
                        "{:.0f} B/s and no answer, {} more say nothing{}",
                        sums.dribbling, service.to_string(), kMostRate, sums.silent,
                        known ? fmt::format("; it serves {} at once", workers_) : std::string{}),
                    sums.capture),
            out);
    }
}

void SlowDetector::judge_handshakes(FindingSink& out) {
    for (const auto& [service, counts] : handshakes_) {
        const auto begun = static_cast<double>(counts.begun);
        const double unfinished = 1 - static_cast<double>(counts.finished) / begun;
        if (begun < kHandshakes || unfinished <= kUnfinished) continue;
        episodes_.tell(
            finding(service, service.to_string(),
                    fmt::format("{:.0f} TLS handshakes a second were begun with {}, {:.0f} % of "
                                "them not finished",
                                begun / 10, service.to_string(), 100 * unfinished),
                    counts.capture),
            out);
    }
}

}  // namespace kentongan::anomaly
