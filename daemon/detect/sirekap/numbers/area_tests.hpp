#pragma once
// What the numbers of many TPS say together: more faults than elsewhere (R08), corrections that
// lean to one side (R17), equal votes (R19), and descriptive statistics (R18).
//
// Pure functions of a table. Each is held to a false discovery rate over its areas, and to a size
// that matters, for with thousands of TPS a difference of nothing is significant.
#include <string>
#include <vector>

#include "daemon/detect/sirekap/numbers/rules.hpp"
#include "daemon/detect/sirekap/numbers/tps_table.hpp"

namespace kentongan::sirekap::numbers {

struct AreaResult {
    RulePointer rule;
    std::string area;  ///< its code
    std::string what;
    std::uint64_t tps = 0;  ///< TPS behind it
    bool operator==(const AreaResult&) const = default;
};

inline constexpr double kFalseDiscovery = 0.01;

/// Kabupaten where the share of judged TPS that break VR1, VR2 or VR3 is significantly above that
/// of the rest of the country, by half of it and by five percentage points at least.
[[nodiscard]] std::vector<AreaResult> failure_shares(const TpsTable& table);

/// Kecamatan with 30 corrected TPS or more where the votes of a candidate were corrected upwards
/// more or less often than all candidates' in the middle one of all kecamatan (readers of
/// handwriting err upwards for everyone), and which moved a thousandth of the area's votes.
[[nodiscard]] std::vector<AreaResult> correction_biases(const TpsTable& table);

/// Kelurahan with equal votes for all of three candidates or more, together a hundred or more, in
/// two TPS, and kecamatan with them in three, where chance makes as many in less than one of two
/// hundred such areas. Two candidates coincide too easily to say anything.
[[nodiscard]] std::vector<AreaResult> identical_vectors(const TpsTable& table);

/// Kecamatan with TPS whose share of a candidate's votes or whose turnout is six beta-binomial
/// standard deviations from the kecamatan's.
[[nodiscard]] std::vector<AreaResult> outliers(const TpsTable& table);

/// Kabupaten whose last digits of numbers of 50 votes or more, five hundred of them at least, are
/// not uniform. Pooled only; says nothing of a TPS.
[[nodiscard]] std::vector<AreaResult> last_digits(const TpsTable& table);

}  // namespace kentongan::sirekap::numbers
