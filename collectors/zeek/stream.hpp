#pragma once
// What is known about each Zeek log stream: its name, what kind of event its records are, and which
// of its fields have an ECS name. The native names are those of Zeek 8.0's loggable fields.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/event/event.hpp"

namespace kentongan::zeek {

/// How a native value becomes an ECS one.
enum class Conversion : std::uint8_t { copy, address, integer, nanoseconds };

/// Earlier rows win where two native fields share an ECS name.
struct EcsMapping {
    Field native;
    Field ecs;
    Conversion conversion;
    bool contested = false;  ///< an earlier row, or the record itself, may have set `ecs`
};

struct Stream {
    std::string_view service;   ///< Sigma's service: the log's name, "other" for an unknown one
    std::string_view category;  ///< Sigma's category, where one fits
    std::string_view protocol;  ///< network.protocol, where the log is about one
    EventKind kind = EventKind::log;
    std::vector<EcsMapping> mappings;
};

/// "Conn::LOG" is "conn", "Known::HOSTS_LOG" "known_hosts", "CaptureLoss::LOG" "capture_loss"; a
/// plain name stays. At most 64 characters of it.
[[nodiscard]] std::string stream_name(std::string_view stream);

/// By stream_name(). The answer lives as long as the process. Thread-safe.
[[nodiscard]] const Stream& stream_called(std::string_view name);

}  // namespace kentongan::zeek
