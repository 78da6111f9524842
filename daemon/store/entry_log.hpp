#pragma once
// EntryLog: the entries of the tamper-evident history as the store holds them, in the transaction
// that made each of them true. daemon/ledger publishes them. Called only on the store's thread.
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan {

/// What makes the hashes of a subject ("alert:ID", "case:ID", "login:…") in entries provable, and
/// without which they say nothing: 32 random hex digits. A subject may have several.
struct Salt {
    std::string subject;
    std::string salt;
};

/// That one of a batch's entries is about an alert, which is stored by then.
struct EntryAbout {
    std::size_t entry = 0;  ///< its place in the batch's entries
    std::string alert;      ///< id
};

/// Entries to be stored with what they tell of, and salts of theirs that are new.
struct NewEntries {
    std::vector<std::string> entries{};
    std::vector<Salt> salts{};
};

class EntryLog {
  public:
    virtual ~EntryLog() = default;
    /// How many there are; their indexes are 0 up to it, without holes.
    virtual Result<std::uint64_t> entry_count() = 0;
    /// From index `from` on, in order, at most `limit`.
    virtual Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t limit) = 0;
    /// Indexes of the entries about an alert, in order.
    virtual Result<std::vector<std::uint64_t>> entries_about(const std::string& alert) = 0;
    /// Appends entries that come with nothing else; durable when it returns.
    /// `salts` are kept in the same transaction.
    virtual Result<> append(const std::vector<std::string>& entries,
                            const std::vector<Salt>& salts) = 0;
    [[nodiscard]] Result<> append(const std::vector<std::string>& entries) {
        return append(entries, {});
    }
    virtual Result<std::vector<std::string>> salts(const std::string& subject) = 0;
};

}  // namespace kentongan
