#include "collectors/integrity/compare.hpp"

#include <algorithm>

namespace kentongan::integrity {

namespace {

using Known = Entries::const_iterator;

bool below(std::string_view path, std::string_view folder) {
    if (folder.empty()) return !path.empty();
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

const Found* find(const Listing& listing, std::string_view path) {
    const auto at = std::ranges::lower_bound(
        listing.found, path, {}, [](const Found& found) { return std::string_view{found.path}; });
    return at != listing.found.end() && at->path == path ? &*at : nullptr;
}

/// The first entry that is not below `folder`: '0' is the byte after '/'.
Known after(const Entries& known, const std::string& folder) {
    return folder.empty() ? known.end() : known.lower_bound(folder + '0');
}

/// The path of the folder directly in `folder` that `path`, deeper down, is below.
std::string_view subfolder_of(std::string_view path, std::string_view folder) {
    const std::size_t start = folder.empty() ? 0 : folder.size() + 1;
    return path.substr(0, path.find('/', start));
}

/// The known entries in a folder; those below a subfolder only if it is no longer one.
void add_children(const Listing& listing, const Entries& known, const std::string& folder,
                  bool deep, std::vector<Known>& out) {
    const Known end = after(known, folder);
    if (const Known root = known.find(""); folder.empty() && root != known.end())
        out.push_back(root);
    for (Known at = known.upper_bound(folder.empty() ? "" : folder + '/'); at != end;) {
        if (!deep && folder_of(at->first) != folder) {
            const std::string subfolder(subfolder_of(at->first, folder));
            const Found* now = find(listing, subfolder);
            if (now && now->entry.type == FileType::folder) {
                at = after(known, subfolder);
                continue;
            }
        }
        out.push_back(at++);
    }
}

std::vector<Known> in_scope(const Listing& listing, const Entries& known, const Folders* folders) {
    std::vector<Known> out;
    if (!folders) {
        for (Known at = known.begin(); at != known.end(); ++at) out.push_back(at);
        return out;
    }
    for (const auto& [path, deep] : *folders)
        if (!listing.is_gone(path)) add_children(listing, known, path, deep, out);
    std::ranges::sort(out, {}, [](Known at) { return std::string_view{at->first}; });
    const auto same = std::ranges::unique(out);
    out.erase(same.begin(), same.end());
    return out;
}

bool unknown_now(const Listing& listing, std::string_view path) {
    if (!listing.complete) return true;
    return std::ranges::any_of(listing.unread, [&](std::string_view folder) {
        return path == folder || below(path, folder);
    });
}

/// What the quick check remembers besides what people are told.
bool same_bookkeeping(const Entry& a, const Entry& b) {
    return a.ctime_ns == b.ctime_ns && a.inode == b.inode && a.hashed == b.hashed;
}

void missing(Known known, const Listing& listing, const Exclusions& exclude, bool root_gone,
             Comparison& out) {
    const auto& [path, entry] = *known;
    if (exclude.cover(path)) return out.forgotten.push_back(path);
    if (unknown_now(listing, path)) return;
    if (root_gone && !path.empty()) return;  // one event for the root, not one for each file
    out.changes.push_back({path, entry, std::nullopt});
}

void both(const Entry& before, const Found& now, Comparison& out) {
    if (!differences(before, now.entry).empty())
        out.changes.push_back({now.path, before, now.entry});
    else if (!same_bookkeeping(before, now.entry))
        out.refreshed.push_back(now);
}

}  // namespace

std::vector<std::string_view> differences(const Entry& before, const Entry& now) {
    std::vector<std::string_view> out;
    if (before.type != now.type) out.push_back("type");
    if (before.hashed && now.hashed && before.hash != now.hash) out.push_back("content");
    if (before.mode != now.mode && now.type != FileType::symlink) out.push_back("mode");
    if (before.uid != now.uid) out.push_back("owner");
    if (before.gid != now.gid) out.push_back("group");
    if (before.size != now.size) out.push_back("size");
    if (before.mtime_ns != now.mtime_ns) out.push_back("mtime");
    return out;
}

std::string_view action_of(const Change& change) {
    if (!change.previous) return "created";
    if (!change.current) return "removed";
    for (const auto what : differences(*change.previous, *change.current))
        if (what == "type" || what == "content" || what == "size") return "modified";
    return "attributes";
}

void choose_what_to_hash(Listing& listing, const Entries& known, bool all) {
    for (Found& found : listing.found) {
        Entry& now = found.entry;
        if (now.type != FileType::regular) continue;
        const auto at = known.find(found.path);
        const Entry* before = at == known.end() ? nullptr : &at->second;
        const bool same = before && before->hashed && before->type == now.type &&
                          before->size == now.size && before->mtime_ns == now.mtime_ns &&
                          before->ctime_ns == now.ctime_ns && before->inode == now.inode;
        found.needs_hash = all || !same;
        if (!same) continue;
        now.hash = before->hash;
        now.hashed = true;
    }
}

void settle(Listing& listing, const Entries& known) {
    std::erase_if(listing.found, [](const Found& found) { return found.vanished; });
    for (Found& found : listing.found) {
        if (found.entry.hashed || found.entry.type != FileType::regular) continue;
        const auto before = known.find(found.path);
        if (before == known.end() || before->second.type != FileType::regular) continue;
        found.entry.hash = before->second.hash;
        found.entry.hashed = before->second.hashed;
    }
}

Comparison compare(const Listing& listing, const Entries& known, const Exclusions& exclude,
                   const Folders* folders) {
    const bool root_gone = listing.is_gone("");
    const auto expected = in_scope(listing, known, folders);
    Comparison out;
    auto now = listing.found.begin();
    for (const Known before : expected) {
        for (; now != listing.found.end() && now->path < before->first; ++now)
            out.changes.push_back({now->path, std::nullopt, now->entry});
        if (now != listing.found.end() && now->path == before->first)
            both(before->second, *now++, out);
        else
            missing(before, listing, exclude, root_gone, out);
    }
    for (; now != listing.found.end(); ++now)
        out.changes.push_back({now->path, std::nullopt, now->entry});
    return out;
}

}  // namespace kentongan::integrity
