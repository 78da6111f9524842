#pragma once
// What SQL asks the query language: kentongan_wild(text, pattern) and kentongan_within(addresses,
// from, to), which mean what the evaluator does.
struct sqlite3;

namespace kentongan {

/// SQLite's result code.
[[nodiscard]] int add_search_functions(sqlite3* handle);

}  // namespace kentongan
