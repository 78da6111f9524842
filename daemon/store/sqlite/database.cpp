#include "daemon/store/sqlite/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <new>
#include <stdexcept>

#include "daemon/base/file.hpp"
#include "daemon/store/sqlite/search_functions.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kMaximumStatements = 256;
constexpr int kCheckpointPages = 4096;  // 16 MiB of log before it is copied into the database

// One connection that holds the file alone is out of reach of the WAL-reset bug (SQLite 3.7.0 to
// 3.51.2 needs two), and needs no shared memory. FULL: each commit is on the disk when it returns.
constexpr const char* kReadWrite =
    "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA cache_size = -131072;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA foreign_keys = ON;";

// An empty file of our mode: SQLite gives the log beside it the same mode.
Result<> create_file(const std::string& path) {
    const FileDescriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)};
    if (!file) return fail_errno("open", path, errno);
    return {};
}

bool has_log(const std::string& path) {
    struct stat status{};
    return ::stat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
}

// Percent-encoding for the characters that end a path in a file: URI.
std::string as_uri(const std::string& path) {
    std::string out = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#')
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + "?immutable=1";
}

sqlite3_destructor_type lifetime(SqliteCursor::Bytes bytes) {
    return bytes == SqliteCursor::Bytes::keep ? SQLITE_STATIC : SQLITE_TRANSIENT;
}

}  // namespace

SqliteCursor::SqliteCursor(SqliteDatabase& database, sqlite3_stmt* statement)
    : database_(&database), statement_(statement) {
    database.take();
}

SqliteCursor::~SqliteCursor() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    database_->give_back();
}

void SqliteCursor::bind(int index, std::int64_t value) {
    if (sqlite3_bind_int64(statement_, index, value) != SQLITE_OK) throw std::bad_alloc{};
}

void SqliteCursor::bind(int index, std::string_view value, Bytes bytes) {
    const char* data = value.data() == nullptr ? "" : value.data();
    if (sqlite3_bind_text64(statement_, index, data, value.size(), lifetime(bytes), SQLITE_UTF8) !=
        SQLITE_OK)
        throw std::bad_alloc{};
}

void SqliteCursor::bind(int index, SqliteBlob value, Bytes bytes) {
    const char* data = value.bytes.data() == nullptr ? "" : value.bytes.data();
    if (sqlite3_bind_blob64(statement_, index, data, value.bytes.size(), lifetime(bytes)) !=
        SQLITE_OK)
        throw std::bad_alloc{};
}

Result<bool> SqliteCursor::next() {
    errno = 0;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(database_->failure(sqlite3_extended_errcode(database_->handle_)));
}

std::int64_t SqliteCursor::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}
std::optional<std::int64_t> SqliteCursor::optional_integer(int column) const {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}
std::string SqliteCursor::text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string{} : std::string(static_cast<const char*>(bytes), size);
}

void SqliteDatabase::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void SqliteDatabase::take() {
    const std::thread::id me = std::this_thread::get_id();
    std::thread::id user{};
    if (!user_.compare_exchange_strong(user, me, std::memory_order_acquire) && user != me)
        throw std::logic_error{"two threads use the store at once: " + path_};
    ++uses_;
}

void SqliteDatabase::give_back() {
    if (--uses_ == 0) user_.store({}, std::memory_order_release);
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path, Mode mode) {
    std::unique_ptr<SqliteDatabase> database{new SqliteDatabase(path)};
    if (auto connected = database->connect(mode); !connected)
        return std::unexpected(connected.error());
    return database;
}

SqliteDatabase::~SqliteDatabase() {
    statements_.clear();
    sqlite3_close_v2(handle_);
}

Result<> SqliteDatabase::open_handle(const std::string& name, int flags) {
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    const int code = sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) return std::unexpected(failure(code));
    sqlite3_extended_result_codes(handle_, 1);
    return add_search_functions(handle_) == SQLITE_OK ? Result<>{}
                                                      : std::unexpected(failure(SQLITE_NOMEM));
}

Result<> SqliteDatabase::connect(Mode mode) {
    if (mode == Mode::read_write) {
        if (auto created = create_file(path_); !created) return created;
        if (auto opened = open_handle(path_, SQLITE_OPEN_READWRITE); !opened) return opened;
        const auto remember = [](void* self, sqlite3*, const char*, int pages) {
            static_cast<SqliteDatabase*>(self)->wal_pages_ = pages;
            return SQLITE_OK;
        };
        auto prepared = script(kReadWrite);
        sqlite3_wal_hook(handle_, remember, this);
        return prepared;
    }
    if (const FileDescriptor file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)}; !file)
        return fail_errno("open", path_, errno);
    if (auto opened = open_handle(path_, SQLITE_OPEN_READONLY); !opened) return opened;
    auto readable = number("SELECT count(*) FROM sqlite_schema");
    // Where the folder cannot be written, a cleanly closed database is read as it lies.
    if (!readable && readable.error().code != ErrorCode::unavailable && !stopped_ &&
        !has_log(path_)) {
        statements_.clear();
        if (auto opened = open_handle(as_uri(path_), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
            !opened)
            return opened;
        readable = number("SELECT count(*) FROM sqlite_schema");
    }
    return readable ? Result<>{} : std::unexpected(readable.error());
}

Result<> SqliteDatabase::script(const std::string& sql) {
    const InUse in_use{*this};
    if (stopped_) return std::unexpected(*stopped_);
    errno = 0;
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected(failure(code));
    return {};
}

Result<SqliteCursor> SqliteDatabase::start(std::string_view sql) {
    const InUse in_use{*this};
    if (stopped_) return std::unexpected(*stopped_);
    if (const auto found = statements_.find(sql); found != statements_.end())
        return SqliteCursor{*this, found->second.get()};
    if (statements_.size() >= kMaximumStatements)
        std::erase_if(statements_,
                      [](const auto& e) { return !sqlite3_stmt_busy(e.second.get()); });
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return std::unexpected(failure(code));
    statements_.emplace(sql, statement);
    return SqliteCursor{*this, statement};
}

Result<> SqliteDatabase::finish(Result<SqliteCursor> cursor) {
    if (!cursor) return std::unexpected(cursor.error());
    if (auto row = cursor->next(); !row) return std::unexpected(row.error());
    return {};
}

Result<std::int64_t> SqliteDatabase::only_number(Result<SqliteCursor> cursor) {
    if (!cursor) return std::unexpected(cursor.error());
    const auto row = cursor->next();
    if (!row) return std::unexpected(row.error());
    return *row ? cursor->integer(0) : 0;
}

void SqliteDatabase::stop_at(std::optional<std::chrono::steady_clock::time_point> deadline) {
    constexpr int kInstructions = 4000;  // some tens of microseconds
    deadline_ = deadline.value_or(deadline_);
    const auto is_late = [](void* self) {
        return std::chrono::steady_clock::now() > static_cast<SqliteDatabase*>(self)->deadline_ ? 1
                                                                                                : 0;
    };
    sqlite3_progress_handler(handle_, deadline ? kInstructions : 0, is_late, this);
}

std::int64_t SqliteDatabase::last_row() const { return sqlite3_last_insert_rowid(handle_); }
std::int64_t SqliteDatabase::changes() const { return sqlite3_changes64(handle_); }

void SqliteDatabase::roll_back() {
    if (sqlite3_get_autocommit(handle_) == 0)
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

// The commit stands whatever comes of this: the log holds it. A full disk is tried again after the
// next commit; a failed fsync stops the database (failure() sees to that).
void SqliteDatabase::checkpoint_if_long() {
    if (wal_pages_ < kCheckpointPages) return;
    errno = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code == SQLITE_OK)
        wal_pages_ = 0;
    else
        (void)failure(sqlite3_extended_errcode(handle_));
}

}  // namespace kentongan
