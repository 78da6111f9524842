// Finds and masks identity numbers in text.
#include <algorithm>

#include "daemon/alert/province.hpp"
#include "daemon/alert/redact.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {
constexpr std::size_t kNikLength = 16;
constexpr std::size_t kHidden = 12;
constexpr std::size_t kTelling = 6;  // a shorter beginning names a region only
constexpr std::string_view kCut = "…";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int two_digits(std::string_view digits, std::size_t at) {
    return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
}
}  // namespace

bool looks_like_nik(std::string_view digits) {
    if (digits.size() != kNikLength || !std::ranges::all_of(digits, is_digit)) return false;
    const int day = two_digits(digits, 6) % 40;
    const int month = two_digits(digits, 8);
    return !province_name(digits.substr(0, 2)).empty() && two_digits(digits, 6) <= 71 && day >= 1 &&
           day <= 31 && month >= 1 && month <= 12 && digits.substr(12) != "0000";
}

std::string mask_nik(std::string_view text) {
    std::string out(text);
    for (std::size_t begin = 0; begin < text.size();) {
        if (!is_digit(text[begin])) {
            ++begin;
            continue;
        }
        const auto stop = std::ranges::find_if_not(text.substr(begin), is_digit);
        const auto length = static_cast<std::size_t>(stop - text.substr(begin).begin());
        const std::string_view run = text.substr(begin, length);
        if (looks_like_nik(run))
            out.replace(begin, kHidden, kHidden, '*');
        else if (text.substr(begin + length) == kCut && length > kTelling && length < kNikLength &&
                 !province_name(run.substr(0, 2)).empty())
            out.replace(begin, length, length, '*');
        begin += length;
    }
    return out;
}

}  // namespace kentongan
