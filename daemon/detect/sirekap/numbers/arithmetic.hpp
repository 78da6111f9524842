#pragma once
// The rules that the numbers of a C-Hasil form keep among themselves, by Sirekap's own app and
// the form: VR1 to VR6.
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/detect/sirekap/numbers/tps_record.hpp"

namespace kentongan::sirekap::numbers {

enum class ArithmeticRule : std::uint8_t {
    votes,      ///< VR1: the candidates' votes are suara_sah
    total,      ///< VR2: suara_sah + suara_tidak_sah is suara_total
    ballots,    ///< VR3: suara_total is pengguna_total_j
    voters,     ///< VR4: the users of DPT, DPTb and DPK are pengguna_total_j
    listed,     ///< VR5: no more users of the DPT than it has voters
    men_women,  ///< VR6: L + P is J in each row
};
inline constexpr std::size_t kArithmeticRules = 6;
/// "VR1" to "VR6".
[[nodiscard]] std::string_view name_of(ArithmeticRule rule);

struct Fault {
    ArithmeticRule rule = ArithmeticRule::votes;
    std::int64_t left = 0;  ///< of VR1: the sum of the votes
    std::int64_t right = 0;
    Number of{};  ///< VR6: which row, by its total
    bool operator==(const Fault&) const = default;
};

/// In the order of the rules. A rule whose numbers are not all there is kept; VR6 names the first
/// row at fault.
[[nodiscard]] std::vector<Fault> faults_of(const TpsRecord& record);
[[nodiscard]] bool holds(const TpsRecord& record);
/// A bit a rule.
[[nodiscard]] std::uint8_t mask_of(const std::vector<Fault>& faults);
/// "VR1: the candidates' votes are 236 together, suara_sah is 228".
[[nodiscard]] std::string describe(const Fault& fault);

}  // namespace kentongan::sirekap::numbers
