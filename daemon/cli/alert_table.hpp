#pragma once
// A list of alerts for people: one row each.
#include <boost/json/value.hpp>
#include <vector>

#include "daemon/cli/output.hpp"

namespace kentongan::cli {

/// As JSON array, as NDJSON, or as a table ("no alerts" when empty).
void print_alerts(const std::vector<boost::json::value>& alerts, const Output& out);

}  // namespace kentongan::cli
