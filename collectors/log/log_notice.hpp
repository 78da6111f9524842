#pragma once
// Events of our own about a log: it was truncated, rewritten, removed (detections.md H10).
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/event/event.hpp"

namespace kentongan::log {

/// event.action, and what the message says.
enum class Tampering : std::uint8_t {
    truncated,  ///< log-truncated: it became smaller, and there is no copy of what it held
    rewritten,  ///< log-rewritten: bytes that were read are others now
    removed,    ///< log-removed: its last name is gone, and there is no copy
};

struct LogNotice {
    Tampering what{};
    std::string_view source;  ///< log.source: the collector's name
    std::string_view path;    ///< log.file.path, interned; also the event's origin
    Timestamp time{};
    std::uint64_t offset = 0;      ///< log.offset: where the change begins, as far as is known
    std::uint64_t lost_bytes = 0;  ///< log.lost_bytes: that were there and are not any more
};

/// Kind log, logsource product kentongan, service log.
[[nodiscard]] Event make_event(const LogNotice& notice);

}  // namespace kentongan::log
