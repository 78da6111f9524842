#pragma once
// The parts of a multipart/form-data body (RFC 7578) and the pairs of a form's other encoding.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::report {

struct FormPart {
    std::string name;
    bool is_file = false;      ///< it has a file name, which is not kept
    std::string_view content;  ///< of the body
};

/// Strict: nothing for a body that is not what `content_type` says, is cut short, or has more than
/// 40 parts or 4 KiB of headers before one.
[[nodiscard]] std::optional<std::vector<FormPart>> parse_multipart(std::string_view content_type,
                                                                   std::string_view body);

/// application/x-www-form-urlencoded: name and value, decoded; nothing for a bad escape or more
/// than 40 pairs.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_pairs(
    std::string_view body);

/// "multipart/form-data" of "multipart/form-data; boundary=x", in lower case.
[[nodiscard]] std::string media_type(std::string_view content_type);

}  // namespace kentongan::report
