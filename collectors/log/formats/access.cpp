// Access logs of nginx and Apache as text: combined, common, and both with a virtual host in front.
// What the server escaped (`\x22`, `\"`) stays as logged, since rules are written against that.
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/web_lines.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

/// Where the quoted text that starts at `begin` ends: at a quote that no backslash escapes.
std::size_t closing_quote(std::string_view line, std::size_t begin) {
    for (std::size_t at = begin;;) {
        at = line.find('"', at);
        if (at == std::string_view::npos) return at;
        std::size_t slashes = 0;
        while (at - slashes > begin && line[at - slashes - 1] == '\\') ++slashes;
        if (slashes % 2 == 0) return at;
        ++at;
    }
}

bool is_status(std::string_view rest) {
    if (rest.size() < 2 || rest[0] != ' ') return false;
    if (rest[1] == '-') return rest.size() == 2 || rest[2] == ' ';
    return digits_at<3>(rest, 1) >= 0 && (rest.size() == 4 || rest[4] == ' ');
}

/// `client ident user`, or `vhost client ident user`, before the time. Users may hold spaces.
bool read_front(std::string_view front, AccessRecord& out) {
    out.client = take_until(front, ' ');
    if (!IpAddress::parse(out.client)) {
        std::string_view after = front;
        const auto second = take_until(after, ' ');
        if (IpAddress::parse(second)) {
            out.vhost = out.client;
            out.client = second;
            front = after;
        }
    }
    const auto ident = take_until(front, ' ');
    out.user = front;
    return !out.client.empty() && !ident.empty() && !front.empty();
}

/// The request ends at the first closing quote that a status follows: some writers do not escape.
std::size_t request_end(std::string_view line, std::size_t begin) {
    std::size_t end = closing_quote(line, begin);
    while (end != std::string_view::npos && !is_status(line.substr(end + 1)))
        end = line.find('"', end + 1);
    return end;
}

std::optional<std::string_view> take_quoted(std::string_view& rest) {
    std::string_view inside = rest;
    if (!take(inside, " \"")) return std::nullopt;
    const auto end = closing_quote(inside, 0);
    if (end == std::string_view::npos) return std::nullopt;
    rest = inside.substr(end + 1);
    return inside.substr(0, end);
}

/// nginx writes times in seconds with three decimals; a whole number could be anything.
std::optional<double> seconds_of(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos || text.size() - point != 4) return std::nullopt;
    return parse_number<double>(text);
}

/// What an administrator added behind: X-Forwarded-For in quotes, and $request_time bare or as
/// `rt=`. The first of each counts; others stay in the raw line.
void read_extras(std::string_view rest, AccessRecord& out) {
    for (unsigned column = 0; !rest.empty() && column < 16; ++column) {
        if (const auto quoted = take_quoted(rest)) {
            if (out.forwarded.empty() && first_forwarded(*quoted)) out.forwarded = *quoted;
            continue;
        }
        const auto end = rest.find(' ', 1);
        auto word = rest.substr(1, end == std::string_view::npos ? end : end - 1);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
        for (const std::string_view key : {"rt=", "request_time=", "urt="})
            if (take(word, key)) break;
        if (word.size() > 2 && word.starts_with('"') && word.ends_with('"'))
            word = word.substr(1, word.size() - 2);
        if (!out.seconds) out.seconds = seconds_of(word);
    }
}

std::optional<AccessRecord> split(std::string_view line) {
    AccessRecord out;
    std::size_t at = line.find(" [");
    for (; at != std::string_view::npos; at = line.find(" [", at + 1))
        if ((out.time = scan_clf_time(line.substr(at + 2)))) break;
    if (!out.time || !read_front(line.substr(0, at), out)) return std::nullopt;
    std::string_view rest = line.substr(at + 2 + kClfTimeLength);
    if (!take(rest, "] \"")) return std::nullopt;
    const auto end = request_end(rest, 0);
    if (end == std::string_view::npos) return std::nullopt;
    out.request = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    const auto status_end = rest.find(' ');
    out.status = parse_number<std::int64_t>(rest.substr(0, status_end));
    if (status_end == std::string_view::npos) return out;
    rest.remove_prefix(status_end + 1);
    const auto bytes = rest.substr(0, rest.find(' '));
    out.bytes = parse_number<std::int64_t>(bytes);
    rest.remove_prefix(bytes.size());
    out.referrer = take_quoted(rest);
    if (out.referrer) out.agent = take_quoted(rest);
    read_extras(rest, out);
    return out;
}

}  // namespace

bool read_access_line(std::string_view line, Event& out) {
    const auto record = split(line);
    if (record) set_access(*record, out);
    return record.has_value();
}

bool is_access(std::string_view line) { return split(line).has_value(); }

}  // namespace kentongan::log
