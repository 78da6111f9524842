#pragma once
// Signed notes (C2SP signed-note) and the cosignatures of witnesses (C2SP tlog-cosignature, Ed25519
// only): text, and who signed it.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/signing_key.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::ledger {

/// The signature types that we make and check.
enum class KeyType : std::uint8_t { log = 0x01, witness = 0x04 };

/// A key of somebody else's, as they publish it (vkey): NAME+HEXID+BASE64(type || public key).
struct VerifierKey {
    std::string name;
    KeyType type = KeyType::log;
    std::string public_key;  ///< 32 bytes
    std::array<std::uint8_t, 4> id{};
    /// Times of the history that its signatures count for; without an end when empty.
    std::optional<Timestamp> from{};
    std::optional<Timestamp> until{};

    [[nodiscard]] std::string text() const;  ///< as a vkey
};
/// `key` is the public key's 32 bytes. Names are not empty and have no blanks and no plus.
[[nodiscard]] Result<VerifierKey> verifier_key(std::string_view name, KeyType type,
                                               std::string_view key);
[[nodiscard]] Result<VerifierKey> parse_vkey(std::string_view text);
/// A list, a key a line: VKEY [from=RFC3339] [until=RFC3339]; `#` begins a comment. At most 1,000.
[[nodiscard]] Result<std::vector<VerifierKey>> parse_keys(std::string_view text);

struct NoteSignature {
    std::string name;
    std::array<std::uint8_t, 4> id{};
    std::string bytes;  ///< after the id: 64, or 8 of time and 64

    [[nodiscard]] std::string line() const;  ///< with its newline
};

struct Note {
    std::string text;  ///< with its last newline
    std::vector<NoteSignature> signatures;

    [[nodiscard]] std::string encode() const;
};

inline constexpr std::size_t kLargestNote = 64 << 10;
inline constexpr std::size_t kMostSignatures = 64;

[[nodiscard]] Result<Note> parse_note(std::string_view text);
/// Lines "— NAME BASE64", each with its newline; none is no error.
[[nodiscard]] Result<std::vector<NoteSignature>> parse_signatures(std::string_view lines);

[[nodiscard]] NoteSignature sign_note(std::string_view text, std::string_view name,
                                      const SigningKey& key);
[[nodiscard]] NoteSignature cosign_note(std::string_view text, std::string_view name,
                                        const SigningKey& key, Timestamp at);

/// Whether name and id are those of `key`.
[[nodiscard]] bool made_by(const NoteSignature& signature, const VerifierKey& key);
[[nodiscard]] bool verify_note(std::string_view text, const NoteSignature& signature,
                               const VerifierKey& key);
/// The time in a witness's signature.
[[nodiscard]] std::optional<Timestamp> cosigned_at(const NoteSignature& signature);

}  // namespace kentongan::ledger
