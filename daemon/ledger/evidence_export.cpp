#include "daemon/ledger/evidence_export.hpp"

#include <algorithm>

namespace kentongan::ledger {

std::string_view verifier_program() {
    return
#include "verifier.inc"
        ;
}

namespace {

void add(std::vector<IndexedEntry>& list, IndexedEntry entry) {
    if (list.size() >= kMostEntriesEach) list.erase(list.begin() + kMostEntriesEach / 2);
    list.push_back(std::move(entry));
}

}  // namespace

Result<std::map<std::string, std::vector<IndexedEntry>>> entries_about(
    const std::filesystem::path& folder, const std::vector<std::string>& ids) {
    std::map<std::string, std::vector<IndexedEntry>> out;
    const auto checkpoint = read_checkpoint(folder);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    if (!*checkpoint) return out;
    const std::uint64_t size = (*checkpoint)->checkpoint.size;
    const TileReader reader{folder, size};
    for (std::uint64_t index = 0; index * kTileWidth < size; ++index) {
        const TileName name{std::nullopt, index, tile_width(0, index, size)};
        const auto bytes = reader.read(name);
        if (!bytes) return std::unexpected(bytes.error());
        if (std::ranges::none_of(ids, [&](const auto& id) { return bytes->contains(id); }))
            continue;
        const auto entries = parse_bundle(*bytes, name.width);
        if (!entries)
            return std::unexpected(entries.error().within((folder / name.path()).native()));
        for (std::size_t i = 0; i < entries->size(); ++i)
            for (const auto& id : ids) {
                if (!(*entries)[i].contains(id)) continue;
                const auto about = alerts_in((*entries)[i]);
                if (std::ranges::find(about, id) == about.end()) continue;
                add(out[id], {index * kTileWidth + i, std::string((*entries)[i])});
            }
    }
    return out;
}

Result<EntryProof> prove_newest(const std::filesystem::path& folder,
                                const std::vector<std::uint64_t>& indexes, const std::string& id) {
    const auto checkpoint = read_checkpoint(folder);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    const std::uint64_t size = *checkpoint ? (*checkpoint)->checkpoint.size : 0;
    const auto after = std::ranges::lower_bound(indexes, size);
    if (after == indexes.begin())
        return fail(ErrorCode::no_input,
                    "the ledger's newest checkpoint does not hold this alert yet");
    TileReader reader{folder, size};
    EntryProof out{{*std::prev(after), {}}, **checkpoint, {}};
    auto entry = reader.entry(out.entry.index);
    if (!entry) return std::unexpected(entry.error());
    if (const auto about = alerts_in(*entry); std::ranges::find(about, id) == about.end())
        return fail(ErrorCode::data,
                    "{}: entry {} is not about the alert, as the database says; run `kentongan "
                    "evidence verify`",
                    folder.native(), out.entry.index);
    out.entry.entry = std::move(*entry);
    auto proof = prove_inclusion(out.entry.index, size, reader.nodes());
    if (!proof) return std::unexpected(proof.error());
    out.hashes = std::move(*proof);
    return out;
}

}  // namespace kentongan::ledger
