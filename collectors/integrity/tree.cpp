#include "collectors/integrity/tree.hpp"

#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>

#include "collectors/integrity/entry.hpp"

namespace kentongan::integrity {

Exclusions::Exclusions(std::vector<std::string> patterns) {
    for (std::string& glob : patterns) {
        Pattern pattern;
        pattern.whole_path = glob.contains('/') || glob.contains("**");
        if (!glob.contains("**")) pattern.flags = FNM_PATHNAME;
        const auto first = std::min(glob.find_first_not_of('/'), glob.size());
        pattern.glob = glob.substr(first);
        while (pattern.glob.ends_with('/')) pattern.glob.pop_back();
        if (!pattern.glob.empty()) patterns_.push_back(std::move(pattern));
    }
}

bool Exclusions::match(std::string_view path) const {
    if (path.empty()) return false;
    const std::string whole(path);
    const auto slash = whole.rfind('/');
    const char* name = whole.c_str() + (slash == std::string::npos ? 0 : slash + 1);
    return std::ranges::any_of(patterns_, [&](const Pattern& pattern) {
        const char* text = pattern.whole_path ? whole.c_str() : name;
        return ::fnmatch(pattern.glob.c_str(), text, pattern.flags) == 0;
    });
}

bool Exclusions::cover(std::string_view path) const {
    if (patterns_.empty()) return false;
    for (; !path.empty(); path = folder_of(path))
        if (match(path)) return true;
    return false;
}

std::string Tree::absolute(std::string_view path) const {
    if (path.empty()) return root;
    return root == "/" ? "/" + std::string(path) : root + "/" + std::string(path);
}

FileDescriptor open_folder(const Tree& tree, std::string_view path) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
    FileDescriptor folder{::open(tree.root.c_str(), kFlags)};
    while (folder && !path.empty()) {
        const auto slash = path.find('/');
        const std::string step(path.substr(0, slash));
        folder = FileDescriptor{::openat(folder.value(), step.c_str(), kFlags | O_NOFOLLOW)};
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    return folder;
}

FileDescriptor open_file(const FileDescriptor& folder, const std::string& name) {
    return FileDescriptor{::openat(folder.value(), name.c_str(),
                                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
}

}  // namespace kentongan::integrity
