// Lists saved snapshots and puts them in order of time.
#include "collectors/sirekap/snapshot_folder.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <tuple>
#include <utility>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kProblems = 100;
constexpr std::size_t kLinesBytes = std::size_t{256} << 20;  // of a .jsonl file

struct Line {
    std::string code;
    std::string body;
};

/// {"kode":"3101011001014","body":{…}}; nothing for any other line.
std::optional<Line> parse_line(std::string_view text) {
    boost::system::error_code error;
    const auto value = json::parse({text.data(), text.size()}, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* code = object == nullptr ? nullptr : object->if_contains("kode");
    const auto* body = object == nullptr ? nullptr : object->if_contains("body");
    if (code == nullptr || body == nullptr || !code->is_string()) return std::nullopt;
    const auto& name = code->get_string();
    return Line{{name.data(), name.size()}, json::serialize(*body)};
}

/// What is read of a file to put it in order.
struct Look {
    std::optional<Timestamp> made;
    Sha256Digest digest{};
    Timestamp modified{};  ///< for a snapshot none of whose files says when it was made
};

Timestamp modified_of(const fs::path& path) {
    std::error_code failed;
    const auto time = fs::last_write_time(path, failed);
    if (failed) return {};
    return std::chrono::time_point_cast<Duration>(std::chrono::file_clock::to_sys(time));
}

class Listing {
  public:
    explicit Listing(const fs::path& root) : root_(root) {}

    Result<SnapshotFolder> read() {
        std::error_code failed;
        if (!fs::is_directory(root_, failed))
            return fail(ErrorCode::no_input, "published {}: not a folder", root_.native());
        std::vector<fs::path> paths;
        auto entry = fs::recursive_directory_iterator{
            root_, fs::directory_options::skip_permission_denied, failed};
        for (; !failed && entry != fs::recursive_directory_iterator{}; entry.increment(failed)) {
            std::error_code ignored;
            if (entry->is_regular_file(ignored)) paths.push_back(entry->path());
            if (paths.size() > SnapshotFolder::kMaximumFiles)
                return fail(ErrorCode::data, "published {}: more than {} files", root_.native(),
                            SnapshotFolder::kMaximumFiles);
        }
        if (failed) return fail_errno("read", root_.native(), failed.value());
        std::ranges::sort(paths);
        for (const auto& path : paths) take(path);
        order();
        return std::move(out_);
    }

  private:
    void problem(const fs::path& path, const std::string& what) {
        if (out_.problems.size() < kProblems) out_.problems.push_back(path.native() + ": " + what);
    }

    void take(const fs::path& path) {
        const fs::path relative = path.lexically_relative(root_);
        if (path.extension() == ".jsonl") return take_lines(path, relative);
        const auto name = parse_saved_name(relative);
        if (!name) {
            ++out_.skipped;
            return;
        }
        const auto text = read_file(path, DocumentHead::kMaximumBytes);
        if (!text) return problem(path, text.error().message);
        add({*name, path, 0}, relative, *text);
    }

    void take_lines(const fs::path& path, const fs::path& relative) {
        const auto text = read_file(path, kLinesBytes);
        if (!text) return problem(path, text.error().message);
        std::string_view rest = *text;
        for (std::size_t number = 1; !rest.empty(); ++number) {
            const auto line = parse_line(take_until(rest, '\n'));
            if (line && is_area_or_tps(line->code))
                add({{"", line->code, "", "", 0}, path, number}, relative, line->body);
            else
                ++out_.skipped;
        }
    }

    void add(SavedFile saved, const fs::path& relative, std::string_view text) {
        const auto head = DocumentHead::read(text);
        saved.file.path = saved.path.native();
        if (saved.file.race.empty() && head)
            for (const auto& url : head->images)
                if (saved.file.race.empty()) saved.file.race = race_of_image(url);
        const std::string group =
            relative.has_parent_path() ? relative.begin()->native() : std::string{};
        groups_[group].push_back(out_.files.size());
        looks_.push_back(
            {head ? head->made : std::nullopt, sha256(as_bytes(text)), modified_of(saved.path)});
        out_.files.push_back(std::move(saved));
    }

    /// Whether the folders below hold versions of the same files.
    [[nodiscard]] bool is_series() const {
        std::map<std::pair<std::string, std::string>, std::string> where;
        for (const auto& [group, indexes] : groups_)
            for (const std::size_t i : indexes) {
                const auto& file = out_.files[i].file;
                const auto [known, added] = where.emplace(std::pair{file.race, file.node}, group);
                if (!added && known->second != group) return true;
            }
        return false;
    }

    void order() {
        std::vector<std::vector<std::size_t>> snapshots;
        const bool series = is_series();
        for (const auto& [group, indexes] : groups_) {
            if (series || snapshots.empty()) snapshots.emplace_back();
            snapshots.back().insert(snapshots.back().end(), indexes.begin(), indexes.end());
        }
        for (const auto& snapshot : snapshots) add_snapshot(snapshot);
        // What is told at one time stays in the order of the list.
        std::vector<std::pair<Timestamp, std::size_t>> by_time;
        for (const SavedMoment& moment : out_.moments)
            by_time.emplace_back(moment.time, by_time.size());
        std::ranges::sort(by_time);
        const auto listed = std::exchange(out_.moments, {});
        for (const auto& [time, at] : by_time) out_.moments.push_back(listed[at]);
    }

    void add_snapshot(std::vector<std::size_t> snapshot) {
        std::ranges::sort(snapshot, {}, [&](std::size_t i) {
            return std::tuple{out_.files[i].file.race, out_.files[i].file.node, i};
        });
        Timestamp taken = newest_;
        for (const std::size_t i : snapshot)
            taken = std::max(taken, looks_[i].made.value_or(taken));
        if (taken == Timestamp{})
            for (const std::size_t i : snapshot) taken = std::max(taken, looks_[i].modified);
        newest_ = taken;
        for (const std::size_t i : snapshot) {
            const auto& file = out_.files[i].file;
            const auto [known, added] =
                told_.emplace(std::pair{file.race, file.node}, looks_[i].digest);
            const bool is_new = added || known->second != looks_[i].digest;
            known->second = looks_[i].digest;
            const Timestamp time = looks_[i].made.value_or(taken);
            if (is_new) out_.moments.push_back({time, Told::published, i});
        }
        for (const std::size_t i : snapshot) out_.moments.push_back({taken, Told::confirmed, i});
    }

    const fs::path& root_;
    SnapshotFolder out_;
    std::vector<Look> looks_;
    std::map<std::string, std::vector<std::size_t>> groups_;
    std::map<std::pair<std::string, std::string>, Sha256Digest> told_;
    Timestamp newest_{};
};

}  // namespace

std::optional<PublishedFile> parse_saved_name(const fs::path& relative) {
    PublishedFile out;
    for (const auto& part : relative.parent_path()) {
        const auto& name = part.native();
        if (name.starts_with("wilayah") || name.starts_with("paslon")) return std::nullopt;
        if (is_race(name)) out.race = name;
    }
    if (relative.extension() != ".json") return std::nullopt;
    const std::string stem = relative.stem().native();
    if (stem.starts_with("wilayah") || stem.starts_with("paslon")) return std::nullopt;
    std::string_view rest = stem;
    bool of_the_country = false;
    while (!rest.empty()) {
        const auto token = take_until(rest, '_');
        if (is_race(token))
            out.race = token;
        else if (is_area_or_tps(token))
            out.node = token;
        else if (token == "nasional" || token == "0")
            of_the_country = true;
    }
    if (out.node.empty() && (of_the_country || is_race(stem))) out.node = "0";
    if (out.node.empty()) return std::nullopt;
    return out;
}

Result<SnapshotFolder> SnapshotFolder::read(const fs::path& folder) {
    return Listing{folder}.read();
}

Result<std::string> SavedReader::read(const SavedFile& saved) {
    if (saved.line == 0) return read_file(saved.path, DocumentHead::kMaximumBytes);
    if (path_ != saved.path) {
        auto text = read_file(saved.path, kLinesBytes);
        if (!text) return text;
        path_ = saved.path;
        text_ = std::move(*text);
        lines_.assign(1, 0);
        for (std::size_t i = 0; i < text_.size(); ++i)
            if (text_[i] == '\n') lines_.push_back(i + 1);
    }
    if (saved.line <= lines_.size()) {
        std::string_view rest = std::string_view{text_}.substr(lines_[saved.line - 1]);
        if (auto line = parse_line(take_until(rest, '\n'))) return std::move(line->body);
    }
    return fail(ErrorCode::data, "{}: line {} has changed", saved.path.native(), saved.line);
}

}  // namespace kentongan::sirekap
