#include "daemon/app/figures.hpp"

#include <map>
#include <string>

#include "daemon/base/time.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

json::value or_null(std::optional<double> value) {
    return value ? json::value(*value) : json::value(nullptr);
}

json::object latency(std::string_view of, const Histogram& seconds) {
    return {{"of", of},
            {"p50", or_null(seconds.quantile(0.5))},
            {"p95", or_null(seconds.quantile(0.95))},
            {"p99", or_null(seconds.quantile(0.99))}};
}

json::value time_of(double unix_seconds) {
    if (unix_seconds <= 0) return nullptr;
    return json::value(to_rfc3339(Timestamp{} + std::chrono::seconds{whole(unix_seconds)}, 0));
}

double only(const MetricFamily<Gauge>& family) {
    const auto samples = family.samples();
    return samples.empty() ? 0 : samples.front().value;
}

}  // namespace

json::array queues_of(const Metrics& metrics) {
    struct Stage {
        double waiting = 0;
        double room = 0;
        double dropped = 0;
    };
    std::map<std::string, Stage> stages;
    for (const auto& one : metrics.pipeline_queue_items.samples())
        stages[one.labels[0]].waiting = one.value;
    for (const auto& one : metrics.pipeline_queue_capacity.samples())
        stages[one.labels[0]].room = one.value;
    for (const auto& one : metrics.pipeline_dropped.samples())
        stages[one.labels[0]].dropped += one.value;
    json::array out;
    for (const auto& [name, stage] : stages)
        out.push_back({{"stage", name},
                       {"waiting", whole(stage.waiting)},
                       {"room", stage.room > 0 ? json::value(whole(stage.room)) : nullptr},
                       {"dropped", whole(stage.dropped)}});
    return out;
}

json::array latencies_of(const Metrics& metrics) {
    json::array out{latency("detect", metrics.detect_latency.with()),
                    latency("store commit", metrics.store_commit.with()),
                    latency("ledger checkpoint", metrics.spool_fsync.with())};
    for (const auto& one : metrics.delivery_pending.samples())
        out.push_back(latency("delivery to " + one.labels[0],
                              metrics.delivery_latency.with({one.labels[0]})));
    return out;
}

json::array captures_of(const Metrics& metrics) {
    json::array out;
    for (const auto& one : metrics.capture_packets.samples()) {
        const std::string& name = one.labels[0];
        out.push_back({{"interface", name},
                       {"packets", whole(one.value)},
                       {"bytes", whole(metrics.capture_bytes.with({name}).value())},
                       {"kernel_drops", whole(metrics.capture_kernel_drops.with({name}).value())},
                       {"nic_drops", whole(metrics.capture_nic_drops.with({name}).value())},
                       {"flows", whole(metrics.flows.with({name}).value())}});
    }
    return out;
}

json::array logs_of(const Metrics& metrics) {
    std::map<std::string, std::map<std::string, double>> lines;
    for (const auto& one : metrics.log_lines.samples())
        lines[one.labels[0]][one.labels[1]] = one.value;
    json::array out;
    for (auto& [name, by_result] : lines)
        out.push_back({{"source", name},
                       {"parsed", whole(by_result["parsed"])},
                       {"unparsed", whole(by_result["unparsed"])},
                       {"oversize", whole(by_result["oversize"])},
                       {"lag_seconds", metrics.log_lag.with({name}).value()},
                       {"behind_bytes", whole(metrics.log_behind.with({name}).value())}});
    return out;
}

json::object ledger_of(const Metrics& metrics) {
    return {{"published", whole(metrics.evidence_log_size.with().value())},
            {"waiting", whole(metrics.evidence_waiting.with().value())},
            {"last_checkpoint", time_of(metrics.evidence_checkpoint.with().value())},
            {"failing", metrics.evidence_failing.with().value() != 0}};
}

json::object disk_of(const Metrics& metrics) {
    return {{"database_bytes", whole(metrics.spool_bytes.with().value())},
            {"free_bytes", whole(metrics.spool_free.with().value())},
            {"newest_alert", whole(only(metrics.hub_committed))}};
}

}  // namespace kentongan
