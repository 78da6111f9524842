#pragma once
// JSON in the one form of RFC 8785 (JCS), so that everybody who has the same values has the same
// bytes, and hence the same hash.
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan::ledger {

/// Members in the order of their names' UTF-16 code units, no blanks, the shortest escapes,
/// numbers as ECMAScript prints doubles. Errors (data): text that is not valid UTF-8, a whole
/// number that a double does not hold, a nesting of more than 64 levels.
[[nodiscard]] Result<std::string> canonical_json(const boost::json::value& value);

/// The number's text in ECMAScript (Number.prototype.toString); `value` is finite.
[[nodiscard]] std::string number_text(double value);

/// Whether code units of UTF-16 put `a` before `b`; both are valid UTF-8.
[[nodiscard]] bool utf16_less(std::string_view a, std::string_view b);

}  // namespace kentongan::ledger
