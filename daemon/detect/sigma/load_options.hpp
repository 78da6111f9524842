#pragma once
// What loading rules depends on besides their text.
#include <memory>

#include "daemon/base/time.hpp"
#include "daemon/detect/sigma/placeholders.hpp"

namespace kentongan::sigma {

struct LoadOptions {
    /// The time at which filters expire or do not; there is no clock in this room. Default: the
    /// beginning of time, when none has expired.
    Timestamp now{};
    std::shared_ptr<const Placeholders> placeholders;  ///< null: `expand` has no values
};

}  // namespace kentongan::sigma
