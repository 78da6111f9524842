#pragma once
// How many reports each kelurahan may be expected to give.
#include <vector>

#include "daemon/detect/report/area_scan.hpp"
#include "daemon/detect/sirekap/register.hpp"

namespace kentongan::report {

/// Each kelurahan of the register, weighed by its number of TPS, which stands for its voters.
[[nodiscard]] inline std::vector<Population> population_of(const sirekap::Register& list) {
    std::vector<Population> out;
    for (const auto& area : list.areas())
        if (area.code.size() == 10)
            out.push_back({area.code, area.name, static_cast<double>(area.tps())});
    return out;
}

}  // namespace kentongan::report
