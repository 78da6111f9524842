#pragma once
// One line of CSV, for the lists that settings name.
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::sirekap {

inline constexpr std::size_t kMaximumColumns = 32;

/// The fields of one CSV line (RFC 4180, no line breaks inside quotes) without the blanks around
/// them, at least one; what is past kMaximumColumns is left out. Reuses the texts in `out`.
void split_csv_line(std::string_view line, std::vector<std::string>& out);

}  // namespace kentongan::sirekap
