#pragma once
// The event behind a piece of stored evidence.
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/base/error.hpp"
#include "daemon/config/config.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::cli {

/// Reads the excerpt again: by the log format that the settings give its source, by `auto` for
/// other logs, or as the JSON form of an event. Nothing is made up: a record that was cut to fit,
/// or whose bytes are not text, has another SHA-256 than its excerpt, and is an error that says so.
/// Several events when the record holds several.
[[nodiscard]] Result<std::vector<Event>> events_of(const Evidence& evidence, const Config& config);

}  // namespace kentongan::cli
