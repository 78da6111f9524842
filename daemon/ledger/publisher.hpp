#pragma once
// Publisher: takes entries, keeps the tiles, signs checkpoints with the key in force and, while a
// key is being replaced, with the one before as well.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ledger/tile_log.hpp"

namespace kentongan::ledger {

struct LogKeys {
    SigningKey key;
    std::optional<SigningKey> previous;  ///< signs too until it is taken out of the settings
};
/// Makes a key file (mode 0600, 32 random bytes in base64) where none is; an error when one is.
[[nodiscard]] Result<SigningKey> make_key_file(const std::filesystem::path& path);

/// The body for a witness that last signed `old_size` entries (C2SP tlog-witness).
[[nodiscard]] Result<std::string> witness_request(const std::filesystem::path& folder,
                                                  const SignedCheckpoint& newest,
                                                  std::uint64_t old_size);
/// The size that a witness signed last, of what is kept in the folder; 0 when nothing is.
[[nodiscard]] std::uint64_t cosigned_size(const std::filesystem::path& folder,
                                          const VerifierKey& witness);

/// Blocks; one thread at a time.
class Publisher {
  public:
    struct Options {
        std::filesystem::path folder;
        std::string origin;
    };
    Publisher(Options options, LogKeys keys)
        : options_(std::move(options)), keys_(std::move(keys)) {}

    /// Opens the folder, mending what a crash or a bad disk left from `source`. Any number of
    /// times: after an error of another call it is called again. A note says what was mended.
    [[nodiscard]] Result<> open(const EntrySource& source);
    [[nodiscard]] const std::string& note() const { return note_; }

    /// How many entries it has taken: the index of the next.
    [[nodiscard]] std::uint64_t size() const { return log_ ? log_->size() : 0; }
    [[nodiscard]] std::uint64_t published() const { return log_ ? log_->published() : 0; }
    [[nodiscard]] Result<> append(const std::vector<std::string>& entries);
    /// Signs all that was appended; nothing new: the checkpoint that is there. Nothing at all
    /// before the first entry.
    [[nodiscard]] Result<std::optional<SignedCheckpoint>> checkpoint();

    /// A witness's signatures on `asked`, the newest checkpoint or one before it: good ones of
    /// `witness` are kept as what it signed last, and join the checkpoint file if that is still the
    /// newest. The time of the newest; nothing when none is good.
    [[nodiscard]] Result<std::optional<Timestamp>> cosigned(
        const VerifierKey& witness, const std::vector<NoteSignature>& signatures,
        SignedCheckpoint asked);
    [[nodiscard]] const std::optional<SignedCheckpoint>& newest() const { return newest_; }
    /// For the newest checkpoint.
    [[nodiscard]] Result<std::string> witness_request(std::uint64_t old_size) const;
    [[nodiscard]] std::uint64_t last_cosigned(const VerifierKey& witness) const {
        return cosigned_size(options_.folder, witness);
    }

    /// Keys of the log, as others check them.
    [[nodiscard]] std::vector<VerifierKey> public_keys() const;
    /// Entries: of each key that signs, and of those that remember_keys() kept and that sign no
    /// more. Reads the folder's file `keys`.
    [[nodiscard]] std::vector<std::string> key_entries(Timestamp at) const;
    [[nodiscard]] Result<> remember_keys() const;
    [[nodiscard]] const Options& options() const { return options_; }

  private:
    [[nodiscard]] Result<> put(const SignedCheckpoint& checkpoint);

    Options options_;
    LogKeys keys_;
    std::optional<TileLog> log_;
    std::optional<SignedCheckpoint> newest_;
    std::string note_;
};

}  // namespace kentongan::ledger
