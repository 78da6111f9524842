// Reads lists for `expand` and puts them in.
#include "daemon/detect/sigma/placeholders.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace fs = std::filesystem;

namespace {

using Lists = std::map<std::string, std::vector<std::string>, std::less<>>;

bool is_name_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
}

bool is_first_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The name of the placeholder that begins at text[at], which is a percent sign; empty when none.
std::string_view name_at(std::string_view text, std::size_t at) {
    if (at + 1 == text.size() || !is_first_character(text[at + 1])) return {};
    std::size_t end = at + 1;
    while (end < text.size() && is_name_character(text[end])) ++end;
    if (end == text.size() || text[end] != '%') return {};
    return text.substr(at + 1, end - at - 1);
}

std::optional<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<std::int64_t>()) return fmt::format("{}", *number);
    return std::nullopt;
}

Result<Lists> read_lists(const toml::table& root, std::string_view file) {
    Lists out;
    for (const auto& [key, node] : root) {
        const int line = static_cast<int>(node.source().begin.line);
        const toml::array* list = node.as_array();
        if (list == nullptr)
            return fail(ErrorCode::data, "placeholders {}:{}: '{}' must be a list of texts", file,
                        line, std::string_view{key.str()});
        auto& values = out[std::string{key.str()}];
        for (const toml::node& item : *list) {
            auto text = text_of(item);
            if (!text || text->empty())
                return fail(
                    ErrorCode::data, "placeholders {}:{}: '{}' holds a value that is no text", file,
                    static_cast<int>(item.source().begin.line), std::string_view{key.str()});
            values.push_back(std::move(*text));
        }
    }
    return out;
}

/// Appends `part` to every text.
void append_to_all(std::vector<std::string>& texts, std::string_view part) {
    for (std::string& text : texts) text += part;
}

std::vector<std::string> with_each(const std::vector<std::string>& texts,
                                   const std::vector<std::string>& values) {
    std::vector<std::string> out;
    out.reserve(texts.size() * values.size());
    for (const std::string& text : texts)
        for (const std::string& value : values) out.push_back(text + value);
    return out;
}

}  // namespace

Result<Placeholders> Placeholders::parse(std::string_view text, std::string_view file) {
    try {
        auto lists = read_lists(toml::parse(text), file);
        if (!lists) return std::unexpected(lists.error());
        return Placeholders{std::move(*lists)};
    } catch (const toml::parse_error& error) {
        return fail(ErrorCode::data, "placeholders {}:{}: {}", file, error.source().begin.line,
                    error.description());
    }
}

Result<Placeholders> Placeholders::load(const fs::path& file) {
    const auto text = read_file(file, kMaximumBytes);
    if (!text) return std::unexpected(text.error().within("placeholders file"));
    return parse(*text, file.native());
}

const std::vector<std::string>* Placeholders::find(std::string_view name) const {
    const auto found = lists_.find(name);
    return found == lists_.end() || found->second.empty() ? nullptr : &found->second;
}

std::expected<std::vector<std::string>, std::string> Placeholders::expand(
    std::string_view text) const {
    std::vector<std::string> out{""};
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("\\%")) {
            append_to_all(out, "%");
            at += 2;
            continue;
        }
        const auto name = text[at] == '%' ? name_at(text, at) : std::string_view{};
        if (name.empty()) {
            append_to_all(out, text.substr(at++, 1));
            continue;
        }
        const auto* values = find(name);
        if (values == nullptr)
            return std::unexpected(
                fmt::format("placeholder '%{}%' has no value: give it a list in the placeholders "
                            "file (setting rules.placeholders)",
                            printable_utf8(name, 80)));
        if (out.size() * values->size() > kMaximumExpansions)
            return std::unexpected(
                fmt::format("placeholders make more than {} values of one", kMaximumExpansions));
        out = with_each(out, *values);
        at += name.size() + 2;
    }
    return out;
}

std::optional<fs::path> find_placeholders(const std::vector<fs::path>& folders) {
    std::error_code failed;
    for (const fs::path& folder : folders)
        for (const fs::path& file :
             {folder / "placeholders.toml", folder / "sigma" / "placeholders.toml"})
            if (fs::is_regular_file(file, failed)) return file;
    return std::nullopt;
}

}  // namespace kentongan::sigma
