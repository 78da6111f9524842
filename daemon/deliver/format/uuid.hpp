#pragma once
// UUIDs made of names (RFC 4122 §4.3, version 5).
#include <string>
#include <string_view>

namespace kentongan {

/// `space` is a UUID's text; the same name in it always gives the same UUID.
[[nodiscard]] std::string uuid5(std::string_view space, std::string_view name);

}  // namespace kentongan
