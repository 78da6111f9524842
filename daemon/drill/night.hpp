#pragma once
// The whole of a drill: an ordinary election night with scenarios in it.
#include <span>
#include <vector>

#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

struct NightSettings {
    std::uint64_t seed = 1;
    double scale = 1;                         ///< of the ordinary traffic other than uploads
    Duration begin = -std::chrono::hours{3};  ///< from the close of the polls
    Duration end = std::chrono::hours{9};
};

/// The part of the night that some scenarios need: from half an hour before the first one.
[[nodiscard]] NightSettings part_for(std::span<const Scenario* const> scenarios);

/// Every change, in order of time. Uploads, readers, administrators and the database behave as on
/// an ordinary night; results are published each quarter of an hour.
[[nodiscard]] std::vector<Action> night_with(std::span<const Scenario* const> scenarios,
                                             const generate::Jakarta& jakarta,
                                             const NightSettings& settings);

}  // namespace kentongan::drill
