#include "daemon/ledger/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::ledger {

namespace {

constexpr std::size_t kCached = 64;
constexpr std::size_t kLongestPath = 128;

std::string index_path(std::uint64_t index) {
    std::string out = fmt::format("{:03}", index % 1000);
    for (index /= 1000; index > 0; index /= 1000) out = fmt::format("x{:03}/{}", index % 1000, out);
    return out;
}

/// The index from its path elements; takes them off `rest`.
std::optional<std::uint64_t> take_index(std::string_view& rest) {
    std::uint64_t out = 0;
    for (bool first = true;; first = false) {
        const bool more = rest.starts_with('x');
        if (more) rest.remove_prefix(1);
        if (rest.size() < 3) return std::nullopt;
        const auto digits = parse_number<unsigned>(rest.substr(0, 3));
        if (!digits || *digits > 999) return std::nullopt;
        if (first && more && *digits == 0) return std::nullopt;
        if (out > (UINT64_MAX - *digits) / 1000) return std::nullopt;
        out = out * 1000 + *digits;
        rest.remove_prefix(3);
        if (!more) return out;
        if (!rest.starts_with('/')) return std::nullopt;
        rest.remove_prefix(1);
    }
}

}  // namespace

std::string TileName::path() const {
    const std::string where =
        fmt::format("tile/{}/{}", level ? fmt::format("{}", *level) : "entries", index_path(index));
    return width == kTileWidth ? where : fmt::format("{}.p/{}", where, width);
}

Result<TileName> parse_tile_path(std::string_view path) {
    const auto wrong = [&] {
        return fail(ErrorCode::data, "\"{}\" is no path of a tile", printable_utf8(path, 64));
    };
    TileName out;
    std::string_view rest = path;
    if (path.size() > kLongestPath || take_until(rest, '/') != "tile") return wrong();
    const std::string_view level = take_until(rest, '/');
    if (level != "entries") {
        const auto number = parse_number<unsigned>(level);
        if (!number || *number > 63) return wrong();
        out.level = *number;
    }
    const auto index = take_index(rest);
    if (!index) return wrong();
    out.index = *index;
    if (rest.starts_with(".p/")) {
        const auto width = parse_number<unsigned>(rest.substr(3));
        if (!width || *width == 0 || *width >= kTileWidth) return wrong();
        out.width = *width;
    } else if (!rest.empty()) {
        return wrong();
    }
    if (out.path() != path) return wrong();
    return out;
}

unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t size) {
    const unsigned shift = level * kTileHeight;
    const std::uint64_t hashes = shift >= 64 ? 0 : size >> shift;
    if (index >= (hashes + kTileWidth - 1) / kTileWidth) return 0;
    return static_cast<unsigned>(std::min(kTileWidth, hashes - index * kTileWidth));
}

Result<std::vector<Hash>> parse_tile(std::string_view bytes, unsigned width) {
    if (bytes.size() != width * sizeof(Hash))
        return fail(ErrorCode::data, "{} bytes instead of {} hashes", bytes.size(), width);
    std::vector<Hash> out(width);
    std::memcpy(out.data(), bytes.data(), bytes.size());
    return out;
}

std::string encode_tile(const std::vector<Hash>& hashes) {
    std::string out;
    out.reserve(hashes.size() * sizeof(Hash));
    for (const Hash& hash : hashes) out += as_text(hash);
    return out;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, unsigned width) {
    ByteReader reader{as_bytes(bytes)};
    std::vector<std::string_view> out;
    out.reserve(width);
    for (unsigned i = 0; i < width; ++i) {
        const std::size_t length = reader.u16();
        out.push_back(as_text(reader.take(length)));
        if (!reader.ok())
            return fail(ErrorCode::data, "cut off in the {}. of its {} entries", i + 1, width);
    }
    if (!reader.rest().empty())
        return fail(ErrorCode::data, "{} bytes after its {} entries", reader.rest().size(), width);
    return out;
}

void append_to_bundle(std::string& bundle, std::string_view entry) {
    bundle += static_cast<char>(entry.size() >> 8);
    bundle += static_cast<char>(entry.size() & 0xFF);
    bundle += entry;
}

Result<std::string> TileReader::read(const TileName& name) const {
    auto exact = read_file(folder_ / name.path(), kLargestBundle);
    if (exact || name.width == kTileWidth || exact.error().code != ErrorCode::no_input)
        return exact;
    auto full = read_file(folder_ / TileName{name.level, name.index}.path(), kLargestBundle);
    if (!full) return exact;
    if (name.level) {
        full->resize(std::min(full->size(), name.width * sizeof(Hash)));
        return full;
    }
    const auto entries = parse_bundle(*full, kTileWidth);
    if (!entries) return std::unexpected(entries.error());
    std::string out;
    for (unsigned i = 0; i < name.width; ++i) append_to_bundle(out, (*entries)[i]);
    return out;
}

Result<std::vector<Hash>> TileReader::tile(unsigned level, std::uint64_t index) {
    const TileName name{level, index, tile_width(level, index, size_)};
    if (name.width == 0) return fail(ErrorCode::usage, "no tile {} at level {}", index, level);
    const std::string path = name.path();
    if (const auto found = cache_.find(path); found != cache_.end()) return found->second;
    const auto bytes = read(name);
    if (!bytes) return std::unexpected(bytes.error());
    auto hashes = parse_tile(*bytes, name.width);
    if (!hashes) return std::unexpected(hashes.error().within((folder_ / path).native()));
    if (cache_.size() >= kCached) cache_.clear();
    return cache_.emplace(path, std::move(*hashes)).first->second;
}

Result<std::vector<std::string>> TileReader::bundle(std::uint64_t index) const {
    const TileName name{std::nullopt, index, tile_width(0, index, size_)};
    if (name.width == 0) return fail(ErrorCode::usage, "no bundle {}", index);
    const auto bytes = read(name);
    if (!bytes) return std::unexpected(bytes.error());
    const auto entries = parse_bundle(*bytes, name.width);
    if (!entries) return std::unexpected(entries.error().within((folder_ / name.path()).native()));
    return std::vector<std::string>(entries->begin(), entries->end());
}

Result<std::string> TileReader::entry(std::uint64_t index) const {
    if (index >= size_)
        return fail(ErrorCode::usage, "no entry {}: the history has {}", index, size_);
    auto entries = bundle(index / kTileWidth);
    if (!entries) return std::unexpected(entries.error());
    return std::move((*entries)[index % kTileWidth]);
}

Result<Hash> TileReader::node(unsigned height, std::uint64_t index) {
    const unsigned level = height / kTileHeight;
    const unsigned within = height % kTileHeight;
    const std::uint64_t first = index << within;  // among the hashes of the level
    const auto hashes = tile(level, first / kTileWidth);
    if (!hashes) return std::unexpected(hashes.error());
    const std::size_t begin = first % kTileWidth;
    const std::size_t count = std::size_t{1} << within;
    if (begin + count > hashes->size())
        return fail(ErrorCode::usage, "no subtree {} of height {}", index, height);
    GrowingTree tree;
    for (std::size_t i = 0; i < count; ++i) tree.add((*hashes)[begin + i]);
    return tree.root();
}

}  // namespace kentongan::ledger
