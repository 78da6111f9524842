#include "daemon/config/reader.hpp"

#include <algorithm>
#include <filesystem>

#include "daemon/config/apply.hpp"

namespace kentongan {

namespace fs = std::filesystem;

namespace {

using config::Layer;
using config::Problems;

/// conf.d/*.toml beside the main file, in lexical order; none when there is no such folder.
Result<std::vector<std::string>> drop_ins(const std::string& main_file) {
    std::vector<std::string> files;
    const fs::path folder = fs::path{main_file}.parent_path() / "conf.d";
    std::error_code error;
    if (!fs::exists(folder, error)) return files;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == ".toml" &&
            !entry->path().filename().native().starts_with('.'))
            files.push_back(entry->path().native());
    if (error) return fail(ErrorCode::config, "list {}: {}", folder.native(), error.message());
    std::ranges::sort(files);
    return files;
}

Result<std::vector<std::string>> files_of(const Sources& sources) {
    std::vector<std::string> files;
    if (!sources.vendor_file.empty() && fs::exists(sources.vendor_file))
        files.push_back(sources.vendor_file);
    if (sources.main_file.empty()) return files;
    files.push_back(sources.main_file);
    auto more = drop_ins(sources.main_file);
    if (!more) return more;
    files.insert(files.end(), more->begin(), more->end());
    return files;
}

/// Collects layers and what is wrong with them; an unreadable file ends the reading at once.
class Layers {
  public:
    explicit Layers(Problems& problems) : problems_(problems) {}

    void add(Result<Layer> layer) {
        if (layer)
            list.push_back(std::move(*layer));
        else if (layer.error().code == ErrorCode::config)
            problems_.add(layer.error().message);
        else if (!unreadable)
            unreadable = std::move(layer.error());
    }

    std::vector<Layer> list;
    std::optional<Error> unreadable;

  private:
    Problems& problems_;
};

}  // namespace

std::string LoadedConfig::origin_of(const std::string& key) const {
    const auto found = origins.find(key);
    return found == origins.end() ? "default" : found->second;
}

Result<LoadedConfig> load_config(const Sources& sources) {
    Problems problems;
    Layers layers{problems};
    const auto files = files_of(sources);
    if (!files) return std::unexpected(files.error());
    for (const std::string& file : *files) layers.add(config::parse_file(file));
    for (const auto& [name, value] : sources.environment)
        layers.add(config::parse_variable(name, value));
    for (const std::string& assignment : sources.set)
        layers.add(config::parse_assignment(assignment));
    if (layers.unreadable) return std::unexpected(*layers.unreadable);

    const bool complete = problems.empty();  // a file left out would make others look wrong
    LoadedConfig loaded;
    for (const Layer& layer : layers.list)
        config::apply(layer, loaded.config, loaded.origins, problems);
    if (complete) config::check(loaded.config, loaded.origins, sources.open_files, problems);
    if (!problems.empty()) return std::unexpected(problems.error());
    return loaded;
}

}  // namespace kentongan
