#pragma once
// Which names Suricata's values have in ECS, and what its record types are.
#include <string_view>

#include "daemon/event/event.hpp"

namespace kentongan::log {

/// How a value of EVE becomes one of ours; `skip` keeps it in the raw record alone.
enum class EveConversion : std::uint8_t { copy, lower, http_version, seconds, dns_type, skip };

struct EveField {
    std::string_view path;
    Field field = Field::message;
    EveConversion how = EveConversion::copy;
};

/// nullptr for a path without an ECS name. The answer lives as long as the process. Thread-safe.
[[nodiscard]] const EveField* eve_field(std::string_view path);

/// What a type of record is: its kind, and the category of Sigma that its rules are written for.
struct EveType {
    std::string_view name;
    EventKind kind = EventKind::log;
    std::string_view category;
    std::string_view network;  ///< the service of category `network` it is as well
};

/// By `event_type`; "other" for one that is not known.
[[nodiscard]] const EveType& eve_type(std::string_view name);

}  // namespace kentongan::log
