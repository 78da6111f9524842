#pragma once
// One Zeek log record into one event; false when it is not a record of that stream.
#include <boost/json/fwd.hpp>
#include <string_view>

#include "daemon/event/event.hpp"

namespace kentongan::zeek {

bool fill_event(const boost::json::object& record, std::string_view stream, Event& out);

}  // namespace kentongan::zeek
