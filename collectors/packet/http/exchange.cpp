#include "collectors/packet/http/exchange.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::packet {

TargetParts split_target(std::string_view target) {
    const auto scheme = target.find("://");
    if (!target.starts_with('/') && scheme != std::string_view::npos &&
        scheme < target.find_first_of("/?")) {
        const auto path = target.find_first_of("/?", scheme + 3);
        target = path == std::string_view::npos ? std::string_view{} : target.substr(path);
    }
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    if (mark == std::string_view::npos) return {target, {}};
    return {target.substr(0, mark), target.substr(mark + 1)};
}

std::optional<bool> begins_request(std::string_view bytes) {
    constexpr std::size_t kBlankLines = 8;  // servers skip empty lines before a request
    constexpr std::size_t kLongestMethod = 24;
    const auto start = bytes.find_first_not_of("\r\n");
    if (start == std::string_view::npos)
        return bytes.size() > kBlankLines ? std::optional(false) : std::nullopt;
    if (start > kBlankLines) return false;
    bytes.remove_prefix(start);
    const auto in_method = [](char c) {
        return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' || c == '_';
    };
    const auto method =
        static_cast<std::size_t>(std::ranges::find_if_not(bytes, in_method) - bytes.begin());
    if (method > kLongestMethod) return false;
    if (method == bytes.size()) return std::nullopt;
    if (method < 3 || bytes[method] != ' ') return false;
    // Servers take more than one blank, so who hides must not be able to.
    constexpr std::size_t kBlanks = 64;
    const auto target_at = bytes.find_first_not_of(" \t", method);
    if (target_at == std::string_view::npos)
        return bytes.size() - method > kBlanks ? std::optional(false) : std::nullopt;
    if (target_at - method > kBlanks) return false;
    // A target: a path, an asterisk, http:// or, for CONNECT, a host. Greetings of mail and file
    // transfer ("EHLO host", "USER name") have none of these.
    const char target = bytes[target_at];
    if (target == '/') return true;
    if (target == '*') return bytes.substr(0, method) != "PRI";  // HTTP/2's preface
    if (equals_ignoring_case(bytes.substr(0, method), "connect")) return true;
    constexpr std::string_view kScheme = "http";
    const auto scheme = bytes.substr(target_at, kScheme.size());
    if (!equals_ignoring_case(scheme, kScheme.substr(0, scheme.size()))) return false;
    return scheme.size() == kScheme.size() ? std::optional(true) : std::nullopt;
}

}  // namespace kentongan::packet
