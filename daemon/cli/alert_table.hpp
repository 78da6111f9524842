#pragma once
// A list of alerts for people: one row each.
#include <boost/json/value.hpp>
#include <vector>

#include "daemon/cli/output.hpp"

namespace kentongan::cli {

/// As JSON array, as NDJSON, or as a table ("no alerts" when empty).
void print_alerts(const std::vector<boost::json::value>& alerts, const Output& out);

/// One alert as one line of a list that grows; an object in JSON.
void print_alert_line(const boost::json::value& alert, const Output& out);
/// Its ULID; empty when it has none.
[[nodiscard]] std::string id_of(const boost::json::value& alert);

}  // namespace kentongan::cli
