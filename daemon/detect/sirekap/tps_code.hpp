#pragma once
// The 13 characters that name a TPS: PP KK CC DDDD TTT (province, kabupaten, kecamatan,
// kelurahan, number).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kentongan::sirekap {

inline constexpr std::size_t kTpsLength = 13;

/// A code as one number, ordered like its text. Thirteen digits; only the overseas codes of
/// general elections (province 99) hold capital letters, in the third and fourth place.
struct TpsCode {
    std::uint64_t value = 0;
    auto operator<=>(const TpsCode&) const = default;

    [[nodiscard]] static std::optional<TpsCode> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;
    /// Of a special place such as a prison or a hospital: its number is 900 or more.
    [[nodiscard]] bool is_special() const { return value % 1000 >= 900; }
};

/// Whether a text is the code of an area: 2, 4, 6 or 10 characters that a TPS code can begin with.
[[nodiscard]] bool is_area_code(std::string_view text);

/// Whether this is the length of an area code: 2, 4, 6 or 10.
[[nodiscard]] constexpr bool is_area_length(std::size_t length) {
    return length == 2 || length == 4 || length == 6 || length == 10;
}

}  // namespace kentongan::sirekap
