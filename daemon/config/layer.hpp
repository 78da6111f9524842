#pragma once
// Layer: one source of settings, parsed but not yet understood: a file, a variable of the
// environment or a --set. Inner header of this room.
#include <toml++/toml.h>
#include <optional>
#include <string>

#include "daemon/base/error.hpp"

namespace kentongan::config {

struct Layer {
    toml::table root;
    std::string file;                ///< of a file; origins are "file:line"
    std::string origin;              ///< of all else: "--set" or "environment KENTONGAN_…"
    std::optional<std::string> raw;  ///< the value's text, for members that are texts

    [[nodiscard]] std::string where(const toml::source_region& place) const {
        return file.empty() ? origin : fmt::format("{}:{}", file, place.begin.line);
    }
};

/// At most 1 MiB, lines of at most 8 KiB and 64 dots (a dotted key of a million parts would be a
/// tree deeper than the stack). Errors: no_input, permission, config with file, line and column.
[[nodiscard]] Result<Layer> parse_file(const std::string& path);
[[nodiscard]] Result<Layer> parse_text(std::string_view text, const std::string& path);

/// `KENTONGAN_LOG__AUTH__PATH`, its value: the value is TOML, or else text as it stands.
[[nodiscard]] Result<Layer> parse_variable(const std::string& name, const std::string& value);
/// `log.auth.path=VALUE`.
[[nodiscard]] Result<Layer> parse_assignment(const std::string& assignment);

}  // namespace kentongan::config
