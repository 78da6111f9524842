// Finds the file of a rule by what the engines call it.
#include "daemon/detect/rule_texts.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kLongestFile = std::size_t{256} << 10;
constexpr std::size_t kMostFiles = 100'000;

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The value of `key: value` at the left edge: without quotation marks and what is commented out.
std::optional<std::string_view> top_level(std::string_view line, std::string_view key) {
    if (!line.starts_with(key)) return std::nullopt;
    line.remove_prefix(key.size());
    if (!line.starts_with(':')) return std::nullopt;
    line = trim(line.substr(1));
    if (!line.empty() && (line.front() == '\'' || line.front() == '"')) {
        const auto end = line.find(line.front(), 1);
        return line.substr(1, end == std::string_view::npos ? end : end - 1);
    }
    return trim(line.substr(0, line.find(" #")));
}

bool is_sigma_rule(std::string_view text, std::string_view id) {
    while (!text.empty()) {
        const std::string_view line = take_until(text, '\n');
        for (const std::string_view key : {"id", "name", "title"})
            if (top_level(line, key) == id) return true;
        // A rule without an id is called by its title.
        constexpr std::string_view kOwn = "sigma:";
        if (id.starts_with(kOwn) && top_level(line, "title") == id.substr(kOwn.size())) return true;
    }
    return false;
}

/// `rule NAME` that opens a rule: at the left edge or behind private, global and the end of
/// another.
bool opens_rule(std::string_view before, std::string_view after, std::string_view name) {
    before = trim(before.substr(before.rfind('\n') + 1));
    for (const std::string_view word : {"private", "global", "private"})
        if (before.ends_with(word)) before = trim(before.substr(0, before.size() - word.size()));
    if (!before.empty() && !before.ends_with('}')) return false;
    const std::string_view rest = trim(after);
    if (rest.size() == after.size() || !rest.starts_with(name)) return false;
    const std::string_view opening = trim(rest.substr(name.size()));
    return (rest.size() == name.size() || !is_word(rest[name.size()])) &&
           (opening.starts_with('{') || opening.starts_with(':'));
}

/// By the name of yara:NAMESPACE:NAME, or by `id = "…"` of its meta section.
bool is_yara_rule(std::string_view text, std::string_view id) {
    for (std::string_view rest = text; !rest.empty();) {
        std::string_view line = trim(take_until(rest, '\n'));
        if (trim(take_until(line, '=')) == "id" && trim(line) == fmt::format("\"{}\"", id))
            return true;
    }
    const std::string_view name = id.substr(id.rfind(':') + 1);
    constexpr std::string_view kRule = "rule";
    for (auto at = text.find(kRule); at != std::string_view::npos; at = text.find(kRule, at + 1))
        if (opens_rule(text.substr(0, at), text.substr(at + kRule.size()), name)) return true;
    return false;
}

bool holds(const fs::path& file, std::string_view text, const std::string& id) {
    const std::string extension = file.extension().native();
    if (extension == ".yml" || extension == ".yaml") return is_sigma_rule(text, id);
    if (extension == ".yar" || extension == ".yara") return is_yara_rule(text, id);
    if (extension != ".toml") return false;
    std::string name = id.substr(id.find(':') == std::string::npos ? 0 : id.find(':') + 1);
    std::ranges::replace(name, '-', '_');  // sirekap:duplicate-image is in duplicate_image.toml
    return file.stem().native() == name;
}

/// Without the path that settings name: where rules are installed is nobody's business.
std::string place_of(const fs::path& file, const std::vector<std::string>& paths) {
    for (const std::string& root : paths) {
        const auto place = file.lexically_relative(root);
        if (!place.empty() && *place.begin() != "..")
            return place == "." ? file.filename().native() : place.native();
    }
    return file.filename().native();
}

std::optional<RuleFile> look(const fs::path& file, const std::string& id,
                             const std::vector<std::string>& paths) {
    auto text = read_file(file, kLongestFile);
    if (!text || !holds(file, *text, id)) return std::nullopt;
    std::string digest = sha256_hex(*text);
    return RuleFile{place_of(file, paths), std::move(*text), std::move(digest)};
}

}  // namespace

Result<RuleFile> rule_file(const std::vector<std::string>& paths, const std::string& id,
                           const std::string& sha256) {
    std::size_t seen = 0;
    std::optional<RuleFile> first;
    /// Whether the search is over.
    const auto take = [&](const fs::path& file) {
        auto found = look(file, id, paths);
        if (!found) return false;
        const bool wanted = sha256.empty() || found->sha256 == sha256;
        if (wanted || !first) first = std::move(found);
        return wanted;
    };
    for (const std::string& root : paths) {
        std::error_code failed;
        if (!fs::is_directory(root, failed)) {
            if (take(root)) return std::move(*first);
            continue;
        }
        auto files = fs::recursive_directory_iterator(
            root, fs::directory_options::skip_permission_denied, failed);
        for (; !failed && files != fs::recursive_directory_iterator{}; files.increment(failed)) {
            if (++seen > kMostFiles) break;
            std::error_code ignored;
            if (files->is_regular_file(ignored) && take(files->path())) return std::move(*first);
        }
    }
    if (first) return std::move(*first);
    return fail(ErrorCode::no_input, "no rule file holds the rule {}", printable_utf8(id, 100));
}

Result<json::object> rule_text(const std::vector<std::string>& paths, const std::string& id) {
    const auto found = rule_file(paths, id);
    if (!found) return std::unexpected(found.error());
    return json::object{{"id", id}, {"file", found->place}, {"text", printable_utf8(found->text)}};
}

json::object rule_list(const std::vector<RuleStatus>& statuses,
                       const std::vector<std::string>& paths) {
    json::array rows;
    for (const RuleStatus& status : statuses)
        rows.push_back({{"id", status.id},
                        {"file", place_of(status.file, paths)},
                        {"engine", status.engine},
                        {"name", status.rule},
                        {"status", name_of(status.state)},
                        {"reason", status.reason}});
    return {{"rules", std::move(rows)}};
}

}  // namespace kentongan
