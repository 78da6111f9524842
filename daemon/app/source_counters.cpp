#include "daemon/app/source_counters.hpp"

#include <algorithm>

#include "daemon/event/event.hpp"

namespace kentongan {

using ledger::Coverage;

namespace {

std::uint64_t whole(double value) { return value > 0 ? static_cast<std::uint64_t>(value) : 0; }

/// The sum over the second label.
template <class Family, class... Results>
std::uint64_t sum(Family& family, const std::string& label, Results... results) {
    return (whole(family.with({label, results}).value()) + ...);
}

/// Seconds from a time that a gauge has to now; nothing while it never was.
std::optional<double> since(double then, Timestamp now) {
    if (then <= 0) return std::nullopt;
    return std::max(0.0, to_seconds(now.time_since_epoch()) - then);
}

Coverage of_packets(const std::string& label, const Metrics& metrics) {
    Coverage out;
    out.inspected = whole(metrics.capture_packets.with({label}).value());
    out.dropped = whole(metrics.capture_kernel_drops.with({label}).value() +
                        metrics.capture_nic_drops.with({label}).value());
    out.seen = out.inspected + out.dropped;
    return out;
}

Coverage of_lines(const std::string& label, const Metrics& metrics) {
    Coverage out;
    out.inspected = sum(metrics.log_lines, label, "parsed");
    out.dropped = sum(metrics.log_lines, label, "unparsed", "oversize");
    out.seen = out.inspected + out.dropped + sum(metrics.log_lines, label, "blank");
    out.lag_seconds = metrics.log_lag.with({label}).value();
    return out;
}

/// Changes of files; that the others were looked at is what the time since the last scan says.
Coverage of_files(const std::string& source, const std::string& tree, const Metrics& metrics,
                  Timestamp now) {
    Coverage out;
    out.seen = out.inspected = sum(metrics.events, source, name_of(EventKind::file));
    out.lag_seconds = since(metrics.fim_scan_last_success.with({tree}).value(), now);
    return out;
}

Coverage of_published(const std::string& label, const Metrics& metrics, Timestamp now) {
    Coverage out;
    auto& fetches = metrics.published_fetches;
    out.inspected = sum(fetches, label, "changed", "unchanged", "missing", "read", "skipped");
    out.dropped = sum(fetches, label, "busy", "server_error", "refused", "too_large", "redirected",
                      "certificate", "timeout", "failed", "unreadable");
    out.seen = out.inspected + out.dropped;
    out.lag_seconds = since(metrics.published_last_walk.with({label}).value(), now);
    return out;
}

Coverage of_zeek(const std::string& label, const Metrics& metrics) {
    Coverage out;
    out.inspected = sum(metrics.zeek_records, label, "parsed");
    out.dropped = sum(metrics.zeek_records, label, "unparsed", "malformed", "refused", "dropped");
    out.seen = out.inspected + out.dropped;
    return out;
}

Coverage of_reports(const Metrics& metrics) {
    Coverage out;
    out.inspected = whole(metrics.reports.sum());
    out.dropped = whole(metrics.reports_refused.sum());
    out.seen = out.inspected + out.dropped;
    return out;
}

Coverage counters_of(const std::string& source, const std::string& label, const Metrics& metrics,
                     Timestamp now) {
    const auto kind = source.substr(0, source.find(':'));
    if (kind == "packet") return of_packets(label, metrics);
    if (kind == "integrity") return of_files(source, label, metrics, now);
    if (kind == "published") return of_published(label, metrics, now);
    if (kind == "zeek") return of_zeek(label, metrics);
    if (kind == "report") return of_reports(metrics);
    return of_lines(label, metrics);
}

}  // namespace

Coverage source_counters(const std::string& source, const std::string& label,
                         const Metrics& metrics, Timestamp now) {
    Coverage out = counters_of(source, label, metrics, now);
    out.source = source;
    return out;
}

}  // namespace kentongan
