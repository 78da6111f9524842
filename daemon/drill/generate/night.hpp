#pragma once
// What the log generators share.
#include <fmt/chrono.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/drill/generate/logs.hpp"

namespace kentongan::generate {

/// The instant that lies `after_close` after the close of the polls, in the night's own pace.
[[nodiscard]] Timestamp place(const Night& night, Duration after_close);
[[nodiscard]] std::vector<Line> in_order(std::vector<Line> lines);
/// WIB (+07:00) by an fmt format such as "{:%b %e %H:%M:%S}".
[[nodiscard]] std::string local_time(Timestamp time, std::string_view format);

}  // namespace kentongan::generate
