#pragma once
// One Zeek log record, as JSON from any path or in columns, made into an Event.
#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>

#include "collectors/zeek/stream.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::zeek {

/// `stream` is a log's name ("conn") or a Zeek stream ("Conn::LOG"). Sets kind, logsource, fields
/// and, when the record has a `ts`, the time: a connection's is its end. Leaves origin and raw
/// alone. False, with `out` half filled, when this is no Zeek record.
bool fill_event(const boost::json::object& record, std::string_view stream, Event& out);

/// The same in steps, for a caller that sets the native fields itself: kind and logsource first,
void begin_event(const Stream& stream, Event& out);
/// the time from `ts` and, of a connection, the seconds of `duration`,
void set_event_time(const Stream& stream, Timestamp start, std::optional<double> seconds,
                    Event& out);
/// and, after the native fields, the ECS names beside them. `name` is the log's.
void complete_event(const Stream& stream, std::string_view name, Event& out);

}  // namespace kentongan::zeek
