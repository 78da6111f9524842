#pragma once
// What one election sets: its day and hours, how soon forms should be there, and the limits of a
// TPS. A small value, made once from a profile and its overrides, and const from then on.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::sirekap {

/// Offset from UTC of a province or of any code below it: WIB 7, WITA 8 or WIT 9 hours. WIB for
/// overseas (99) and for what is no province.
[[nodiscard]] std::chrono::hours utc_offset_of(std::string_view code);
/// "WIB", "WITA" or "WIT".
[[nodiscard]] std::string_view zone_name_of(std::string_view code);

/// How the areas of a kind differ from the rest of the country.
struct AreaProfile {
    std::string_view name;         ///< regular, islands, noken or overseas
    double coverage_target = 0.9;  ///< share of TPS that should be there at the target time
    bool has_bounds = true;        ///< limits of voters and ballots mean something here
    bool unanimity_is_usual = false;
};

struct Election {
    std::string name = "pilkada2024";
    Timestamp polling_day{};             ///< midnight of the day, as if it were UTC
    std::chrono::minutes opens{7 * 60};  ///< local time of day
    std::chrono::minutes closes{13 * 60};
    std::chrono::hours upload_target{24};  ///< after local close; a target, not a legal deadline
    int maximum_voters = 600;              ///< of a TPS
    double spare_ballots = 0.025;          ///< share of the DPT, rounded up
    Severity arithmetic_fault = Severity::medium;  ///< of a single fault in one TPS's numbers
    std::vector<std::string> races{"pkwkp", "pkwkk"};
    int pages = 3;  ///< of a TPS's form of one race
    AreaProfile regular{"regular", 0.90, true, false};
    AreaProfile islands{"islands", 0.80, true, false};
    AreaProfile noken{"noken", 0.35, false, true};
    AreaProfile overseas{"overseas", 0.50, false, false};
    std::vector<std::string> island_codes;  ///< province or kabupaten codes

    /// "pemilu2024" or "pilkada2024"; an error (config) names those there are.
    [[nodiscard]] static Result<Election> named(std::string_view name);

    /// When the polls open and close in the province of a code of any length, UTC.
    [[nodiscard]] Timestamp open_of(std::string_view code) const;
    [[nodiscard]] Timestamp close_of(std::string_view code) const;
    /// When its forms should be there, UTC.
    [[nodiscard]] Timestamp target_of(std::string_view code) const;
    /// Midnight to midnight of the local polling day.
    [[nodiscard]] bool is_polling_day(std::string_view code, Timestamp time) const;

    [[nodiscard]] const AreaProfile& profile_of(std::string_view code) const;

    /// Ballots a TPS with so many on its list is given: with a DPT of the maximum, 306 or 615.
    [[nodiscard]] int ballots_for(int voters_listed) const;
    [[nodiscard]] int maximum_ballots() const { return ballots_for(maximum_voters); }
};

}  // namespace kentongan::sirekap
