#pragma once
// Hit: a rule matched an event, told to the correlate strand because correlations count it. It
// carries what they need of the event and no more.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

namespace sigma {
class CorrelationSet;
}

struct Hit {
    std::shared_ptr<const sigma::CorrelationSet> set;  ///< of the rules in force at the match
    std::uint32_t node = 0;                            ///< which rule, or correlation, of the set
    bool again = false;  ///< a correlation that goes on: it has been told before
    Timestamp time{};
    std::vector<std::optional<std::string>> values;  ///< the fields the node's names ask for
    Subject subject;
    Evidence evidence;
};

}  // namespace kentongan
