#pragma once
// CSV as databases log it: commas, and quotes doubled inside of quoted columns (RFC 4180).
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace kentongan::log {

/// The columns of one record, at most 64. Views point into the record, or into memory of this
/// object where doubled quotes were undone; both until the next read().
class CsvRecord {
  public:
    /// False when the quoting is broken or there are too many columns.
    [[nodiscard]] bool read(std::string_view record);
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Empty past the end.
    [[nodiscard]] std::string_view operator[](std::size_t i) const {
        return i < size_ ? columns_[i] : std::string_view{};
    }

  private:
    [[nodiscard]] bool take_column(std::string_view& rest, std::string_view& out);
    [[nodiscard]] std::string_view without_doubles(std::string_view quoted);

    std::array<std::string_view, 64> columns_;
    std::size_t size_ = 0;
    std::string text_;
};

/// Whether a quoted column is still open at the end of a line that begins inside of one (`open`) or
/// outside; nothing when no such line can be: a quote within a quoted column is always doubled, so
/// what is quoted cannot pretend to be a line of its own.
[[nodiscard]] std::optional<bool> quote_open_after(std::string_view line, bool open);

}  // namespace kentongan::log
