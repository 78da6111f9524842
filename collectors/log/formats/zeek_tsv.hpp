#pragma once
// Zeek's own log files: columns by a separator, named and typed by header lines (docs.zeek.org,
// "Zeek Log Formats"). The header comes again in every file, and may change in the middle of one.
#include <string>
#include <string_view>
#include <vector>

#include "collectors/log/format.hpp"
#include "collectors/zeek/stream.hpp"

namespace kentongan::log {

/// Keeps the header. Columns are known by their names alone, so without a header no line is read.
class ZeekTsv {
  public:
    explicit ZeekTsv(std::string_view stream);

    /// Takes in a line that begins with '#'.
    void read_header(std::string_view line);
    /// The header at the start of a file that is read from its middle.
    void read_head(std::string_view lines);
    /// False when the columns do not fit the header. A password is taken out of the raw record.
    [[nodiscard]] bool read(std::string_view line, Event& out);

  private:
    enum class Type : std::uint8_t { text, boolean, integer, real };
    struct Column {
        std::optional<Field> field;  // none: not kept
        Type type = Type::text;
        bool list = false;
        bool secret = false;
        bool time = false;
        bool duration = false;
    };

    void set_fields(std::string_view names);
    void set_types(std::string_view types);
    void name_stream(std::string_view path);
    [[nodiscard]] std::string_view take_column(std::string_view& rest, bool& more) const;
    void set_column(const Column& column, std::string_view value, Event& out);
    void set_scalar(const Column& column, std::string_view value, Event& out);
    void keep_no_secret(std::string_view line, Event& out);

    std::string separator_ = "\t";
    std::string set_separator_ = ",";
    std::string empty_ = "(empty)";
    std::string unset_ = "-";
    std::string name_;
    const zeek::Stream* stream_ = nullptr;
    std::vector<Column> columns_;
    std::string text_;  // scratch: a value without its escapes
};

}  // namespace kentongan::log
