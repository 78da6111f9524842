// The profiles of the two elections of 2024, and clocks by province.
#include "daemon/detect/sirekap/election.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kentongan::sirekap {

namespace {

constexpr std::array<std::string_view, 12> kCentral{"51", "52", "53", "63", "64", "65",
                                                    "71", "72", "73", "74", "75", "76"};
constexpr std::array<std::string_view, 8> kEastern{"81", "82", "91", "92", "93", "94", "95", "96"};

bool holds(const auto& provinces, std::string_view code) {
    return std::ranges::find(provinces, code.substr(0, 2)) != provinces.end();
}

/// Kepulauan Seribu, Natuna, Anambas, Mentawai, Simeulue, the Niases, Sangihe, Talaud, Sitaro,
/// Selayar, Wakatobi and both Maluku.
std::vector<std::string> usual_islands() {
    return {"1109", "1204", "1214", "1224", "1225", "1309", "2103", "2105",
            "3101", "7103", "7104", "7108", "7301", "7407", "81",   "82"};
}

/// 14 February 2024. Its targets are what was reached: about half of the TPS after a day.
Election pemilu_2024() {
    Election out;
    out.name = "pemilu2024";
    out.polling_day = *from_civil(2024, 2, 14, 0, 0, 0, std::chrono::seconds{0});
    out.maximum_voters = 300;
    out.spare_ballots = 0.02;
    out.arithmetic_fault = Severity::info;
    out.races = {"ppwp", "pdpr", "pdpd", "pdprdp", "pdprdk"};
    out.regular.coverage_target = 0.40;
    out.islands.coverage_target = 0.30;
    out.noken.coverage_target = 0.10;
    out.overseas.coverage_target = 0.20;
    out.island_codes = usual_islands();
    return out;
}

Election pilkada_2024() {
    Election out;
    out.polling_day = *from_civil(2024, 11, 27, 0, 0, 0, std::chrono::seconds{0});
    out.island_codes = usual_islands();
    return out;
}

}  // namespace

std::chrono::hours utc_offset_of(std::string_view code) {
    return std::chrono::hours{holds(kEastern, code) ? 9 : holds(kCentral, code) ? 8 : 7};
}

std::string_view zone_name_of(std::string_view code) {
    return holds(kEastern, code) ? "WIT" : holds(kCentral, code) ? "WITA" : "WIB";
}

Result<Election> Election::named(std::string_view name) {
    if (name == "pilkada2024") return pilkada_2024();
    if (name == "pemilu2024") return pemilu_2024();
    return fail(ErrorCode::config, "no election profile '{}'; there are pemilu2024 and pilkada2024",
                name);
}

Timestamp Election::open_of(std::string_view code) const {
    return polling_day + opens - utc_offset_of(code);
}
Timestamp Election::close_of(std::string_view code) const {
    return polling_day + closes - utc_offset_of(code);
}
Timestamp Election::target_of(std::string_view code) const {
    return close_of(code) + upload_target;
}
bool Election::is_polling_day(std::string_view code, Timestamp time) const {
    const Duration since = time + utc_offset_of(code) - polling_day;
    return since >= Duration{0} && since < std::chrono::hours{24};
}

const AreaProfile& Election::profile_of(std::string_view code) const {
    if (code.starts_with("99")) return overseas;
    if (code.starts_with("9")) return noken;
    const auto is_above = [&](const std::string& island) { return code.starts_with(island); };
    return std::ranges::any_of(island_codes, is_above) ? islands : regular;
}

int Election::ballots_for(int voters_listed) const {
    // Exact in thousandths, so that 300 and 2 % are 306 and not 307.
    const auto thousandths = std::lround(spare_ballots * 1000);
    return voters_listed + static_cast<int>((voters_listed * thousandths + 999) / 1000);
}

}  // namespace kentongan::sirekap
