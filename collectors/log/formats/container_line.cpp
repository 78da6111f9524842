// Lines of container runtimes, without a detour through a JSON tree: there is one on every line.
#include "collectors/log/formats/container_line.hpp"

#include <algorithm>

#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

std::optional<unsigned> hex4(std::string_view text) {
    unsigned value = 0;
    const auto digits = text.substr(0, 4);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 4 || error != std::errc{} || end != digits.data() + 4) return std::nullopt;
    return value;
}

void append_utf8(unsigned code, std::string& out) {
    const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) return put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
    if (code < 0x10000)
        return put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
}

/// What stands behind "\u": one code unit, or two that are a pair.
bool take_code(std::string_view& rest, std::string& out) {
    const auto first = hex4(rest);
    if (!first) return false;
    rest.remove_prefix(4);
    unsigned code = *first;
    if (code >= 0xD800 && code < 0xDC00 && rest.starts_with("\\u"))
        if (const auto low = hex4(rest.substr(2)); low && *low >= 0xDC00 && *low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (*low - 0xDC00);
            rest.remove_prefix(6);
        }
    append_utf8(code >= 0xD800 && code < 0xE000 ? 0xFFFD : code, out);
    return true;
}

bool take_escape(std::string_view& rest, std::string& out) {
    if (rest.size() < 2) return false;
    const char c = rest[1];
    rest.remove_prefix(2);
    if (c == 'u') return take_code(rest, out);
    static constexpr std::string_view kFrom = "\"\\/bfnrt";
    static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    const auto at = kFrom.find(c);
    if (at == std::string_view::npos) return false;
    out += kTo[at];
    return true;
}

/// A JSON string off the front; decoded behind what `scratch` holds when it has escapes.
std::optional<std::string_view> take_string(std::string_view& rest, std::string& scratch) {
    if (!take(rest, "\"")) return std::nullopt;
    auto end = rest.find_first_of("\"\\");
    if (end == std::string_view::npos) return std::nullopt;
    if (rest[end] == '"') {
        const auto text = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        return text;
    }
    scratch.clear();
    for (; end != std::string_view::npos; end = rest.find_first_of("\"\\")) {
        scratch += rest.substr(0, end);
        rest.remove_prefix(end);
        if (take(rest, "\"")) return std::string_view(scratch);
        if (!take_escape(rest, scratch)) return std::nullopt;
    }
    return std::nullopt;
}

/// A value that is no string, such as Docker's "attrs":{…}: up to the comma or brace after it.
bool pass_value(std::string_view& rest) {
    int depth = 0;
    for (bool quoted = false; !rest.empty(); rest.remove_prefix(1)) {
        const char c = rest[0];
        if (quoted) {
            if (c == '\\' && rest.size() > 1)
                rest.remove_prefix(1);
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']' || c == ',') {
            if (depth == 0) return true;
            if (c != ',') --depth;
        }
    }
    return false;
}

bool take_member(std::string_view& rest, std::string& scratch, ContainerLine& out) {
    if (!take(rest, "\"")) return false;
    const auto key = take_until(rest, '"');
    while (take(rest, " ")) continue;
    if (!take(rest, ":")) return false;
    while (take(rest, " ")) continue;
    if (key != "log" && key != "stream" && key != "time") return pass_value(rest);
    if (key == "log") {
        const auto text = take_string(rest, scratch);
        if (text) out.text = *text;
        return text.has_value();
    }
    if (!take(rest, "\"")) return false;
    const auto text = take_until(rest, '"');
    if (key == "stream")
        out.stream = text;
    else
        out.time = parse_rfc3339(text);
    return true;
}

bool read_docker(std::string_view line, std::string& scratch, ContainerLine& out) {
    if (!take(line, "{")) return false;
    do {
        while (take(line, " ")) continue;
        if (!take_member(line, scratch, out)) return false;
        while (take(line, " ")) continue;
    } while (take(line, ","));
    if (!take(line, "}") || !out.time || (out.stream != "stdout" && out.stream != "stderr"))
        return false;
    out.partial = !take_back(out.text, "\n");
    (void)take_back(out.text, "\r");
    return true;
}

bool read_cri(std::string_view line, ContainerLine& out) {
    out.time = parse_rfc3339(take_until(line, ' '));
    out.stream = take_until(line, ' ');
    const auto tags = take_until(line, ' ');
    if (!out.time || (out.stream != "stdout" && out.stream != "stderr")) return false;
    const auto tag = tags.substr(0, tags.find(':'));
    out.partial = tag == "P";
    out.text = line;
    return out.partial || tag == "F";
}

}  // namespace

bool read_container_line(std::string_view line, std::string& scratch, ContainerLine& out) {
    out = {};
    return line.starts_with('{') ? read_docker(line, scratch, out) : read_cri(line, out);
}

ContainerPath read_container_path(std::string_view path) {
    ContainerPath out;
    const auto slash = path.rfind('/');
    auto file = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    if (const auto at = path.find("/pods/"); at != std::string_view::npos) {
        auto rest = path.substr(at + 6);
        out.space = take_until(rest, '_');
        out.pod = take_until(rest, '_');
        (void)take_until(rest, '/');
        out.container = take_until(rest, '/');
        return out;
    }
    const auto end = file.find("-json.log");
    if (end != std::string_view::npos) {
        out.id = file.substr(0, end);
    } else if (path.contains("/containers/") && std::ranges::count(file, '_') == 2) {
        file = file.substr(0, file.rfind(".log"));
        out.pod = take_until(file, '_');
        out.space = take_until(file, '_');
        const auto dash = file.rfind('-');
        out.container = file.substr(0, dash);
        if (dash != std::string_view::npos) out.id = file.substr(dash + 1);
    }
    return out;
}

bool is_container(std::string_view line) {
    std::string scratch;
    ContainerLine out;
    return read_container_line(line, scratch, out);
}

}  // namespace kentongan::log
