#include "daemon/cli/output.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "daemon/base/text.hpp"

namespace kentongan::cli {

namespace json = boost::json;

Result<OutputFormat> Output::parse(std::string_view name) {
    if (name == "human") return OutputFormat::human;
    if (name == "json") return OutputFormat::json;
    if (name == "ndjson") return OutputFormat::ndjson;
    return fail(ErrorCode::usage, "output format {}: use human, json or ndjson", name);
}

bool Output::wants_colour() {
    const char* no_colour = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

std::size_t Output::terminal_columns() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b') {  // our own colours
            i = std::min(text.find('m', i), text.size());
            continue;
        }
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++width;
    }
    return width;
}

std::string cell(std::string_view text, std::size_t columns) {
    std::string out;
    std::size_t width = 0;
    std::size_t cut = 0;  // bytes that leave room for the mark
    for (const char c : printable_utf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) == 0x80) {
            out.push_back(c);
            continue;
        }
        if (width < columns) cut = out.size();
        const bool blank = c == '\n' || c == '\t';
        const bool control = byte < 0x20 || byte == 0x7f;
        width += control && !blank ? 4 : 1;
        if (width > columns) return out.substr(0, cut) + "…";
        if (blank)
            out.push_back(' ');
        else if (control)
            out += fmt::format("\\x{:02x}", byte);
        else
            out.push_back(c);
    }
    return out;
}

std::string Output::bold(std::string_view text) const {
    return colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string Output::severity(std::string_view name) const {
    static const std::map<std::string_view, int> kColours{
        {"critical", 91}, {"high", 33}, {"medium", 93}, {"low", 94}, {"info", 37}};
    const auto found = kColours.find(name);
    if (!colour || found == kColours.end()) return std::string(name);
    return fmt::format("\x1b[{}m{}\x1b[0m", found->second, name);
}

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeast = 6;  // of a column that is cut

/// Takes from the widest column until all of them fit, or none is wide.
void fit(std::vector<std::size_t>& widths, std::size_t columns) {
    if (columns == 0 || widths.empty()) return;
    std::size_t all = kGap * (widths.size() - 1);
    for (const std::size_t width : widths) all += width;
    for (; all > columns; --all) {
        const auto widest = std::ranges::max_element(widths);
        if (*widest <= kLeast) return;
        --*widest;
    }
}

/// Colours are kept by leaving a coloured cell whole; they are short words.
std::string cut(const std::string& text, std::size_t columns) {
    if (width_of(text) <= columns || text.find('\x1b') != std::string::npos) return text;
    return cell(text, columns - 1);
}

}  // namespace

void Output::table(const std::vector<std::string>& heads,
                   const std::vector<std::vector<std::string>>& all) const {
    std::vector<std::size_t> widths;
    for (const auto& head : heads) widths.push_back(width_of(head));
    for (const auto& row : all)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    fit(widths, columns);
    std::vector<std::vector<std::string>> rows = all;
    for (auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = cut(row[i], widths[i]);
    const auto print = [&](const std::vector<std::string>& row, bool head) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += head ? bold(row[i]) : row[i];
            if (i + 1 < row.size())
                line.append(std::max(widths[i], width_of(row[i])) - width_of(row[i]) + kGap, ' ');
        }
        fmt::print("{}\n", line);
    };
    std::vector<std::string> names = heads;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = cut(names[i], widths[i]);
    print(names, true);
    for (const auto& row : rows) print(row, false);
}

void Output::object(const json::value& value) const {
    fmt::print("{}\n", format == OutputFormat::human ? pretty(value) : json::serialize(value));
}

std::string plain(const json::value& value, std::size_t columns) {
    if (value.is_null()) return "-";
    if (value.is_string())
        return value.as_string().empty() ? "-" : cell(value.as_string(), columns);
    if (value.is_double()) {
        const double number = value.as_double();
        const bool whole = std::abs(number) >= 1000 && std::abs(number) < 1e15;
        return whole ? fmt::format("{:.0f}", number) : fmt::format("{:.3g}", number);
    }
    return cell(json::serialize(value), columns);
}

std::string pretty(const json::value& value, std::size_t depth) {
    const std::string inner((depth + 1) * 2, ' ');
    const std::string outer(depth * 2, ' ');
    std::string out;
    if (value.is_object() && !value.as_object().empty()) {
        for (const auto& [key, member] : value.as_object())
            out += fmt::format("{}{}{}: {}", out.empty() ? "" : ",\n", inner,
                               json::serialize(json::value(key)), pretty(member, depth + 1));
        return fmt::format("{{\n{}\n{}}}", out, outer);
    }
    if (value.is_array() && !value.as_array().empty()) {
        for (const auto& item : value.as_array())
            out += fmt::format("{}{}{}", out.empty() ? "" : ",\n", inner, pretty(item, depth + 1));
        return fmt::format("[\n{}\n{}]", out, outer);
    }
    return json::serialize(value);
}

}  // namespace kentongan::cli
