#include "collectors/report/multipart.hpp"

#include <algorithm>

#include "daemon/async/http/message.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::report {

namespace {

constexpr std::size_t kMostParts = 40;
constexpr std::size_t kHeadersCap = 4096;
constexpr std::size_t kLongestBoundary = 70;  // RFC 2046, §5.1.1
constexpr std::size_t kLongestName = 64;

/// The value of a parameter behind ';', in quotes or not; nothing when it is not there.
std::optional<std::string_view> parameter(std::string_view header, std::string_view name) {
    (void)take_until(header, ';');
    while (!header.empty()) {
        header = header.substr(std::min(header.find_first_not_of(" \t"), header.size()));
        const std::string_view key = trim(header.substr(0, header.find_first_of("=;")));
        header.remove_prefix(std::min(header.find_first_of("=;"), header.size()));
        std::string_view value;
        if (header.starts_with("=\"")) {
            const auto end = header.find('"', 2);
            if (end == std::string_view::npos) return std::nullopt;
            value = header.substr(2, end - 2);
            header.remove_prefix(end + 1);
            (void)take_until(header, ';');
        } else {
            value = take_until(header, ';');
            value = trim(value.substr(std::min<std::size_t>(1, value.size())));
        }
        if (equals_ignoring_case(key, name)) return value;
    }
    return std::nullopt;
}

std::optional<FormPart> part_of(std::string_view text) {
    FormPart out;
    const auto end = text.starts_with("\r\n") ? 0 : text.find("\r\n\r\n");
    if (end == std::string_view::npos || end > kHeadersCap || end == 0) return std::nullopt;
    std::string_view headers = text.substr(0, end);
    out.content = text.substr(end + 4);
    while (!headers.empty()) {
        std::string_view line = trim(take_until(headers, '\n'));
        const std::string_view whole = line;
        if (!equals_ignoring_case(trim(take_until(line, ':')), "content-disposition")) continue;
        const auto name = parameter(whole, "name");
        if (!name || name->empty() || name->size() > kLongestName) return std::nullopt;
        out.name = *name;
        out.is_file = parameter(whole, "filename").has_value();
    }
    if (out.name.empty()) return std::nullopt;
    return out;
}

}  // namespace

std::string media_type(std::string_view content_type) {
    return to_lower(trim(content_type.substr(0, content_type.find(';'))));
}

std::optional<std::vector<FormPart>> parse_multipart(std::string_view content_type,
                                                     std::string_view body) {
    if (media_type(content_type) != "multipart/form-data") return std::nullopt;
    const auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > kLongestBoundary) return std::nullopt;
    const std::string delimiter = "\r\n--" + std::string(*boundary);
    const std::string_view opening = std::string_view{delimiter}.substr(2);
    if (!body.starts_with(opening)) return std::nullopt;
    body.remove_prefix(opening.size());
    std::vector<FormPart> out;
    while (!body.starts_with("--")) {
        if (!body.starts_with("\r\n") || out.size() == kMostParts) return std::nullopt;
        body.remove_prefix(2);
        const auto end = body.find(delimiter);
        if (end == std::string_view::npos) return std::nullopt;
        auto part = part_of(body.substr(0, end));
        if (!part) return std::nullopt;
        out.push_back(std::move(*part));
        body.remove_prefix(end + delimiter.size());
    }
    return out;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_pairs(std::string_view body) {
    std::string target = "/?";
    for (const char c : body)
        if (c == '+')
            target += "%20";
        else
            target += c;
    if (target.contains('#')) return std::nullopt;
    auto parsed = web::parse_target(target);
    if (!parsed || parsed->query.size() > kMostParts) return std::nullopt;
    return std::move(parsed->query);
}

}  // namespace kentongan::report
