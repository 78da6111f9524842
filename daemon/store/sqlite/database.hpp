#pragma once
// SqliteDatabase: one connection, its prepared statements, and its failures as Errors that name
// the file and the remedy.
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "daemon/base/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace kentongan {

class SqliteDatabase;

/// Bytes to bind that are no text.
struct SqliteBlob {
    std::string_view bytes;
};

/// The rows of one execution. The statement is free again when the cursor ends.
class SqliteCursor {
  public:
    SqliteCursor(SqliteDatabase& database, sqlite3_stmt* statement);
    SqliteCursor(SqliteCursor&& other) noexcept
        : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
    SqliteCursor& operator=(SqliteCursor&&) = delete;
    ~SqliteCursor();

    /// Texts and blobs are copied, unless `keep` says that they outlive the cursor; `index` counts
    /// from 1.
    enum class Bytes { copy, keep };
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value, Bytes bytes = Bytes::copy);
    void bind(int index, SqliteBlob value, Bytes bytes = Bytes::copy);

    /// True: there is a row. False: that was all.
    Result<bool> next();
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
    /// Bytes of a blob too.
    [[nodiscard]] std::string text(int column) const;

  private:
    SqliteDatabase* database_;
    sqlite3_stmt* statement_;
};

/// Not thread-safe: one thread at a time. Two at once would tear the file: whoever comes second
/// gets std::logic_error before anything is touched.
class SqliteDatabase {
  public:
    enum class Mode { read_write, read_only };

    /// Opens, creating the file (mode 0640) in read_write mode. Read-write holds the file alone
    /// until closed; read-only works while no writer holds it.
    static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path, Mode mode);
    ~SqliteDatabase();
    SqliteDatabase(const SqliteDatabase&) = delete;
    SqliteDatabase& operator=(const SqliteDatabase&) = delete;

    /// Runs SQL text without parameters: schema and pragmas.
    Result<> script(const std::string& sql);

    /// Starts a statement, which stays prepared for the next time.
    template <class... Values>
    Result<SqliteCursor> query(std::string_view sql, const Values&... values) {
        return start_with(sql, SqliteCursor::Bytes::copy, values...);
    }
    /// Runs a statement that answers no rows.
    template <class... Values>
    Result<> run(std::string_view sql, const Values&... values) {
        return finish(start_with(sql, SqliteCursor::Bytes::keep, values...));
    }
    /// The one number a statement answers; 0 without a row or for NULL.
    template <class... Values>
    Result<std::int64_t> number(std::string_view sql, const Values&... values) {
        return only_number(start_with(sql, SqliteCursor::Bytes::keep, values...));
    }

    /// Statements that are still running then fail with `temporary`; nothing: they may run on.
    void stop_at(std::optional<std::chrono::steady_clock::time_point> deadline);

    [[nodiscard]] std::int64_t last_row() const;
    [[nodiscard]] std::int64_t changes() const;

    /// BEGIN IMMEDIATE … COMMIT around `work`, which returns Result<>. On any failure everything
    /// is rolled back and the connection can be used again.
    template <class Work>
    Result<> transaction(Work work) {
        const InUse in_use{*this};
        if (auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
        Result<> done = work();
        if (done) done = run("COMMIT");
        if (!done) roll_back();
        if (done) checkpoint_if_long();
        return done;
    }

    /// What went wrong with `code`, told with the file's name. After a failed fsync, and after
    /// damage was seen, the database stops: every later call gives the same answer.
    Error failure(int code);
    /// The file's content is not what was written; stops the database.
    std::unexpected<Error> damaged(std::string_view how);
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    friend class SqliteCursor;
    /// From here to its end this thread has the connection; it may nest.
    class InUse {
      public:
        explicit InUse(SqliteDatabase& database) : database_(database) { database.take(); }
        InUse(const InUse&) = delete;
        InUse& operator=(const InUse&) = delete;
        ~InUse() { database_.give_back(); }

      private:
        SqliteDatabase& database_;
    };
    void take();
    void give_back();
    explicit SqliteDatabase(std::string path) : path_(std::move(path)) {}
    Result<> connect(Mode mode);
    Result<> open_handle(const std::string& name, int flags);
    Result<SqliteCursor> start(std::string_view sql);
    template <class... Values>
    Result<SqliteCursor> start_with(std::string_view sql, SqliteCursor::Bytes bytes,
                                    const Values&... values) {
        auto cursor = start(sql);
        int index = 0;
        if (cursor) (bind(*cursor, ++index, bytes, values), ...);
        return cursor;
    }
    static Result<> finish(Result<SqliteCursor> cursor);
    static Result<std::int64_t> only_number(Result<SqliteCursor> cursor);
    static void bind(SqliteCursor& cursor, int index, SqliteCursor::Bytes bytes,
                     std::string_view value) {
        cursor.bind(index, value, bytes);
    }
    static void bind(SqliteCursor& cursor, int index, SqliteCursor::Bytes bytes, SqliteBlob value) {
        cursor.bind(index, value, bytes);
    }
    template <std::integral Number>
    static void bind(SqliteCursor& cursor, int index, SqliteCursor::Bytes, Number value) {
        cursor.bind(index, static_cast<std::int64_t>(value));
    }
    [[nodiscard]] int system_error(int code) const;
    void roll_back();
    void checkpoint_if_long();

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::string path_;
    std::atomic<std::thread::id> user_;  // who has it now
    unsigned uses_ = 0;                  // by that one, nested
    sqlite3* handle_ = nullptr;
    int wal_pages_ = 0;
    std::chrono::steady_clock::time_point deadline_{};
    std::optional<Error> stopped_;
    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, Hash, std::equal_to<>>
        statements_;
};

}  // namespace kentongan
