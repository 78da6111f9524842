#pragma once
// Comparing what a walk found with what is known. Pure.
#include <string_view>
#include <vector>

#include "collectors/integrity/entry.hpp"
#include "collectors/integrity/walk.hpp"

namespace kentongan::integrity {

/// Which attributes of a file differ: type, content, mode, owner, group, size, mtime; in this
/// order. A file that was not hashed both times is not said to differ in content.
[[nodiscard]] std::vector<std::string_view> differences(const Entry& before, const Entry& now);

/// created, removed, modified (content, size or type) or attributes.
[[nodiscard]] std::string_view action_of(const Change& change);

/// Marks the files whose content has to be read: those not known, not hashed or, by size, mtime,
/// ctime and inode, perhaps changed. The others take over the known hash. `all`: trust nothing.
void choose_what_to_hash(Listing& listing, const Entries& known, bool all);

/// After hashing: drops files that have vanished, and lets one that could not be read keep the hash
/// it had, so that making a file unreadable for a while hides nothing.
void settle(Listing& listing, const Entries& known);

struct Comparison {
    std::vector<Change> changes;         ///< ascending by path
    std::vector<Found> refreshed;        ///< entries that differ only in what nobody needs to know
    std::vector<std::string> forgotten;  ///< known, but excluded by now
};

/// Which of the known entries a listing speaks of: all, or those in the folders it was asked for.
/// Files under a folder that could not be listed are taken to be as they were.
[[nodiscard]] Comparison compare(const Listing& listing, const Entries& known,
                                 const Exclusions& exclude, const Folders* folders = nullptr);

}  // namespace kentongan::integrity
