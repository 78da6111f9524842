#pragma once
// The least edit that explains a form's faults: one digit of one number, as a reader of handwriting
// gets it wrong. A form has three boxes for a number, so 80 read as 880 is one digit, too.
#include <optional>
#include <string>

#include "daemon/detect/sirekap/numbers/tps_record.hpp"

namespace kentongan::sirekap::numbers {

struct Repair {
    std::string what;  ///< "candidate 100026" or KPU's name of the number
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::size_t ways = 1;  ///< how many such edits there are; this is the first of them
};

/// The edits of one digit after which every rule holds, votes before other numbers. Nothing when
/// all holds already or no one digit explains it. With several ways the hint is weak: small
/// differences fit by chance.
[[nodiscard]] std::optional<Repair> single_digit_repair(const TpsRecord& record);

/// "1 digit of candidate 100026: 880 -> 80".
[[nodiscard]] std::string describe(const Repair& repair);

}  // namespace kentongan::sirekap::numbers
