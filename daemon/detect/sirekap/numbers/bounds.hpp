#pragma once
// What no form can say whatever else it says (R09): more votes than ballots, more than all votes
// for one candidate, numbers below nothing.
#include <string>
#include <vector>

#include "daemon/detect/sirekap/election.hpp"
#include "daemon/detect/sirekap/numbers/tps_record.hpp"

namespace kentongan::sirekap::numbers {

struct BoundFault {
    Severity severity = Severity::low;  ///< by the catalogue; the election may lower it
    std::string what;
};

/// None where the election's profile of the area has no bounds (noken, overseas).
[[nodiscard]] std::vector<BoundFault> bound_faults(const TpsRecord& record,
                                                   const Election& election);

}  // namespace kentongan::sirekap::numbers
