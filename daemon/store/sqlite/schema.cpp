#include "daemon/store/sqlite/schema.hpp"

#include <array>

namespace kentongan {

namespace {

constexpr auto kMigrations = std::to_array<const char*>({
#include "sqlite_migrations.inc"
});

constexpr std::int64_t kCheckedBytes = std::int64_t{512} << 20;

Result<std::int64_t> version_of(SqliteDatabase& database) {
    const auto application = database.number("PRAGMA application_id");
    if (!application) return application;
    const auto version = database.number("PRAGMA user_version");
    if (!version) return version;
    const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables;
    if (*application != kSqliteApplicationId && *tables > 0)
        return fail(ErrorCode::data,
                    "store {}: this is another program's database; give store.path a file of its "
                    "own",
                    database.path());
    if (*version > schema_version())
        return fail(ErrorCode::data,
                    "store {}: its schema {} is newer than this program's {}; install the newer "
                    "kentongan",
                    database.path(), *version, schema_version());
    return version;
}

Result<> apply(SqliteDatabase& database, std::int64_t version) {
    return database.transaction([&]() -> Result<> {
        const auto index = static_cast<std::size_t>(version - 1);
        if (auto applied = database.script(kMigrations[index]); !applied) return applied;
        return database.script(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};",
                                           kSqliteApplicationId, version));
    });
}

}  // namespace

std::int64_t schema_version() { return static_cast<std::int64_t>(kMigrations.size()); }

Result<> migrate(SqliteDatabase& database) {
    const auto version = version_of(database);
    if (!version) return std::unexpected(version.error());
    for (std::int64_t next = *version + 1; next <= schema_version(); ++next)
        if (auto applied = apply(database, next); !applied) return applied;
    return {};
}

Result<> require_current_schema(SqliteDatabase& database) {
    const auto version = version_of(database);
    if (!version) return std::unexpected(version.error());
    if (*version == schema_version()) return {};
    return fail(ErrorCode::data,
                "store {}: its schema {} is older than this program's {}; start kentongand once "
                "to bring it up to date",
                database.path(), *version, schema_version());
}

Result<> check_integrity(SqliteDatabase& database) {
    const auto pages = database.number("PRAGMA page_count");
    if (!pages) return std::unexpected(pages.error());
    const auto page_size = database.number("PRAGMA page_size");
    if (!page_size) return std::unexpected(page_size.error());
    if (*pages * *page_size > kCheckedBytes) return {};
    auto verdict = database.query("PRAGMA quick_check(1)");
    if (!verdict) return std::unexpected(verdict.error());
    const auto row = verdict->next();
    if (!row) return std::unexpected(row.error());
    if (const std::string text = verdict->text(0); text != "ok") return database.damaged(text);
    return {};
}

}  // namespace kentongan
