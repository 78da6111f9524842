#pragma once
// Cuts bytes as they are read into lines, and knows at which byte of the input each began.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kentongan::log {

class LineSplitter {
  public:
    struct Line {
        std::string_view text;     ///< without the newline; valid until room() or next()
        std::uint64_t offset = 0;  ///< of its first byte
        bool cut = false;          ///< it was longer; the rest is passed over
    };

    /// `line_bytes`: the longest line, at least 1. `chunk`: how much room there is at least when
    /// nothing is left.
    explicit LineSplitter(std::size_t line_bytes, std::size_t chunk = std::size_t{256} << 10);

    /// Forgets what is left and goes on at `offset`. `passing_over`: the middle of a line that was
    /// cut, so that everything up to its newline is passed over.
    void restart(std::uint64_t offset, bool passing_over = false);

    /// Gives its memory back while nothing is left in it; room() takes it again.
    void release();
    /// Where the next bytes of the input go, 64 KiB at least; then added() says how many came.
    [[nodiscard]] std::span<char> room();
    void added(std::size_t count);

    /// The next line that has ended. NUL bytes at its start are passed over: a truncated file whose
    /// writer goes on at its old place begins with them.
    [[nodiscard]] std::optional<Line> next();
    /// What is left without a newline, when the input has ended.
    [[nodiscard]] std::optional<Line> last();

    /// The first byte not handed out in a line, and the next byte to read.
    [[nodiscard]] std::uint64_t offset() const { return base_ + begin_; }
    [[nodiscard]] std::uint64_t read_offset() const { return base_ + end_; }
    [[nodiscard]] bool passing_over() const { return passing_over_; }

  private:
    bool pass_over();
    Line take(std::size_t length, std::size_t advance);

    std::size_t line_bytes_;
    std::size_t chunk_;
    std::vector<char> buffer_;
    std::uint64_t base_ = 0;   // offset in the input of buffer_[0]
    std::size_t begin_ = 0;    // of what is not handed out
    std::size_t scanned_ = 0;  // no newline in [begin_, scanned_)
    std::size_t end_ = 0;
    bool passing_over_ = false;
};

}  // namespace kentongan::log
