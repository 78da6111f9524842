// Two counts: of slow connections by source, of handshakes by service.
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
    if (bins_.ends_with(event.time)) {
        close_bin(out);
        bins_.open(event.time);
    }
    if (bins_.is_lost(event.time)) return;
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

void SlowDetector::close_bin(FindingSink& out) {
    for (const auto& [service, counts] : handshakes_) {
        const auto begun = static_cast<double>(counts.begun);
        const double unfinished = 1 - static_cast<double>(counts.finished) / begun;
        if (begun < kHandshakes || unfinished <= kUnfinished) continue;
        Finding finding;
        finding.rule = slow_exhaustion_rule();
        finding.time = bins_.begin();
        finding.entity = service.to_string();
        finding.subject.destination_ip = service.address;
        finding.subject.destination_port = service.port;
        finding.message = fmt::format(
            "{:.0f} TLS handshakes a second were begun with {}, {:.0f} % of them not finished",
            begun / 10, finding.entity, 100 * unfinished);
        finding.evidence.push_back(
            aggregate_evidence(counts.capture, finding.time, finding.message));
        episodes_.tell(std::move(finding), out);
    }
    handshakes_.clear();
}

}  // namespace kentongan::anomaly
