// Finds the file of a rule by what the engines call it.
#include "daemon/pipeline/rule_texts.hpp"

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

bool holds(const fs::path& file, std::string_view text, const std::string& id) {
    const std::string extension = file.extension().native();
    std::string name = id.substr(id.find(':') == std::string::npos ? 0 : id.find(':') + 1);
    if (extension == ".yml" || extension == ".yaml")
        return text.contains("id: " + id) || text.contains("id: '" + id) ||
               text.contains("name: " + id) || text.contains("title: " + id + "\n");
    if (extension == ".yar" || extension == ".yara") return text.contains("rule " + name);
    if (extension != ".toml") return false;
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
        rows.push_back({{"file", place_of(status.file, paths)},
                        {"engine", status.engine},
                        {"name", status.rule},
                        {"status", name_of(status.state)},
                        {"reason", status.reason}});
    return {{"rules", std::move(rows)}};
}

}  // namespace kentongan
