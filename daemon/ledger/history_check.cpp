#include "daemon/ledger/history_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::ledger {

namespace fs = std::filesystem;

void Problems::add(std::string what, std::string text, std::optional<std::uint64_t> entry) {
    if (entry && (!first_bad_ || *entry < *first_bad_)) first_bad_ = entry;
    if (list_.size() < kMost) list_.push_back({std::move(what), std::move(text), entry});
    ++count_;
}

std::optional<Timestamp> time_of_entry(std::string_view entry) {
    // Canonical JSON: "at" is the first member but for "alert", "agencies" and such.
    const auto at = entry.find("\"at\":\"");
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = entry.substr(at + 6);
    return parse_rfc3339(take_until(rest, '"'));
}

std::vector<std::string> check_signatures(const SignedCheckpoint& checkpoint,
                                          const std::vector<VerifierKey>& keys,
                                          std::optional<Timestamp> at, Problems& problems) {
    std::vector<std::string> out;
    bool by_log = false;
    for (const auto& signature : checkpoint.note.signatures) {
        const auto key = std::ranges::find_if(
            keys, [&](const VerifierKey& each) { return made_by(signature, each); });
        if (key == keys.end()) continue;
        if (!verify_note(checkpoint.note.text, signature, *key)) {
            problems.add("signature", fmt::format("the signature of {} is not good", key->name));
            continue;
        }
        const auto when = key->type == KeyType::witness ? cosigned_at(signature) : at;
        if (when && ((key->from && *when < *key->from) || (key->until && *when > *key->until))) {
            problems.add("signature", fmt::format("{} signed outside its key's time", key->name));
            continue;
        }
        out.push_back(key->name);
        by_log = by_log || key->type == KeyType::log;
    }
    if (!by_log) problems.add("signature", "no key of the history in the list has signed it");
    return out;
}

namespace {

/// One pass over bundles, tiles and the database's entries.
class Walk {
  public:
    Walk(const CheckOptions& options, const Checkpoint& checkpoint, CheckResult& result)
        : options_(options),
          checkpoint_(checkpoint),
          problems_(result.problems),
          reader_(options.folder, checkpoint.size) {
        for (const auto& text : options.older) add_older(text);
        std::ranges::sort(older_, {}, &Checkpoint::size);
    }

    Result<> run();
    [[nodiscard]] std::optional<Timestamp> last_time() const { return last_time_; }

  private:
    void add_older(const std::string& text);
    Result<> bundle(std::uint64_t index, unsigned width);
    Result<std::vector<std::string>> entries_of(std::uint64_t index, unsigned width);
    void compare_database(std::uint64_t first, const std::vector<std::string>& entries);
    void leaves(std::uint64_t index, const std::vector<std::string>& entries, unsigned width);
    void level_up(unsigned level, const Hash& hash);
    void tile_file(unsigned level, std::uint64_t index, const std::vector<Hash>& hashes);
    void partial_files(const TileName& edge, std::string_view bytes);
    void right_edge();
    void compare_roots();

    const CheckOptions& options_;
    const Checkpoint& checkpoint_;
    Problems& problems_;
    TileReader reader_;
    GrowingTree tree_;
    std::vector<std::vector<Hash>> levels_;
    std::vector<std::uint64_t> tiles_;  // full ones so far, by level
    std::vector<Checkpoint> older_;
    std::size_t next_older_ = 0;
    std::optional<Timestamp> last_time_;
    bool database_ended_ = false;
};

void Walk::add_older(const std::string& text) {
    const auto parsed = parse_signed_checkpoint(text);
    if (!parsed) {
        problems_.add("older", "an older checkpoint: " + parsed.error().message);
        return;
    }
    // What is trusted is what was signed; its own signatures are checked all the same.
    (void)check_signatures(*parsed, options_.keys, std::nullopt, problems_);
    const Checkpoint& older = parsed->checkpoint;
    if (older.origin != checkpoint_.origin)
        problems_.add("older", fmt::format("the older checkpoint is of \"{}\", the history of "
                                           "\"{}\"",
                                           older.origin, checkpoint_.origin));
    else if (older.size > checkpoint_.size)
        problems_.add("older",
                      fmt::format("truncated: {} entries were signed for before, {} are left",
                                  older.size, checkpoint_.size),
                      checkpoint_.size);
    else
        older_.push_back(older);
}

Result<> Walk::run() {
    const std::uint64_t bundles = (checkpoint_.size + kTileWidth - 1) / kTileWidth;
    compare_roots();
    for (std::uint64_t index = 0; index < bundles; ++index)
        if (auto done = bundle(index, tile_width(0, index, checkpoint_.size)); !done) return done;
    right_edge();
    if (tree_.root() != checkpoint_.root)
        problems_.add("checkpoint", "the entries do not give the root that was signed");
    return {};
}

Result<std::vector<std::string>> Walk::entries_of(std::uint64_t index, unsigned width) {
    const TileName name{std::nullopt, index, width};
    const auto bytes = reader_.read(name);
    const std::uint64_t first = index * kTileWidth;
    if (!bytes) {
        if (bytes.error().code == ErrorCode::io) return std::unexpected(bytes.error());
        problems_.add("entry", "its bundle is gone: " + bytes.error().message, first);
        return std::vector<std::string>(width);
    }
    const auto entries = parse_bundle(*bytes, width);
    if (!entries) {
        problems_.add("entry", fmt::format("{}: {}", name.path(), entries.error().message), first);
        return std::vector<std::string>(width);
    }
    if (width < kTileWidth) partial_files(name, *bytes);
    return std::vector<std::string>(entries->begin(), entries->end());
}

Result<> Walk::bundle(std::uint64_t index, unsigned width) {
    const auto entries = entries_of(index, width);
    if (!entries) return std::unexpected(entries.error());
    const std::uint64_t first = index * kTileWidth;
    if (options_.database) {
        const auto stored = options_.database(first, width);
        if (!stored) return std::unexpected(stored.error());
        for (std::size_t i = 0; i < entries->size(); ++i) {
            if (i < stored->size() && (*stored)[i] == (*entries)[i]) continue;
            if (i >= stored->size() && std::exchange(database_ended_, true)) break;
            problems_.add("database",
                          i < stored->size() ? "the database's entry is not the published one"
                                             : "the database has lost it and what follows",
                          first + i);
        }
    }
    leaves(index, *entries, width);
    if (options_.see)
        for (std::size_t i = 0; i < entries->size(); ++i) options_.see(first + i, (*entries)[i]);
    if (!entries->empty()) last_time_ = time_of_entry(entries->back());
    return {};
}

void Walk::leaves(std::uint64_t index, const std::vector<std::string>& entries, unsigned width) {
    const auto tile = reader_.tile(0, index);
    if (!tile) problems_.add("tile", tile.error().message, index * kTileWidth);
    for (unsigned i = 0; i < width; ++i) {
        const Hash hash = leaf_hash(entries[i]);
        if (tile && (*tile)[i] != hash)
            problems_.add("entry", "it is not the entry that was hashed into the tree",
                          index * kTileWidth + i);
        tree_.add(hash);
        compare_roots();
        level_up(0, hash);
    }
}

/// Whatever was signed for at this size must be so still.
void Walk::compare_roots() {
    for (; next_older_ < older_.size() && older_[next_older_].size == tree_.size(); ++next_older_)
        if (older_[next_older_].root != tree_.root())
            problems_.add("older",
                          fmt::format("forked: the first {} entries are not those that an older "
                                      "checkpoint was signed for",
                                      tree_.size()));
}

void Walk::level_up(unsigned level, const Hash& hash) {
    if (levels_.size() <= level) {
        levels_.resize(level + 1);
        tiles_.resize(level + 1);
    }
    levels_[level].push_back(hash);
    if (levels_[level].size() < kTileWidth) return;
    const std::vector<Hash> full = std::exchange(levels_[level], {});
    const std::uint64_t index = tiles_[level]++;
    if (level > 0) tile_file(level, index, full);
    GrowingTree tile;
    for (const Hash& each : full) tile.add(each);
    level_up(level + 1, tile.root());
}

void Walk::tile_file(unsigned level, std::uint64_t index, const std::vector<Hash>& hashes) {
    const auto tile = reader_.tile(level, index);
    const std::uint64_t span = std::uint64_t{1} << (level * kTileHeight);
    if (!tile) {
        problems_.add("tile", tile.error().message, index * kTileWidth * span);
        return;
    }
    const auto [mine, its] = std::ranges::mismatch(hashes, *tile);
    if (mine == hashes.end() && its == tile->end()) return;
    const auto at = static_cast<std::uint64_t>(mine - hashes.begin());
    // Below a hash of a higher level the bad entry may be known already, more exactly.
    std::optional<std::uint64_t> entry = (index * kTileWidth + at) * span;
    const auto known = problems_.first_bad_entry();
    if (known && *known >= *entry && *known < *entry + span) entry = known;
    problems_.add(
        "tile",
        fmt::format("hash {} of tile {} at level {} is not that of the entries", at, index, level),
        entry);
}

/// The partial tiles of every level, and those of earlier checkpoints that lie beside them.
void Walk::right_edge() {
    for (unsigned level = 0; level < levels_.size(); ++level) {
        if (levels_[level].empty()) continue;
        if (level > 0) tile_file(level, tiles_[level], levels_[level]);
        partial_files({level, tiles_[level], static_cast<unsigned>(levels_[level].size())},
                      encode_tile(levels_[level]));
    }
}

/// Narrower files of the same tile were published once: they are the beginning of this one.
void Walk::partial_files(const TileName& edge, std::string_view bytes) {
    TileName full = edge;
    full.width = kTileWidth;
    std::error_code ignored;
    for (const auto& file :
         fs::directory_iterator{options_.folder / (full.path() + ".p"), ignored}) {
        const auto width = parse_number<unsigned>(file.path().filename().native());
        if (!width || *width == 0 || *width >= edge.width) continue;
        const auto content = read_file(file.path(), kLargestBundle);
        if (!content || !bytes.starts_with(*content) ||
            (edge.level && content->size() != *width * sizeof(Hash)) ||
            (!edge.level && !parse_bundle(*content, *width)))
            problems_.add("tile", file.path().native() + " is not the beginning of what followed",
                          full.index * kTileWidth);
    }
}

/// What a witness signed last lies in cosigned/, named by its key's id. It counts as an older
/// checkpoint, which nobody but the witness could have made.
struct Witnessed {
    const VerifierKey* key = nullptr;
    Timestamp at{};
};

std::vector<Witnessed> read_witnessed(CheckOptions& options, Problems& problems) {
    std::vector<Witnessed> out;
    if (options.cosigned_within == Duration::zero()) return out;
    for (const auto& key : options.keys) {
        if (key.type != KeyType::witness) continue;
        const auto text =
            read_file(options.folder / kCosignedFolder / to_hex(key.id), kLargestNote);
        if (!text) {
            problems.add("signature", fmt::format("witness {} has not signed", key.name));
            continue;
        }
        const auto parsed = parse_signed_checkpoint(*text);
        std::optional<Timestamp> at;
        if (parsed)
            for (const auto& signature : parsed->note.signatures)
                if (verify_note(parsed->note.text, signature, key)) at = cosigned_at(signature);
        if (!at) {
            problems.add("signature", fmt::format("what witness {} signed is damaged", key.name));
            continue;
        }
        options.older.push_back(*text);
        out.push_back({&key, *at});
    }
    return out;
}

void check_freshness(const std::vector<Witnessed>& witnessed, std::optional<Timestamp> last,
                     Duration patience, Problems& problems) {
    for (const auto& [key, at] : witnessed)
        if (last && *last - at > patience && !(key->until && *key->until < *last))
            problems.add("signature", fmt::format("witness {} last signed at {}, long before the "
                                                  "last entry",
                                                  key->name, to_rfc3339(at)));
}

/// Entries that the database has beyond the checkpoint: they are published next.
Result<std::uint64_t> count_unpublished(const EntrySource& database, std::uint64_t from) {
    constexpr std::size_t kSlice = 4096;
    std::uint64_t count = 0;
    for (;;) {
        const auto more = database(from + count, kSlice);
        if (!more) return std::unexpected(more.error());
        if (more->empty()) return count;
        count += more->size();
    }
}

}  // namespace

Result<CheckResult> check_history(const CheckOptions& given) {
    CheckOptions options = given;
    CheckResult result;
    std::error_code failed;
    if (!fs::is_directory(options.folder, failed))
        return fail(ErrorCode::no_input, "{}: no folder of a history", options.folder.native());
    const auto text = read_file(options.folder / "checkpoint", kLargestNote);
    const auto checkpoint = text ? parse_signed_checkpoint(*text)
                                 : Result<SignedCheckpoint>{std::unexpected(text.error())};
    if (!checkpoint) {
        if (checkpoint.error().code == ErrorCode::permission)
            return std::unexpected(checkpoint.error());
        result.problems.add("checkpoint", checkpoint.error().message);
        return result;
    }
    result.entries = checkpoint->checkpoint.size;
    result.origin = checkpoint->checkpoint.origin;
    result.root = to_base64(checkpoint->checkpoint.root);
    const auto witnessed = read_witnessed(options, result.problems);
    Walk walk{options, checkpoint->checkpoint, result};
    if (auto walked = walk.run(); !walked) return std::unexpected(walked.error());
    result.signed_by =
        check_signatures(*checkpoint, options.keys, walk.last_time(), result.problems);
    check_freshness(witnessed, walk.last_time(), options.cosigned_within, result.problems);
    if (options.database) {
        const auto more = count_unpublished(options.database, result.entries);
        if (!more) return std::unexpected(more.error());
        result.unpublished = *more;
    }
    return result;
}

}  // namespace kentongan::ledger
