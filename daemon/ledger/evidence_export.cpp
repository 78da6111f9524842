#include "daemon/ledger/evidence_export.hpp"

#include <algorithm>
#include <optional>

#include "daemon/base/text.hpp"

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

/// The time behind `name` in canonical JSON.
std::optional<Timestamp> time_in(std::string_view entry, std::string_view name) {
    const auto at = entry.find(name);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = entry.substr(at + name.size());
    return parse_rfc3339(take_until(rest, '"'));
}

constexpr std::string_view kAt = R"("at":")";
constexpr std::string_view kFrom = R"("from":")";
constexpr std::string_view kCoverage = R"("kind":"coverage")";
constexpr std::string_view kAlert = R"("kind":"alert")";

class Gathering {
  public:
    Gathering(const std::vector<std::string>& objects, std::vector<Timestamp> times)
        : objects_(objects), times_(std::move(times)) {}

    [[nodiscard]] bool may_want(std::string_view bytes) const {
        return bytes.contains(kCoverage) || std::ranges::any_of(objects_, [&](const auto& object) {
                   return bytes.contains(id_of(object));
               });
    }
    void look_at(std::uint64_t index, std::string_view entry) {
        if (entry.contains(kCoverage)) return look_at_coverage(index, entry);
        std::vector<std::string> about;
        for (const auto& object : objects_) {
            if (!entry.contains(id_of(object))) continue;
            if (about.empty()) about = objects_in(entry);
            if (std::ranges::find(about, object) == about.end()) continue;
            add(found.about[object], {index, std::string(entry)});
            if (const auto at = time_in(entry, kAt); at && entry.contains(kAlert))
                times_.push_back(*at);
        }
    }

    GatheredEntries found;

  private:
    static std::string_view id_of(std::string_view object) {
        return object.substr(object.find(':') + 1);
    }
    void look_at_coverage(std::uint64_t index, std::string_view entry) {
        const auto from = time_in(entry, kFrom);
        const auto until = time_in(entry, kAt);
        if (!from || !until) return;
        if (std::ranges::any_of(times_, [&](Timestamp at) { return *from <= at && at <= *until; }))
            add(found.coverage, {index, std::string(entry)});
    }

    const std::vector<std::string>& objects_;
    std::vector<Timestamp> times_;
};

}  // namespace

Result<GatheredEntries> gather_entries(const std::filesystem::path& folder,
                                       const std::vector<std::string>& objects,
                                       std::vector<Timestamp> times) {
    Gathering gathering{objects, std::move(times)};
    const auto checkpoint = read_checkpoint(folder);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    const std::uint64_t size = *checkpoint ? (*checkpoint)->checkpoint.size : 0;
    const TileReader reader{folder, size};
    for (std::uint64_t index = 0; index * kTileWidth < size; ++index) {
        const TileName name{std::nullopt, index, tile_width(0, index, size)};
        const auto bytes = reader.read(name);
        if (!bytes) return std::unexpected(bytes.error());
        if (!gathering.may_want(*bytes)) continue;
        const auto entries = parse_bundle(*bytes, name.width);
        if (!entries)
            return std::unexpected(entries.error().within((folder / name.path()).native()));
        for (std::size_t i = 0; i < entries->size(); ++i)
            gathering.look_at(index * kTileWidth + i, (*entries)[i]);
    }
    return std::move(gathering.found);
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
