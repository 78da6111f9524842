// Packs thirteen characters into 64 bits.
#include "daemon/detect/sirekap/tps_code.hpp"

#include <array>

namespace kentongan::sirekap {

namespace {
constexpr std::uint64_t base_of(std::size_t place) { return place == 2 || place == 3 ? 36 : 10; }

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return -1;
}
}  // namespace

std::optional<TpsCode> TpsCode::parse(std::string_view text) {
    if (text.size() != kTpsLength) return std::nullopt;
    const bool overseas = text.starts_with("99");
    TpsCode out;
    for (std::size_t i = 0; i < kTpsLength; ++i) {
        const int digit = digit_of(text[i]);
        if (digit < 0 || (digit > 9 && !(overseas && base_of(i) == 36))) return std::nullopt;
        out.value = out.value * base_of(i) + static_cast<std::uint64_t>(digit);
    }
    return out;
}

bool is_area_code(std::string_view text) {
    constexpr std::string_view kRest = "00000000000";
    return is_area_length(text.size()) &&
           TpsCode::parse(std::string(text).append(kRest, 0, kTpsLength - text.size()));
}

std::string TpsCode::to_string() const {
    constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string out(kTpsLength, '0');
    std::uint64_t rest = value;
    for (std::size_t i = kTpsLength; i-- > 0; rest /= base_of(i))
        out[i] = kDigits[rest % base_of(i)];
    return out;
}

}  // namespace kentongan::sirekap
