// The files of one source: which are followed, where each is, and the bookmark over all.
#include "collectors/log/file_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "collectors/log/path_pattern.hpp"
#include "collectors/log/rotation.hpp"

namespace kentongan::log {

namespace fs = std::filesystem;

FileTable::FileTable(const SourceParts& parts, MakeFormat make, ChangeWatch& watch)
    : parts_(parts),
      make_(std::move(make)),
      watch_(watch),
      pattern_(is_pattern(parts.options.path)) {}

void FileTable::take_up(std::optional<std::vector<FilePosition>> from, EventSink& sink) {
    fresh_ = !from.has_value();
    if (!pattern_) {
        const auto& path = parts_.options.path;
        const auto folder = fs::path(path).parent_path().string();
        watch_.watch_folders({folder.empty() ? "." : folder});
        std::optional<Position> own;
        if (from && !from->empty()) {
            const auto named = std::ranges::find(*from, path, &FilePosition::path);
            own = named == from->end() ? from->front().position : named->position;
        }
        add(intern_text(path), std::move(own), sink);
        return;
    }
    if (from && from->size() > kFiles) from->resize(kFiles);
    if (from)
        for (auto& [path, position] : *from) {
            entries_.push_back(std::make_unique<Entry>());
            entries_.back()->path = intern_text(path);
            entries_.back()->position = std::move(position);
        }
    names_ = entries_.size();
    list(sink);
}

void FileTable::wake(ChangeWatch::Wake wake, EventSink& sink) {
    for (auto& entry : entries_) {
        entry->due = true;
        entry->wake.tick = entry->wake.tick || wake.tick;
        entry->wake.changed = entry->wake.changed || wake.changed;
        entry->wake.folders = entry->wake.folders || wake.folders;
    }
    if (wake.tick) ++ticks_;
    if (pattern_ && (wake.folders || ticks_ >= kListingTicks)) list(sink);
}

bool FileTable::step(EventSink& sink) {
    for (std::size_t looked = 0; looked < entries_.size(); ++looked) {
        next_ = next_ + 1 < entries_.size() ? next_ + 1 : 0;
        Entry& entry = *entries_[next_];
        if (!entry.follower || !entry.due) continue;
        const bool did = entry.follower->step(std::exchange(entry.wake, {}), sink);
        newest_ = std::max(newest_, entry.follower->newest());
        entry.due = did;
        entry.changed = entry.changed || did;
        settle(entry);
        if (did) return true;
    }
    return false;
}

/// After a step: what the follower left behind, and whether it has come to its end.
void FileTable::settle(Entry& entry) {
    if (auto left = entry.follower->take_left(); left && pattern_ && left_.size() < kFiles)
        left_.push_back(std::move(*left));
    if (!entry.follower->done() || !pattern_) return;
    if (const auto position = entry.follower->position(); position && position->done)
        return put_aside(entry);
    watch_.forget_file(std::string(entry.path));
    std::erase_if(entries_, [&](const auto& other) { return other.get() == &entry; });
}

Timestamp FileTable::watermark() const {
    std::optional<Timestamp> least;
    for (const auto& entry : entries_)
        if (entry->follower && entry->due && entry->follower->newest() != Timestamp{})
            least = std::min(least.value_or(Timestamp::max()), entry->follower->newest());
    return least.value_or(newest_);
}

std::string FileTable::bookmark() {
    std::string out;
    for (auto& entry : entries_) {
        if (std::exchange(entry->changed, false)) {
            const auto position = entry->follower ? entry->follower->position() : entry->position;
            entry->json.clear();
            if (position && pattern_) entry->json = to_json(entry->path, *position);
            if (position && !pattern_) entry->json = to_json(*position);
        }
        if (entry->json.empty()) continue;
        if (!out.empty()) out += ',';
        out += entry->json;
    }
    return !pattern_ || out.empty() ? out : fmt::format(R"({{"files":[{}]}})", out);
}

std::uint64_t FileTable::behind() const {
    std::uint64_t sum = 0;
    for (const auto& entry : entries_)
        if (entry->follower) sum += entry->follower->behind();
    return sum;
}

std::size_t FileTable::followers() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(entries_, [](const auto& e) { return e->follower != nullptr; }));
}

std::size_t FileTable::open() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        entries_, [](const auto& e) { return e->follower && e->follower->open(); }));
}

void FileTable::list(EventSink& sink) {
    ticks_ = 0;
    const auto now = expand(parts_.options.path, kFiles);
    left_out_ = now.left_out;
    watch_.watch_folders(now.folders);
    for (const auto& path : now.files) sort_in(path, now.files, sink);
    left_.clear();
    if (now.left_out == 0) let_go(now.files);
    fresh_ = false;
    if (left_out_ > 0 && !std::exchange(told_left_out_, true) && parts_.options.on_state)
        parts_.options.on_state(
            fmt::format("{}: {} files are over the caps of {} open and {} "
                        "known; they are read as others fall idle or go",
                        parts_.name, left_out_, kOpen, kFiles));
}

void FileTable::sort_in(const std::string& path, const std::vector<std::string>& files,
                        EventSink& sink) {
    const auto facts = facts_of(path);
    if (facts.inode == 0) return;
    if (Entry* own = with_path(path)) {
        const bool same = !own->follower && own->position->inode == facts.inode;
        if (own->follower || (same && own->position->done)) return;
        if (!own->position->done) {
            const bool grown = !same || facts.size != own->position->offset;
            if (grown || followers() < kOpen) activate(*own, sink);
            return;
        }
    }
    if (Entry* other = with_inode(facts.inode)) {
        if (other->follower) return;
        const auto file = InputFile::open(path);
        if (file && (other->position->done || file->matches(*other->position))) {
            other->path = intern_text(path);
            other->changed = true;
            if (!other->position->done) activate(*other, sink);
            return;
        }
        std::erase_if(entries_, [&](const auto& e) { return e.get() == other; });
    }
    if (is_rotation_of_other(path, files)) return;
    if (auto left = take_left(facts.inode)) return void(add(intern_text(path), left, sink));
    if (names_ >= kNames || entries_.size() >= kFiles) return void(++left_out_);
    if (add(intern_text(path), std::nullopt, sink)) ++names_;
}

/// The follower of that file reads it, where it must be read.
bool FileTable::is_rotation_of_other(const std::string& path,
                                     const std::vector<std::string>& files) const {
    const auto rotates = [&](std::string_view other) { return is_rotation_of(other, path); };
    // Between a rename and the making of the new file, only we know of the path.
    return std::ranges::any_of(files, rotates) ||
           std::ranges::any_of(entries_, rotates, [](const auto& entry) { return entry->path; });
}

bool FileTable::add(std::string_view path, std::optional<Position> from, EventSink& sink) {
    entries_.push_back(std::make_unique<Entry>());
    Entry& entry = *entries_.back();
    entry.path = path;
    entry.position = std::move(from);
    const bool skip =
        fresh_ && pattern_ && parts_.options.start == "end" && compression_of(path).has_value();
    if (skip) {
        entry.position = Position{};
        entry.position->inode = facts_of(std::string(path)).inode;
        entry.position->done = true;
        return true;
    }
    if (activate(entry, sink)) return true;
    if (!entry.position) entries_.pop_back();
    return false;
}

bool FileTable::activate(Entry& entry, EventSink& sink) {
    if (followers() >= kOpen && !make_room()) {
        ++left_out_;
        return false;
    }
    auto format = make_(entry.path, entry.position ? entry.position->format : "");
    if (!format) return false;
    const bool from_end = parts_.options.start == "end" && fresh_;
    const auto from = std::exchange(entry.position, std::nullopt);
    entry.follower = std::make_unique<FileFollower>(
        parts_, FileFollower::Where{entry.path, from_end, !pattern_}, std::move(format), watch_);
    if (from) entry.follower->take_up(*from, sink);
    entry.due = entry.changed = true;
    return true;
}

/// Puts the file aside that has been idle for longest.
bool FileTable::make_room() {
    Entry* idlest = nullptr;
    for (auto& entry : entries_) {
        const auto* follower = entry->follower.get();
        if (follower == nullptr || !follower->open() || follower->idle_ticks() < 2) continue;
        if (follower->pending() || follower->behind() > 0) continue;
        if (idlest == nullptr || follower->idle_ticks() > idlest->follower->idle_ticks())
            idlest = entry.get();
    }
    if (idlest == nullptr) return false;
    put_aside(*idlest);
    return true;
}

void FileTable::put_aside(Entry& entry) {
    entry.position = entry.follower->position();
    entry.follower.reset();
    entry.changed = true;
    watch_.forget_file(std::string(entry.path));
}

/// Forgets the files that are not there any more and not being read.
void FileTable::let_go(const std::vector<std::string>& files) {
    std::erase_if(entries_, [&](const auto& entry) {
        const auto& position = entry->position;
        if (std::ranges::binary_search(files, entry->path))
            return position && position->done &&
                   facts_of(std::string(entry->path)).inode != position->inode;
        return !entry->follower || !entry->follower->position();
    });
}

std::optional<Position> FileTable::take_left(std::uint64_t inode) {
    const auto found = std::ranges::find(left_, inode, &Position::inode);
    if (found == left_.end()) return std::nullopt;
    auto out = std::move(*found);
    left_.erase(found);
    return out;
}

FileTable::Entry* FileTable::with_path(std::string_view path) {
    const auto found = std::ranges::find_if(entries_, [&](auto& e) { return e->path == path; });
    return found == entries_.end() ? nullptr : found->get();
}

FileTable::Entry* FileTable::with_inode(std::uint64_t inode) {
    const auto found = std::ranges::find_if(entries_, [&](const auto& e) {
        return e->follower ? e->follower->inode() == inode
                           : e->position && e->position->inode == inode;
    });
    return found == entries_.end() ? nullptr : found->get();
}

}  // namespace kentongan::log
