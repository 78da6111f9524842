#include "collectors/integrity/change_event.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>

#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::integrity {

namespace {

constexpr std::array<std::string_view, 5> kTypes{"", "file", "symlink", "dir", "other"};

std::string mode_text(const Entry& entry) { return fmt::format("{:04o}", entry.mode); }
std::string time_text(std::int64_t ns) { return to_rfc3339(from_nanoseconds(ns), 9); }
std::string hash_text(const Entry& entry) { return to_hex(Bytes{entry.hash}); }

/// As Sigma's rules for Linux know them.
std::string_view category_of(std::string_view action) {
    if (action == "created") return "file_event";
    return action == "removed" ? "file_delete" : "file_change";
}

void put_path(const std::string& path, Event& out) {
    out.set(Field::file_path, path);
    const auto name = std::string_view{path}.substr(path.rfind('/') + 1);
    out.set(Field::file_name, name);
    const auto dot = name.rfind('.');
    if (dot != std::string_view::npos && dot > 0 && dot + 1 < name.size())
        out.set(Field::file_extension, to_lower(name.substr(dot + 1)));
}

void put_entry(const Entry& entry, const EventSource& source, Event& out) {
    const OwnerNames& names = *source.names;
    out.set(Field::file_type, kTypes[static_cast<std::size_t>(entry.type)]);
    out.set(Field::file_mode, mode_text(entry));
    out.set(Field::file_owner, names.user(entry.uid));
    out.set(Field::file_group, names.group(entry.gid));
    if (entry.type == FileType::regular) {
        out.set(Field::file_size, static_cast<std::int64_t>(entry.size));
        out.set(Field::file_mtime, time_text(entry.mtime_ns));
        // In a recorded tree it is the copying's.
        if (entry.ctime_ns != 0 && source.kind != kRecorded)
            out.set(Field::file_ctime, time_text(entry.ctime_ns));
        if (entry.hashed) out.set(Field::file_hash_sha256, hash_text(entry));
    }
    if (entry.type == FileType::symlink) out.set(Field::file_target_path, entry.target);
}

void put_previous(const Entry& before, std::string_view what, const OwnerNames& names, Event& out) {
    out.set(Field::file_changes, what);
    if (what == "content" && before.type == FileType::regular)
        out.set(Field::file_previous_hash, hash_text(before));
    if (what == "mode") out.set(Field::file_previous_mode, mode_text(before));
    if (what == "owner") out.set(Field::file_previous_owner, names.user(before.uid));
    if (what == "group") out.set(Field::file_previous_group, names.group(before.gid));
    if (what == "size") out.set(Field::file_previous_size, static_cast<std::int64_t>(before.size));
    if (what == "mtime") out.set(Field::file_previous_mtime, time_text(before.mtime_ns));
}

template <class Lookup>
std::string name_from(std::uint32_t id, const std::map<std::uint32_t, std::string>& names,
                      Lookup lookup) {
    const auto known = names.find(id);
    return known == names.end() ? lookup(id) : known->second;
}

std::string user_name(std::uint32_t uid) {
    std::array<char, 4096> buffer{};
    passwd record{};
    passwd* found = nullptr;
    ::getpwuid_r(uid, &record, buffer.data(), buffer.size(), &found);
    return found ? std::string(found->pw_name) : std::to_string(uid);
}

std::string group_name(std::uint32_t gid) {
    std::array<char, 4096> buffer{};
    group record{};
    group* found = nullptr;
    ::getgrgid_r(gid, &record, buffer.data(), buffer.size(), &found);
    return found ? std::string(found->gr_name) : std::to_string(gid);
}

}  // namespace

void OwnerNames::learn(const Change& change) {
    if (change.previous) learn(*change.previous);
    if (change.current) learn(*change.current);
}

void OwnerNames::learn(const Entry& entry) {
    constexpr std::size_t kCap = 10'000;  // ids come from the file system, hence from anyone
    if (!users_.contains(entry.uid) && users_.size() < kCap)
        users_[entry.uid] = user_name(entry.uid);
    if (!groups_.contains(entry.gid) && groups_.size() < kCap)
        groups_[entry.gid] = group_name(entry.gid);
}

std::string OwnerNames::user(std::uint32_t uid) const {
    return name_from(uid, users_, [](std::uint32_t id) { return std::to_string(id); });
}

std::string OwnerNames::group(std::uint32_t gid) const {
    return name_from(gid, groups_, [](std::uint32_t id) { return std::to_string(id); });
}

void describe(const Change& change, const EventSource& source, Timestamp time,
              std::uint64_t position, Event& out) {
    const std::string_view action = action_of(change);
    out.clear();
    out.kind = EventKind::file;
    out.time = time;
    out.logsource = {category_of(action), "linux", ""};
    out.origin = {source.name, position};
    out.set(Field::event_action, action);
    out.set(Field::file_tree, source.kind);
    put_path(source.tree->absolute(change.path), out);
    put_entry(change.current ? *change.current : *change.previous, source, out);
    if (!change.previous || !change.current) return;
    for (const auto what : differences(*change.previous, *change.current))
        put_previous(*change.previous, what, *source.names, out);
}

}  // namespace kentongan::integrity
