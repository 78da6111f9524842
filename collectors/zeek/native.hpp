#pragma once
// A Zeek record's own fields, by their own names.
#include <optional>
#include <string_view>

#include "daemon/event/field.hpp"

namespace kentongan::zeek {

/// What becomes of a record's values of one name.
struct NativeName {
    enum class Role : std::uint8_t { none, start, duration, stream };
    std::optional<Field> field;  ///< none: they are left out
    bool port = false;
    bool interval = false;
    bool secret = false;  ///< a password, which must not be kept
    Role role = Role::none;
};

/// Names that would speak for the daemon (source.ip, sirekap.tps) have no field, nor have secrets.
/// The parts of a port that is written as an object belong to its own name.
[[nodiscard]] NativeName native_name(std::string_view dotted);

/// The field that keeps a native value of this name; nothing where none may.
[[nodiscard]] std::optional<Field> native_field(std::string_view name);

/// Whether a field of this name (dotted or not) holds a password and must not be kept.
[[nodiscard]] bool is_secret(std::string_view name);

}  // namespace kentongan::zeek
