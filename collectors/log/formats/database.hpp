#pragma once
// What the logs of databases share.
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Sigma's routing of a database's log: its own product, and SQL of any product.
void set_database(std::string_view product, Event& out);

/// db.statement, and db.operation: its first word in capitals, comments passed over.
void set_statement(std::string_view statement, Event& out);

/// Sets a field that has a value and is not there yet.
void set_once(Field field, std::string_view value, Event& out);

/// Milliseconds or seconds as event.duration, where they make sense.
void set_duration(double seconds, Event& out);

/// The text of `text` between `before` and the next `end`; empty when it is not there.
[[nodiscard]] std::string_view text_between(std::string_view text, std::string_view before,
                                            char end);

}  // namespace kentongan::log
