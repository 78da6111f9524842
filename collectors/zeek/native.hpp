#pragma once
// A Zeek record's own fields, by their own names: nested records get dotted names, lists become
// repeated fields, ports and intervals numbers, and passwords are left out.
#include <boost/json/fwd.hpp>
#include <optional>

#include "daemon/event/event.hpp"

namespace kentongan::zeek {

/// At most 512 values, 8 levels deep, names of 128 and texts of 65,536 bytes; what is beyond is
/// left out or cut. Names that would speak for the daemon (source.ip, sirekap.tps) are left out.
void add_native_fields(const boost::json::object& record, Event& out);

/// The field that keeps a native value of this name; nothing where none may.
[[nodiscard]] std::optional<Field> native_field(std::string_view name);

/// Whether a field of this name (dotted or not) holds a password and must not be kept.
[[nodiscard]] bool is_secret(std::string_view name);

/// Takes every secret out of a record, however deep; what parsed it has bounded the depth.
void remove_secrets(boost::json::object& record);

}  // namespace kentongan::zeek
