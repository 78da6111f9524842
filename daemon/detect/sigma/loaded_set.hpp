#pragma once
// What loading rule files gives.
#include <memory>

#include "daemon/detect/sigma/correlation_set.hpp"
#include "daemon/detect/sigma/program.hpp"

namespace kentongan::sigma {

struct LoadedSet {
    Program program;                                     ///< filters are part of the conditions
    std::shared_ptr<const CorrelationSet> correlations;  ///< never null
};

}  // namespace kentongan::sigma
