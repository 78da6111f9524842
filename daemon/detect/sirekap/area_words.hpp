#pragma once
// Areas and local times as findings say them.
#include <string>

#include "daemon/base/time.hpp"
#include "daemon/detect/sirekap/coverage.hpp"

namespace kentongan::sirekap {

/// "Kecamatan 317101 GAMBIR"; "All of the register" for kWhole.
[[nodiscard]] std::string area_words(const Register& list, std::uint32_t area);
/// The code; "all" for kWhole.
[[nodiscard]] std::string area_entity(const Register& list, std::uint32_t area);
/// "16:02 WIB" by the clock of the province of `code`; with the date when `with_day`.
[[nodiscard]] std::string local_words(Timestamp time, std::string_view code, bool with_day = false);
[[nodiscard]] int local_hour(Timestamp time, std::string_view code);
/// "35 minutes", "2 hours 41 minutes".
[[nodiscard]] std::string duration_words(Duration duration);

}  // namespace kentongan::sirekap
