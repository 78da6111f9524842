#pragma once
// One Zeek log record, as JSON from any path, made into an Event.
#include <boost/json/fwd.hpp>
#include <string_view>

#include "daemon/event/event.hpp"

namespace kentongan::zeek {

/// `stream` is a log's name ("conn") or a Zeek stream ("Conn::LOG"). Sets kind, logsource, fields
/// and, when the record has a `ts`, the time: a connection's is its end. Leaves origin and raw
/// alone. False, with `out` half filled, when this is no Zeek record.
bool fill_event(const boost::json::object& record, std::string_view stream, Event& out);

}  // namespace kentongan::zeek
