#pragma once
// Walk: lists a tree, or some folders of it, with the attributes of each file but no content.
// Blocking; one thread.
#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "collectors/integrity/entry.hpp"
#include "collectors/integrity/tree.hpp"

namespace kentongan::integrity {

/// How many files could not be looked at, by the values of the metric's label `reason`.
using Troubles = std::map<std::string_view, std::uint64_t>;

/// The reason of an errno: permission, vanished or io.
[[nodiscard]] std::string_view trouble_of(int errno_value);

struct Found {
    std::string path;
    Entry entry;
    bool needs_hash = false;
    bool vanished = false;  ///< after the walk, before it could be hashed
};

/// Folders to look at, and whether with all that is below them.
using Folders = std::map<std::string, bool>;

struct Listing {
    std::vector<Found> found;         ///< ascending by path, each once
    std::vector<std::string> unread;  ///< folders that could not be listed: their files are unknown
    std::vector<std::string> gone;    ///< asked for, but no longer folders
    bool complete = true;             ///< false: more files than the tree may have
    Troubles troubles;

    [[nodiscard]] bool is_gone(std::string_view folder) const {
        return std::ranges::find(gone, folder) != gone.end();
    }
};

/// Called with each folder before it is listed, so that a watch set there misses nothing.
using FolderSeen = std::function<void(const std::string& path)>;

class Walk {
  public:
    Walk(const Tree& tree, const std::atomic<bool>& stop, FolderSeen seen)
        : tree_(tree), stop_(stop), seen_(std::move(seen)) {}

    /// A root that is not there is a listing with `gone` = {""}.
    [[nodiscard]] Listing whole();
    /// In a folder that is not deep, subfolders that `known` has are listed but not entered.
    [[nodiscard]] Listing some(const Folders& folders, const Entries& known);

  private:
    void start(const std::string& path, bool deep);
    void list(FileDescriptor folder, const std::string& path, int depth, bool deep);
    void visit(int folder, const std::string& path, const char* name, int depth, bool deep);
    void enter(int parent, const char* name, const std::string& path, int depth);
    void give_up(const std::string& path, std::string_view reason);
    [[nodiscard]] Listing finish();

    const Tree& tree_;
    const std::atomic<bool>& stop_;
    FolderSeen seen_;
    const Entries* known_ = nullptr;
    Listing out_;
};

}  // namespace kentongan::integrity
