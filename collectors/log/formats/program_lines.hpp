#pragma once
// From the lines of a container's log to the records of the program in it: pieces of a long line
// are joined by stream, and lines as the program's own format joins them.
#include <array>
#include <span>
#include <string>
#include <vector>

#include "collectors/log/format.hpp"
#include "collectors/log/formats/container_line.hpp"

namespace kentongan::log {

/// Number of a stream: stdout 0, stderr 1.
[[nodiscard]] inline std::size_t stream_number(std::string_view stream) {
    return stream == "stderr" ? 1 : 0;
}

/// How a container's line fits, by its pieces and by what the program's format says of its text.
class ContainerPieces {
  public:
    [[nodiscard]] Fit fit(std::string_view line, Format& inner);
    void forget() { open_ = {}; }

  private:
    /// Of each stream: whether a line of it is unfinished, and how it fits once it is.
    struct Open {
        bool unfinished = false;
        bool ends = false;
    };
    [[nodiscard]] bool any() const { return open_[0].unfinished || open_[1].unfinished; }

    std::array<Open, 2> open_{};
    std::string scratch_;
};

/// A block of container lines, cut into the program's records. Reuses its memory.
class ProgramRecords {
  public:
    struct Record {
        std::string text;
        std::size_t offset = 0;  ///< of its first line in the block
        std::size_t stream = 0;
        std::optional<Timestamp> time;
        bool known = true;  ///< false: no container's line, kept as it is
    };

    /// `joining` is asked how the lines fit, and forgets before and after.
    void read(std::string_view block, Format& joining);
    [[nodiscard]] std::span<const Record> all() const { return std::span(records_).first(count_); }

  private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    void take(std::string_view line, std::size_t offset);
    Record& add(std::size_t offset);
    void join(Format& joining);

    std::vector<Record> records_;
    std::size_t count_ = 0;
    std::array<std::size_t, 2> open_{kNone, kNone};
    std::string scratch_;
};

}  // namespace kentongan::log
