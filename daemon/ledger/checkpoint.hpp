#pragma once
// Checkpoints (C2SP tlog-checkpoint): how large the history is and what its root is, as the text of
// a signed note; and texts for proofs (C2SP tlog-proof).
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/ledger/merkle.hpp"
#include "daemon/ledger/note.hpp"

namespace kentongan::ledger {

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};

    [[nodiscard]] std::string text() const;
    bool operator==(const Checkpoint&) const = default;
};

/// The text of a note; extension lines are allowed and left out.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

struct SignedCheckpoint {
    Checkpoint checkpoint;
    Note note;
};
[[nodiscard]] Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view text);

/// The 32 bytes in base64; nothing when it is anything else.
[[nodiscard]] std::optional<Hash> parse_hash(std::string_view base64);
/// Decimal without leading zeroes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// c2sp.org/tlog-proof@v1: index, proof, and the checkpoint verbatim.
struct InclusionProof {
    std::uint64_t index = 0;
    Proof hashes;
    std::string checkpoint;  ///< a signed note

    [[nodiscard]] std::string encode() const;
};
[[nodiscard]] Result<InclusionProof> parse_proof(std::string_view text);

}  // namespace kentongan::ledger
