#pragma once
// Our own log: one line an event on stderr, as text, logfmt or JSON. Never the path of an alert.
#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/error.hpp"

namespace kentongan::log {

enum class Level { debug, info, warning, error };
enum class Format { text, logfmt, json };

/// One named value of a line: {"source", path}.
struct Value {
    template <class T>
    Value(std::string_view key_name, const T& v)  // NOLINT: written as {"key", value}
        : key(key_name), value(fmt::format("{}", v)) {}
    std::string key;
    std::string value;
};
using Values = std::initializer_list<Value>;

/// Once, before other threads start. Under systemd each line begins with its `<priority>`.
void set_up(Format format, Level least);
[[nodiscard]] Result<Format> parse_format(std::string_view name);
[[nodiscard]] Result<Level> parse_level(std::string_view name);

/// Thread-safe.
void write(Level level, std::string_view message, Values values);
inline void debug(std::string_view message, Values values = {}) {
    write(Level::debug, message, values);
}
inline void info(std::string_view message, Values values = {}) {
    write(Level::info, message, values);
}
inline void warning(std::string_view message, Values values = {}) {
    write(Level::warning, message, values);
}
inline void error(std::string_view message, Values values = {}) {
    write(Level::error, message, values);
}

/// The line without its end; for `text` and `logfmt` control bytes are escaped, so a hostile value
/// cannot forge a line.
[[nodiscard]] std::string format_line(Format format, Level level, std::string_view time,
                                      std::string_view message, Values values);

}  // namespace kentongan::log
