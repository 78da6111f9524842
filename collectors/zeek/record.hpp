#pragma once
// What makes the fields of a Zeek log record, from JSON or columns, an Event.
#include <optional>
#include <string_view>

#include "collectors/zeek/stream.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::zeek {

/// How a record becomes an event, for the readers of its JSON and of its columns, which set the
/// native fields themselves. Kind and logsource first,
void begin_event(const Stream& stream, Event& out);
/// the time from `ts` and, of a connection, the seconds of `duration`,
void set_event_time(const Stream& stream, Timestamp start, std::optional<double> seconds,
                    Event& out);
/// and, after the native fields, the ECS names beside them. `name` is the log's.
void complete_event(const Stream& stream, std::string_view name, Event& out);

}  // namespace kentongan::zeek
