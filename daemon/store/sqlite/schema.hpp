#pragma once
// The schema's versions: numbered migrations that only go forward.
#include "daemon/store/sqlite/database.hpp"

namespace kentongan {

/// "Kent" in SQLite's header, so that file(1) and we can tell whose database it is.
inline constexpr std::int64_t kSqliteApplicationId = 0x4B656E74;

/// The version this program writes and reads.
[[nodiscard]] std::int64_t schema_version();

/// Brings an empty or older database to schema_version(), each step in a transaction of its own.
/// Refuses another program's database and a newer schema (ErrorCode::data).
[[nodiscard]] Result<> migrate(SqliteDatabase& database);

/// For readers: the same checks, and an older schema is refused as well.
[[nodiscard]] Result<> require_current_schema(SqliteDatabase& database);

/// SQLite's quick_check while the file is small enough to read at start (512 MiB); a larger one is
/// checked page by page as it is used.
[[nodiscard]] Result<> check_integrity(SqliteDatabase& database);

}  // namespace kentongan
