#pragma once
// Alert ids: 26 characters in the shape of a ULID, whose time is the event's and whose remainder
// comes from content, so reading the same input again gives the same id.
#include <string>
#include <string_view>

#include "daemon/base/time.hpp"

namespace kentongan {

/// `content` names the cause: rule id, source, position, entity.
[[nodiscard]] std::string content_id(Timestamp time, std::string_view content);

}  // namespace kentongan
