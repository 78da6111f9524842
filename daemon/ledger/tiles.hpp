#pragma once
// The history's files (C2SP tlog-tiles): where tiles and entry bundles lie, what is in them, and
// the hashes of subtrees out of them.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/ledger/merkle.hpp"

namespace kentongan::ledger {

inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr unsigned kTileHeight = 8;
/// A bundle is never larger: 256 entries of 65,535 bytes and their lengths.
inline constexpr std::size_t kLargestBundle = 256 * 65537;

/// A tile of hashes or, without a level, a bundle of entries.
struct TileName {
    std::optional<unsigned> level;  ///< 0 to 63
    std::uint64_t index = 0;
    unsigned width = 256;  ///< 1 to 256

    /// "tile/0/x001/234/067" or "tile/entries/000.p/17".
    [[nodiscard]] std::string path() const;
    bool operator==(const TileName&) const = default;
};
/// Exactly what path() writes; an error (data) for anything else.
[[nodiscard]] Result<TileName> parse_tile_path(std::string_view path);

/// How many hashes the tile `index` of `level` has in a tree of `size` leaves; 0: it is not there.
[[nodiscard]] unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t size);

/// Exactly `width` hashes.
[[nodiscard]] Result<std::vector<Hash>> parse_tile(std::string_view bytes, unsigned width);
[[nodiscard]] std::string encode_tile(const std::vector<Hash>& hashes);
/// Exactly `width` entries and nothing after them. They point into `bytes`.
[[nodiscard]] Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes,
                                                                 unsigned width);
/// `entry` with its length in front; at most 65,535 bytes.
void append_to_bundle(std::string& bundle, std::string_view entry);

/// Reads a history's files as of a size. Not thread-safe. Keeps the tiles it read lately.
class TileReader {
  public:
    TileReader(std::filesystem::path folder, std::uint64_t size)
        : folder_(std::move(folder)), size_(size) {}

    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// The file of a tile, cut to `width` when only a wider one is there any more.
    [[nodiscard]] Result<std::string> read(const TileName& name) const;
    [[nodiscard]] Result<std::vector<Hash>> tile(unsigned level, std::uint64_t index);
    [[nodiscard]] Result<std::vector<std::string>> bundle(std::uint64_t index) const;
    [[nodiscard]] Result<std::string> entry(std::uint64_t index) const;
    /// The hash of a complete subtree (see NodeReader).
    [[nodiscard]] Result<Hash> node(unsigned height, std::uint64_t index);
    [[nodiscard]] NodeReader nodes() {
        return [this](unsigned height, std::uint64_t index) { return node(height, index); };
    }
    [[nodiscard]] Result<Hash> root(std::uint64_t size) { return range_hash(0, size, nodes()); }

  private:
    std::filesystem::path folder_;
    std::uint64_t size_;
    std::unordered_map<std::string, std::vector<Hash>> cache_;
};

}  // namespace kentongan::ledger
