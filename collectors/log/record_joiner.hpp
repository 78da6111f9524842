#pragma once
// Joins lines into records as the format says they belong together.
#include <functional>
#include <string>

#include "collectors/log/format.hpp"
#include "collectors/log/line_splitter.hpp"

namespace kentongan::log {

/// Pure: no clock, no file. A record of one line is handed on without being copied.
class RecordJoiner {
  public:
    /// A record has the offset of its first line; `cut` when it or a line of it was too long.
    using Emit = std::function<void(const LineSplitter::Line&)>;

    /// A record grows to at most `record_bytes` (its rest is dropped and the record is `cut`) and
    /// to `record_lines`, after which it is complete.
    RecordJoiner(std::size_t record_bytes, std::size_t record_lines)
        : record_bytes_(record_bytes), record_lines_(record_lines) {}

    /// Takes the next line, and gives what is complete by it: nothing, or up to two records.
    void take(const LineSplitter::Line& line, Fit fit, const Emit& emit);
    /// Gives the pending record: the input has ended, or has been quiet for long enough.
    void finish(const Emit& emit);
    /// Forgets what is pending.
    void clear();

    [[nodiscard]] bool pending() const { return lines_ > 0; }
    /// Lines of the pending record.
    [[nodiscard]] std::size_t lines() const { return lines_; }
    /// Of the pending record's first line.
    [[nodiscard]] std::uint64_t offset() const { return offset_; }

  private:
    void append(const LineSplitter::Line& line);

    std::size_t record_bytes_;
    std::size_t record_lines_;
    std::string text_;
    std::uint64_t offset_ = 0;
    std::size_t lines_ = 0;
    bool cut_ = false;
};

}  // namespace kentongan::log
