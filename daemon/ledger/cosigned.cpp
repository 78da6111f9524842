#include "daemon/ledger/cosigned.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/ledger/tile_log.hpp"

namespace kentongan::ledger {

namespace fs = std::filesystem;

Result<ImportedCosignature> import_cosigned(const fs::path& folder, std::string_view note,
                                            const std::vector<VerifierKey>& witnesses) {
    const auto given = parse_signed_checkpoint(note);
    if (!given) return std::unexpected(given.error());
    const auto ours = read_checkpoint(folder);
    if (!ours) return std::unexpected(ours.error());
    const Checkpoint& theirs = given->checkpoint;
    if (!*ours || theirs.origin != (*ours)->checkpoint.origin)
        return fail(ErrorCode::data, "the checkpoint is of \"{}\", not of the history in {}",
                    theirs.origin, folder.native());
    if (theirs.size > (*ours)->checkpoint.size)
        return fail(ErrorCode::data,
                    "the witness signed {} entries and {} has {}: the history was cut off",
                    theirs.size, folder.native(), (*ours)->checkpoint.size);
    std::optional<ImportedCosignature> found;
    for (const auto& signature : given->note.signatures)
        for (const auto& key : witnesses)
            if (key.type == KeyType::witness && verify_note(given->note.text, signature, key))
                found = {key, theirs.size, cosigned_at(signature).value_or(Timestamp{})};
    if (!found)
        return fail(ErrorCode::data, "no witness of the settings ([witness.NAME]) has signed it");
    TileReader reader{folder, (*ours)->checkpoint.size};
    const auto root = reader.root(theirs.size);
    if (!root) return std::unexpected(root.error());
    if (*root != theirs.root)
        return fail(ErrorCode::data,
                    "forked: at {} entries the witness {} signed another history than this",
                    theirs.size, found->witness.name);
    const fs::path file = folder / kCosignedFolder / to_hex(found->witness.id);
    if (const auto kept = read_file(file, kLargestNote)) {
        const auto before = parse_signed_checkpoint(*kept);
        if (before && before->checkpoint.size > theirs.size)
            return fail(ErrorCode::data, "{} has signed {} entries since; this is of {}",
                        found->witness.name, before->checkpoint.size, theirs.size);
    }
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    if (failed) return fail_errno("create", file.parent_path().native(), failed.value());
    if (auto put = replace_file(file, given->note.encode()); !put)
        return std::unexpected(put.error());
    return *found;
}

}  // namespace kentongan::ledger
