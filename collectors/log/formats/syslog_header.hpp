#pragma once
// What stands before the message of a syslog line.
#include <cstdint>
#include <optional>
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Views into the line; empty where the line says nothing.
struct SyslogHeader {
    std::optional<std::int64_t> priority;  ///< facility * 8 + severity, 0 to 191
    std::optional<Timestamp> time;
    std::string_view host;
    std::string_view tag;
    std::string_view pid;
    std::string_view msgid;
    std::string_view data;  ///< structured data with its brackets
};

/// Takes the headers off the front of `rest`, up to three relays' before the sender's own, which
/// is the one given. RFC 3164 (with or without a year, a host; rsyslog's RFC 3339 times) and
/// RFC 5424; a byte order mark goes with them. False, with `rest` as it was, when there is none.
[[nodiscard]] bool take_syslog_headers(std::string_view& rest, const ParseContext& context,
                                       SyslogHeader& out);

}  // namespace kentongan::log
