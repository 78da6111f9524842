#include "daemon/detect/yara/multipart.hpp"

#include "daemon/base/text.hpp"

namespace kentongan::yara {

namespace {

/// The value of a parameter such as filename="x" in one header line.
std::string_view parameter(std::string_view header, std::string_view name) {
    const std::string key = std::string(name) + "=";
    const auto at = to_lower(header).find(key);
    if (at == std::string::npos) return {};
    std::string_view value = header.substr(at + key.size());
    if (value.starts_with('"')) {
        value.remove_prefix(1);
        return value.substr(0, value.find('"'));
    }
    return trim(value.substr(0, value.find_first_of("; \t\r\n")));
}

std::string filename_of(std::string_view headers) {
    while (!headers.empty()) {
        const std::string_view line = take_until(headers, '\n');
        if (!to_lower(line.substr(0, 20)).starts_with("content-disposition:")) continue;
        const std::string_view name = parameter(line, "filename");
        return printable_utf8(name.substr(name.find_last_of("/\\") + 1), 255);
    }
    return {};
}

BodyPart part_of(std::string_view text) {
    if (text.starts_with("\r\n")) return {{}, text.substr(2)};  // no headers
    if (text.starts_with('\n')) return {{}, text.substr(1)};
    auto end = text.find("\r\n\r\n");
    std::size_t gap = 4;
    if (const auto bare = text.find("\n\n"); bare < end) {
        end = bare;
        gap = 2;
    }
    if (end == std::string_view::npos) return {{}, text};
    return {filename_of(text.substr(0, end)), text.substr(end + gap)};
}

}  // namespace

BodyParts parts_of(std::string_view body, std::size_t maximum) {
    BodyParts out;
    const auto line_end = body.find('\n');
    if (!body.starts_with("--") || line_end == std::string_view::npos || line_end > 200) return out;
    const std::string_view boundary = trim(body.substr(0, line_end));
    if (boundary.size() < 3) return out;
    const std::string delimiter = "\n" + std::string(boundary);

    std::string_view rest = body.substr(line_end + 1);
    for (;;) {
        const auto end = rest.find(delimiter);
        std::string_view part = rest.substr(0, end);
        if (part.ends_with('\r') && end != std::string_view::npos) part.remove_suffix(1);
        if (out.parts.size() == maximum) {
            out.complete = false;
            return out;
        }
        if (!part.empty()) out.parts.push_back(part_of(part));
        if (end == std::string_view::npos) return out;
        rest.remove_prefix(end + delimiter.size());
        if (rest.starts_with("--")) return out;
        const auto next = rest.find('\n');
        if (next == std::string_view::npos) return out;
        rest.remove_prefix(next + 1);
    }
}

}  // namespace kentongan::yara
