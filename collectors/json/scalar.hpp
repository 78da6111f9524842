#pragma once
// One value of a JSON text that is neither object nor array.
#include <boost/json/parse_options.hpp>
#include <chrono>
#include <optional>

#include "daemon/event/event.hpp"

namespace kentongan::flat {

/// Whole numbers past 63 bits are real. Text is decoded; it points into the line where nothing in
/// it was escaped, else into the reader, until the next value.
using Scalar = Value;

/// Sets a field to it; addresses in source.ip and destination.ip become addresses.
void set_scalar(Field field, const Scalar& value, Event& out);

/// RFC 3339, Apache's form, or a number since 1970 in s, ms, µs or ns (told apart by size).
[[nodiscard]] std::optional<Timestamp> time_of(const Scalar& value, std::chrono::seconds zone);

/// How JSON in logs is read: nested deeper than 64 it is refused; bytes that are not UTF-8 pass.
[[nodiscard]] boost::json::parse_options parse_options();

}  // namespace kentongan::flat
