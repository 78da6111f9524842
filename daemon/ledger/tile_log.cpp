#include "daemon/ledger/tile_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "daemon/base/file.hpp"

namespace kentongan::ledger {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSlice = 2048;
/// Beyond so many files it is cheaper to sync the file system once.
constexpr std::size_t kSyncedOneByOne = 64;

Result<> sync_path(const fs::path& path) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return fail_errno("open", path.native(), errno);
    if (::fsync(file.value()) != 0) return fail_errno("fsync", path.native(), errno);
    return {};
}

Result<> make_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return fail_errno("create", folder.native(), failed.value());
    return {};
}

/// The folders from `folder` up to `top`.
void add_folders(std::set<fs::path>& out, fs::path folder, const fs::path& top) {
    for (; folder != top && folder.has_relative_path(); folder = folder.parent_path())
        out.insert(folder);
    out.insert(top);
}

}  // namespace

Result<std::optional<SignedCheckpoint>> read_checkpoint(const fs::path& folder) {
    const auto text = read_file(folder / "checkpoint", kLargestNote);
    if (!text && text.error().code == ErrorCode::no_input) return std::optional<SignedCheckpoint>{};
    if (!text) return std::unexpected(text.error());
    auto parsed = parse_signed_checkpoint(*text);
    if (!parsed) return std::unexpected(parsed.error().within((folder / "checkpoint").native()));
    return std::optional{std::move(*parsed)};
}

Result<TileLog> TileLog::open(const fs::path& folder, const std::string& origin) {
    if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
    const auto checkpoint = read_checkpoint(folder);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    TileLog log{folder, origin};
    if (!*checkpoint) return log;
    if (auto loaded = log.load((*checkpoint)->checkpoint); !loaded)
        return std::unexpected(loaded.error());
    return log;
}

Result<> TileLog::load(const Checkpoint& checkpoint) {
    if (checkpoint.origin != origin_)
        return fail(ErrorCode::config,
                    "{}: the history is that of \"{}\", not of \"{}\"; set ledger.origin back, or "
                    "give ledger.folder a new one",
                    folder_.native(), checkpoint.origin, origin_);
    size_ = published_ = checkpoint.size;
    TileReader reader{folder_, size_};
    for (unsigned level = 0; level < 8 && size_ >> (level * kTileHeight) > 0; ++level) {
        const std::uint64_t hashes = size_ >> (level * kTileHeight);
        edges_.emplace_back();
        if (hashes % kTileWidth == 0) continue;
        auto tile = reader.tile(level, hashes / kTileWidth);
        if (!tile) return std::unexpected(tile.error());
        edges_.back() = std::move(*tile);
    }
    const auto root = reader.root(size_);
    if (!root) return std::unexpected(root.error());
    if (*root != checkpoint.root)
        return fail(ErrorCode::data, "{}: the tiles do not give the checkpoint's root",
                    folder_.native());
    if (size_ % kTileWidth == 0) return {};
    const auto entries = reader.bundle(size_ / kTileWidth);
    if (!entries) return std::unexpected(entries.error());
    for (std::size_t i = 0; i < entries->size(); ++i) {
        if (leaf_hash((*entries)[i]) != edges_[0][i])
            return fail(ErrorCode::data, "{}: entry {} is not the one that was hashed",
                        folder_.native(), size_ / kTileWidth * kTileWidth + i);
        append_to_bundle(bundle_, (*entries)[i]);
    }
    return {};
}

Result<TileLog> TileLog::mend(const fs::path& folder, const std::string& origin,
                              const EntrySource& source) {
    const auto checkpoint = read_checkpoint(folder);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    TileLog log{folder, origin};
    if (!*checkpoint) return log;
    const Checkpoint& goal = (*checkpoint)->checkpoint;
    GrowingTree tree;
    for (const bool write : {false, true}) {
        for (std::uint64_t at = 0; at < goal.size;) {
            const auto limit =
                static_cast<std::size_t>(std::min<std::uint64_t>(kSlice, goal.size - at));
            const auto entries = source(at, limit);
            if (!entries) return std::unexpected(entries.error());
            if (entries->empty()) break;
            at += entries->size();
            if (write) {
                if (auto added = log.append(*entries); !added)
                    return std::unexpected(added.error());
            } else {
                for (const auto& entry : *entries) tree.add(leaf_hash(entry));
            }
        }
        if (tree.size() != goal.size || tree.root() != goal.root)
            return fail(ErrorCode::data,
                        "{}: the database's first {} entries are not those of the signed "
                        "checkpoint: one of the two was altered; keep both as they are, and run "
                        "`kentongan evidence verify`",
                        folder.native(), goal.size);
    }
    if (auto flushed = log.flush(); !flushed) return std::unexpected(flushed.error());
    log.published_ = goal.size;
    return log;
}

Result<> TileLog::append(const std::vector<std::string>& entries) {
    for (const auto& entry : entries)
        if (auto added = add(entry); !added) return added;
    return {};
}

Result<> TileLog::add(std::string_view entry) {
    if (entry.size() > 65535)
        return fail(ErrorCode::internal, "entry {} of the history has {} bytes, more than 65535",
                    size_, entry.size());
    append_to_bundle(bundle_, entry);
    const std::uint64_t index = size_++;
    if (size_ % kTileWidth == 0) {
        const TileName name{std::nullopt, index / kTileWidth};
        if (auto written = write(name, bundle_); !written) return written;
        bundle_.clear();
    }
    return add_hash(0, leaf_hash(entry));
}

Result<> TileLog::add_hash(unsigned level, const Hash& hash) {
    if (edges_.size() <= level) edges_.resize(level + 1);
    edges_[level].push_back(hash);
    if (edges_[level].size() < kTileWidth) return {};
    const std::uint64_t index = (size_ >> ((level + 1) * kTileHeight)) - 1;
    if (auto written = write({level, index}, encode_tile(edges_[level])); !written) return written;
    GrowingTree tile;
    for (const Hash& each : std::exchange(edges_[level], {})) tile.add(each);
    return add_hash(level + 1, tile.root());
}

Result<> TileLog::write(const TileName& name, std::string_view bytes) {
    const fs::path path = folder_ / name.path();
    if (auto made = make_folder(path.parent_path()); !made) return made;
    if (auto written = write_file(path, bytes); !written) return written;
    unsynced_.push_back(path);
    return {};
}

Result<Checkpoint> TileLog::flush() {
    const auto bundle_width = static_cast<unsigned>(size_ % kTileWidth);
    if (bundle_width > 0 && size_ != published_)
        if (auto put = write({std::nullopt, size_ / kTileWidth, bundle_width}, bundle_); !put)
            return std::unexpected(put.error());
    for (unsigned level = 0; level < edges_.size(); ++level) {
        const unsigned shift = level * kTileHeight;
        // What a checkpoint covers is never written again.
        if (edges_[level].empty() || size_ >> shift == published_ >> shift) continue;
        const std::uint64_t index = (size_ >> shift) / kTileWidth;
        const auto width = static_cast<unsigned>(edges_[level].size());
        if (auto put = write({level, index, width}, encode_tile(edges_[level])); !put)
            return std::unexpected(put.error());
    }
    if (auto synced = sync(); !synced) return std::unexpected(synced.error());
    TileReader reader{folder_, size_};
    const auto root = reader.root(size_);
    if (!root) return std::unexpected(root.error());
    return Checkpoint{origin_, size_, *root};
}

Result<> TileLog::sync() {
    std::set<fs::path> folders;
    if (unsynced_.size() > kSyncedOneByOne) {
        const FileDescriptor top{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!top) return fail_errno("open", folder_.native(), errno);
        if (::syncfs(top.value()) != 0) return fail_errno("sync", folder_.native(), errno);
    } else {
        for (const auto& path : unsynced_) {
            if (auto synced = sync_path(path); !synced) return synced;
            add_folders(folders, path.parent_path(), folder_);
        }
        for (const auto& folder : folders)
            if (auto synced = sync_path(folder); !synced) return synced;
    }
    unsynced_.clear();
    return {};
}

Result<> TileLog::publish(const std::string& note, std::uint64_t size) {
    if (auto put = replace_file(folder_ / "checkpoint", note); !put) return put;
    if (auto synced = sync_path(folder_); !synced) return synced;
    const std::uint64_t before = std::exchange(published_, size);
    // What was partial at the last checkpoint and is full now.
    for (unsigned level = 0; level < 8; ++level) {
        const std::uint64_t old_index = (before >> (level * kTileHeight)) / kTileWidth;
        if ((size >> (level * kTileHeight)) / kTileWidth == old_index) break;
        forget_partials({level, old_index});
        if (level == 0) forget_partials({std::nullopt, old_index});
    }
    return {};
}

void TileLog::forget_partials(const TileName& full) {
    std::error_code ignored;
    fs::remove_all((folder_ / full.path()).native() + ".p", ignored);
}

}  // namespace kentongan::ledger
