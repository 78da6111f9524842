#pragma once
// Alerts as rows for a spreadsheet (RFC 4180). A spreadsheet runs a cell that begins like a
// formula, and attackers choose what stands in some: such a cell begins with an apostrophe.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace kentongan {

/// One cell: control characters spelled out, quoted where it has to be, never a formula.
[[nodiscard]] std::string csv_cell(std::string_view text);
/// The names of the columns, without a line break.
[[nodiscard]] std::string csv_head();
/// Of an alert's JSON, redacted or not; what is not there is an empty cell.
[[nodiscard]] std::string csv_row(const boost::json::object& alert);

}  // namespace kentongan
