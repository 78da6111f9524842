#pragma once
// Reads the events of a rule's samples: flat or nested JSON objects, one a line.
#include <string_view>

#include "daemon/base/error.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sigma {

/// {"cs-method": "GET", "url": {"path": "/"}, "logsource": {"category": "webserver"}}: nested keys
/// join with dots, arrays repeat a field, null is null. Besides fields: "logsource", "kind" (a name
/// of EventKind), "@timestamp" (RFC 3339) and "event.original", which is also the raw record.
[[nodiscard]] Result<Event> read_event(std::string_view json);

}  // namespace kentongan::sigma
