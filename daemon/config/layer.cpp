#include "daemon/config/layer.hpp"

#include <algorithm>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::config {

namespace {

constexpr std::size_t kFileCap = std::size_t{1} << 20;
constexpr std::size_t kLineCap = 8192;
constexpr std::ptrdiff_t kDotCap = 64;
constexpr std::size_t kPartCap = 4;  // section, table, key, key of a map

/// Refuses texts whose parse could nest deeper than the stack.
Result<> check_bounds(std::string_view text, const std::string& path) {
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::string_view content = take_until(text, '\n');
        if (content.size() > kLineCap)
            return fail(ErrorCode::config, "{}:{}: line is longer than {} bytes; break it", path,
                        line, kLineCap);
        if (std::ranges::count(content, '.') > kDotCap)
            return fail(ErrorCode::config, "{}:{}: line has more than {} dots; break it", path,
                        line, kDotCap);
    }
    return {};
}

/// The value as TOML; as text where it is none.
toml::table value_table(std::string_view value) {
    if (check_bounds(value, "") && !value.contains('\n')) try {
            toml::table parsed = toml::parse(fmt::format("value = {}", value));
            if (parsed.size() == 1) return parsed;
        } catch (const toml::parse_error&) {
        }
    return toml::table{{"value", std::string{value}}};
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
    std::vector<std::string> parts;
    while (parts.size() + 1 < kPartCap) {
        const auto at = text.find(separator);
        if (at == std::string_view::npos) break;
        parts.emplace_back(text.substr(0, at));
        text.remove_prefix(at + separator.size());
    }
    parts.emplace_back(text);
    return parts;
}

Layer single(const std::vector<std::string>& parts, const std::string& value, std::string origin) {
    toml::table table = value_table(value);
    toml::table level;
    table.begin()->second.visit([&](auto& held) { level.insert(parts.back(), std::move(held)); });
    for (auto part = parts.rbegin() + 1; part != parts.rend(); ++part) {
        toml::table outer;
        outer.insert(*part, std::move(level));
        level = std::move(outer);
    }
    return {.root = std::move(level), .file = {}, .origin = std::move(origin), .raw = value};
}

}  // namespace

Result<Layer> parse_text(std::string_view text, const std::string& path) {
    if (text.empty())
        return fail(ErrorCode::config,
                    "{} is empty; a settings file holds at least a comment, so this one was "
                    "probably cut short: restore it",
                    path);
    if (auto bounded = check_bounds(text, path); !bounded) return std::unexpected(bounded.error());
    try {
        return Layer{.root = toml::parse(text, path), .file = path, .origin = {}, .raw = {}};
    } catch (const toml::parse_error& e) {
        return fail(ErrorCode::config, "{}:{}:{}: {}", path, e.source().begin.line,
                    e.source().begin.column, printable_utf8(e.description(), 200));
    }
}

Result<Layer> parse_file(const std::string& path) {
    auto text = read_file(path, kFileCap);
    if (!text) {
        Error error = std::move(text.error());
        if (error.code == ErrorCode::data) error.code = ErrorCode::config;
        return std::unexpected(error.within("settings"));
    }
    return parse_text(*text, path);
}

Result<Layer> parse_variable(const std::string& name, const std::string& value) {
    constexpr std::string_view kPrefix = "KENTONGAN_";
    const auto parts = split(to_lower(std::string_view{name}.substr(kPrefix.size())), "__");
    const std::string origin = "environment " + name;
    if (parts.size() < 2 || std::ranges::any_of(parts, &std::string::empty))
        return fail(ErrorCode::config, "{}: expected KENTONGAN_SECTION__KEY", origin);
    return single(parts, value, origin);
}

Result<Layer> parse_assignment(const std::string& assignment) {
    const auto equals = assignment.find('=');
    const auto parts = split(trim(std::string_view{assignment}.substr(0, equals)), ".");
    if (equals == std::string::npos || parts.size() < 2 ||
        std::ranges::any_of(parts, &std::string::empty))
        return fail(ErrorCode::config, "--set {}: expected SECTION.KEY=VALUE",
                    printable_utf8(assignment, 200));
    return single(parts, assignment.substr(equals + 1), "--set");
}

}  // namespace kentongan::config
