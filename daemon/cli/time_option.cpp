#include "daemon/cli/time_option.hpp"

#include "daemon/base/text.hpp"

namespace kentongan::cli {

Result<std::optional<Timestamp>> time_of(std::string_view option, const std::string& text) {
    if (text.empty()) return std::optional<Timestamp>{};
    if (const auto time = parse_rfc3339(text)) return time;
    constexpr std::string_view kUnits = "smhd";
    constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86400};
    const auto unit = kUnits.find(text.back());
    const auto number =
        parse_number<std::int64_t>(std::string_view(text).substr(0, text.size() - 1));
    if (unit == std::string_view::npos || !number || *number < 0 || *number > 1'000'000)
        return fail(ErrorCode::usage,
                    "{} {}: give a time such as 2024-11-27T06:00:00Z or an age such as 2h", option,
                    text);
    return std::optional{Timestamp{std::chrono::system_clock::now()} -
                         std::chrono::seconds{*number * kSeconds[unit]}};
}

}  // namespace kentongan::cli
