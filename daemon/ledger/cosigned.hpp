#pragma once
// Cosigning by file, for sites without a network between them: what a witness signed elsewhere is
// taken into a history's folder once it is known to be of this very history.
#include <filesystem>
#include <string_view>

#include "daemon/ledger/note.hpp"

namespace kentongan::ledger {

struct ImportedCosignature {
    VerifierKey witness;
    std::uint64_t size = 0;
    Timestamp at{};
};

/// `note`: a checkpoint with the signature of one of `witnesses`. It must be of this history, at a
/// size it has reached, and not older than what is kept of that witness. Errors (data) say what is
/// wrong; a root that is not ours is told as what it is: two histories.
[[nodiscard]] Result<ImportedCosignature> import_cosigned(
    const std::filesystem::path& folder, std::string_view note,
    const std::vector<VerifierKey>& witnesses);

}  // namespace kentongan::ledger
