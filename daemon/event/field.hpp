#pragma once
// The field dictionary: every name an event's value can have is an interned id. Names known at
// build time are the enumerators of `Field` (ECS 8.11 spelling, see field_list.inc); any other
// name, such as a key of somebody's JSON log, is interned when first seen.
#include <cstdint>
#include <optional>
#include <string_view>

namespace kentongan {

enum class Field : std::uint16_t {
#define KENTONGAN_FIELD(identifier, name) identifier,
#include "daemon/event/field_list.inc"
#undef KENTONGAN_FIELD
    kKnownCount
};

/// The name of a field; valid for the life of the process. Thread-safe.
[[nodiscard]] std::string_view name_of(Field field);

/// The id of a name if it has one already. Thread-safe.
[[nodiscard]] std::optional<Field> find_field(std::string_view name);

/// The id of a name, made when it is new. The table holds at most 60,000 names, since names come
/// from hostile logs: past that, nothing, and refused_fields() counts. Thread-safe.
[[nodiscard]] std::optional<Field> intern_field(std::string_view name);
[[nodiscard]] std::uint64_t refused_fields();

/// A copy of `text` that lives as long as the process; equal texts share one copy. For the names of
/// sources and log sources, whose number settings bound; never for values from events. Thread-safe.
[[nodiscard]] std::string_view intern_text(std::string_view text);

}  // namespace kentongan
