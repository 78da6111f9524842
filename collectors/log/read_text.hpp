#pragma once
// A whole text read at once, as the collector would read a file of it: for samples of rules, for
// `explain` and for stored evidence.
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::log {

/// All events of `text` in order: lines joined into records and parsed by the format. Lines that do
/// not parse are events with a raw text; blank ones are none. The origin is `source` (interned) and
/// the record's byte offset. Times without a zone are WIB, lines without a time follow
/// `reference`. Error (usage): the format is unknown.
[[nodiscard]] Result<std::vector<Event>> read_text(std::string_view format, std::string_view text,
                                                   std::string_view source,
                                                   Timestamp reference = {});

}  // namespace kentongan::log
