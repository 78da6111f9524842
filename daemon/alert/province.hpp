#pragma once
// The provinces as the first two digits of region codes, of TPS codes and of NIK say them.
#include <span>
#include <string_view>

namespace kentongan {

struct Province {
    std::string_view code;  ///< two digits
    std::string_view name;
};

/// The 38 provinces, by code, as KPU's region list of 2024 has them.
[[nodiscard]] std::span<const Province> provinces();
/// Empty when there is no province of that code.
[[nodiscard]] std::string_view province_name(std::string_view code);

}  // namespace kentongan
