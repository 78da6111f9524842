#pragma once
// What the detectors here need of a report.
#include <cstdint>
#include <string>

#include "daemon/alert/finding.hpp"

namespace kentongan::report {

struct Sighting {
    Timestamp time{};
    std::string ticket;
    std::string category;
    std::string tps;   ///< empty when not stated
    std::string area;  ///< of the TPS, its kecamatan; or what was stated
    std::uint64_t sender = 0;
    std::uint64_t text = 0;  ///< the cluster of texts it belongs to

    /// Ten digits, or empty.
    [[nodiscard]] std::string kelurahan() const {
        if (tps.size() == 13) return tps.substr(0, 10);
        return area.size() == 10 ? area : std::string{};
    }
    /// Six digits, or empty.
    [[nodiscard]] std::string kecamatan() const {
        if (tps.size() == 13) return tps.substr(0, 6);
        return area.size() >= 6 ? area.substr(0, 6) : std::string{};
    }
};

}  // namespace kentongan::report
