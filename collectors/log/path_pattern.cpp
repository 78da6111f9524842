// Paths with wildcards: which files they match now.
#include "collectors/log/path_pattern.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

namespace kentongan::log {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFolders = 1024;
constexpr std::size_t kEntries = 65'536;

class Expansion {
  public:
    Expansion(const fs::path& pattern, std::size_t files) : files_(files) {
        for (const auto& part : pattern.relative_path()) parts_.push_back(part.string());
        const auto root = pattern.root_path();
        if (!parts_.empty()) walk(root.empty() ? fs::path(".") : root, root.empty(), 0);
        std::ranges::sort(out.files);
    }
    Matches out;

  private:
    /// `bare`: the folder is "." and not written in front.
    void walk(const fs::path& folder, bool bare, std::size_t i) {
        const auto below = [&](const fs::path& name) { return bare ? name : folder / name; };
        if (!is_pattern(parts_[i])) return take(below(parts_[i]), i);
        if (out.folders.size() >= kFolders) return void(++out.left_out);
        out.folders.push_back(folder.string());
        std::vector<std::string> names;
        std::error_code error;
        for (fs::directory_iterator it(folder, error), end; !error && it != end;
             it.increment(error)) {
            if (++entries_ > kEntries) return void(++out.left_out);
            auto name = it->path().filename().string();
            if (::fnmatch(parts_[i].c_str(), name.c_str(), FNM_PERIOD) == 0)
                names.push_back(std::move(name));
        }
        std::ranges::sort(names);
        for (const auto& name : names) take(below(name), i);
    }

    void take(const fs::path& path, std::size_t i) {
        std::error_code error;
        if (i + 1 < parts_.size()) {
            if (fs::is_directory(path, error))
                walk(path, false, i + 1);
            else if (!is_pattern(parts_[i]) && out.folders.size() < kFolders)
                out.folders.push_back(path.parent_path().empty() ? "."
                                                                 : path.parent_path().string());
            return;
        }
        if (!is_pattern(parts_[i])) out.folders.push_back(path.parent_path().string());
        if (!fs::is_regular_file(path, error)) return;
        if (out.files.size() < files_)
            out.files.push_back(path.string());
        else
            ++out.left_out;
    }

    std::vector<std::string> parts_;
    std::size_t files_;
    std::size_t entries_ = 0;
};

}  // namespace

bool is_pattern(std::string_view path) {
    return path.find_first_of("*?[") != std::string_view::npos;
}

Matches expand(const std::string& pattern, std::size_t files) {
    return Expansion(fs::path(pattern), files).out;
}

}  // namespace kentongan::log
