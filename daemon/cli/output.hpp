#pragma once
// How subcommands print: tables for people, JSON or NDJSON for programs; colour only on a terminal
// and never when NO_COLOR is set.
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::cli {

enum class OutputFormat { human, json, ndjson };

struct Output {
    OutputFormat format = OutputFormat::human;
    bool colour = false;

    [[nodiscard]] static Result<OutputFormat> parse(std::string_view name);
    /// Colour when standard output is a terminal and NO_COLOR is not set.
    [[nodiscard]] static bool wants_colour();

    /// Columns of the terminal; 0 where output goes elsewhere, and nothing is cut.
    std::size_t columns = 0;
    [[nodiscard]] static std::size_t terminal_columns();

    /// Rows with aligned columns under bold heads; cells hold one line of printable text each. What
    /// is wider than the terminal is cut where it is widest.
    void table(const std::vector<std::string>& heads,
               const std::vector<std::vector<std::string>>& rows) const;
    /// One object: indented for `human` callers that want it, else one line.
    void object(const boost::json::value& value) const;

    /// A severity word in its colour.
    [[nodiscard]] std::string severity(std::string_view name) const;
    [[nodiscard]] std::string bold(std::string_view text) const;
};

/// Columns a text takes on a terminal: code points, not bytes.
[[nodiscard]] std::size_t width_of(std::string_view text);
/// `text` safe for a terminal: control bytes (escape sequences too) become \xNN, at most `columns`
/// wide, cut with "…".
[[nodiscard]] std::string cell(std::string_view text, std::size_t columns = 60);

/// A JSON value for a cell: "-" for null and for an empty text, numbers to three digits.
[[nodiscard]] std::string plain(const boost::json::value& value, std::size_t columns = 60);

/// Indented JSON, two blanks a level.
[[nodiscard]] std::string pretty(const boost::json::value& value, std::size_t depth = 0);

}  // namespace kentongan::cli
