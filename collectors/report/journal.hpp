#pragma once
// Journal: the intake's own file of reports, written and synced before a ticket is given. What the
// store has not committed after a crash is taken from here again.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::report {

/// A line {"seq":N,"key":"…","report":{…}}, or {"ticket":"…","quarantined":"NAME"}.
struct Entry {
    std::uint64_t sequence = 0;  ///< from 1; 0: a photograph was set aside
    std::string key;             ///< hash of the ticket's secret
    std::string_view report;     ///< as it stands in the line, byte for byte
    std::string_view line;       ///< all of it, which is the event's raw record
    std::string ticket;          ///< whose photograph
    std::string quarantined;     ///< its name
};

/// Nothing for a line (without its end) that is neither; views into `line`.
[[nodiscard]] std::optional<Entry> read_entry(std::string_view line);
[[nodiscard]] std::string report_line(std::uint64_t sequence, std::string_view key,
                                      std::string_view report);
[[nodiscard]] std::string quarantine_line(std::string_view ticket, std::string_view photo);

/// Blocking; one thread at a time. Mode 0600.
class Journal {
  public:
    /// Reads what is there, line by line; a last line without an end (a crash) is cut off.
    [[nodiscard]] static Result<Journal> open(const std::filesystem::path& file,
                                              const std::function<void(const Entry&)>& visit);

    /// Writes the lines and syncs. On failure the file is as it was before.
    [[nodiscard]] Result<> append(std::string_view lines);
    [[nodiscard]] std::uint64_t size() const { return size_; }

  private:
    std::string path_;
    FileDescriptor file_;
    std::uint64_t size_ = 0;
};

}  // namespace kentongan::report
