#pragma once
// A journal as sd-journal reads it (sd-journal(3)).
#include <cstdint>
#include <memory>
#include <string>

#include "collectors/journal/options.hpp"
#include "collectors/log/formats/journal_entry.hpp"
#include "daemon/base/error.hpp"

struct sd_journal;

namespace kentongan::journal {

/// Whether `path` is a folder or begins as journal files do.
[[nodiscard]] bool is_journal(const std::string& path);

/// Used by one thread. Reading an entry may wait for the disk, as reading a file does.
class SystemdJournal {
  public:
    /// Error (no_input, permission) names the path.
    [[nodiscard]] static Result<SystemdJournal> open(const Options& options);

    void to_begin();
    void to_end();
    /// Behind the entry of the cursor; false when that is gone: then before what came after it.
    [[nodiscard]] Result<bool> to_cursor(const std::string& cursor);

    /// Goes to the next entry; false at the end, for now.
    [[nodiscard]] Result<bool> next();
    /// Of the entry gone to.
    void read(log::JournalEntry& out);
    [[nodiscard]] std::uint64_t realtime() const;  ///< µs since 1970
    [[nodiscard]] Result<std::string> cursor() const;

    /// Readable when the journal has changed, process() is due then; below 0: poll only. Owned by
    /// this.
    [[nodiscard]] int descriptor() const;
    void process();

  private:
    struct Close {
        void operator()(sd_journal* journal) const;
    };
    [[nodiscard]] Result<> select(const Options& options);

    std::unique_ptr<sd_journal, Close> journal_;
    std::string name_;
    bool at_unread_ = false;
};

}  // namespace kentongan::journal
