#pragma once
// What the metrics say, as parts of the status: the same numbers for a terminal. Any thread.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "daemon/metrics/metrics.hpp"

namespace kentongan {

/// [{"stage","waiting","room","dropped"}], items; room: null where nothing waits before a stage.
[[nodiscard]] boost::json::array queues_of(const Metrics& metrics);
/// [{"of","p50","p95","p99"}], seconds since the start; null before there was one.
[[nodiscard]] boost::json::array latencies_of(const Metrics& metrics);
/// [{"interface","packets","bytes","kernel_drops","nic_drops","flows"}]
[[nodiscard]] boost::json::array captures_of(const Metrics& metrics);
/// [{"source","parsed","unparsed","oversize","lag_seconds","behind_bytes"}]
[[nodiscard]] boost::json::array logs_of(const Metrics& metrics);
/// {"published","waiting","last_checkpoint","failing"}
[[nodiscard]] boost::json::object ledger_of(const Metrics& metrics);
/// {"database_bytes","free_bytes","newest_alert"}: the last is its sequence number.
[[nodiscard]] boost::json::object disk_of(const Metrics& metrics);

}  // namespace kentongan
