#pragma once
// Reads a file that somebody else put there.
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace kentongan {

/// The content, or the reason for a skip: unreadable or too_large. Empty for what is no regular
/// file or is gone again, which is no reason for anything. Links are not followed and pipes not
/// waited for. Into memory: a mapped file that is cut meanwhile would end the process.
[[nodiscard]] std::expected<std::string, std::string_view> read_regular_file(const char* path,
                                                                             std::uint64_t maximum);

}  // namespace kentongan
