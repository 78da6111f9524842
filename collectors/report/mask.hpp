#pragma once
// Personal numbers and addresses in what people write, taken out before it is written anywhere.
#include <cstddef>
#include <string>
#include <string_view>

namespace kentongan::report {

struct Masked {
    std::string text;
    std::size_t identities = 0;  ///< NIK and NKK
    std::size_t phones = 0;
    std::size_t mails = 0;
};

/// Replaces by [NIK], [TELEPON] and [EMAIL]:
/// - 16 digits with the structure of a NIK or NKK (UU PDP 27/2022: province, four digits, DDMMYY
///   with 40 added to a woman's day, a serial that is not 0000), in one piece or in groups that one
///   separator divides;
/// - telephone numbers: 0 and 8 to 12 more digits, 62 8…, + and 8 to 15 digits, in one piece or in
///   groups of at least three;
/// - mail addresses.
/// What stays: TPS codes (13 digits that do not begin like a mobile number), dates, times, votes,
/// and longer numbers without that structure. Linear in the text's length but for a small factor.
[[nodiscard]] Masked mask_personal(std::string_view text);

}  // namespace kentongan::report
