#pragma once
// One value of a JSON text that is neither object nor array.
#include <cstdint>
#include <string_view>

#include "daemon/event/event.hpp"

namespace kentongan::flat {

/// Whole numbers past 63 bits are real. Text is decoded; it points into the line where nothing in
/// it was escaped, else into the reader, until the next value.
using Scalar = Value;

/// Sets a field to it; addresses in source.ip and destination.ip become addresses.
void set_scalar(Field field, const Scalar& value, Event& out);

}  // namespace kentongan::flat
