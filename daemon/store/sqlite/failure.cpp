// SqliteDatabase's failures: which of our errors a code of SQLite's is, and what to do about it.
#include <sqlite3.h>

#include <cerrno>
#include <system_error>

#include "daemon/store/sqlite/database.hpp"

namespace kentongan {

namespace {

std::string reason(int errno_value, sqlite3* handle) {
    return errno_value != 0 ? std::generic_category().message(errno_value) : sqlite3_errmsg(handle);
}

bool means_full(int code, int errno_value) {
    return (code & 0xff) == SQLITE_FULL ||
           ((code & 0xff) == SQLITE_IOERR && (errno_value == ENOSPC || errno_value == EDQUOT));
}

}  // namespace

// SQLite keeps the errno of some failures only; errno itself still tells of a failed write, for it
// was 0 before the call.
int SqliteDatabase::system_error(int code) const {
    const int errno_now = errno;
    const int kept = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
    return kept == 0 && (code & 0xff) == SQLITE_IOERR ? errno_now : kept;
}

Error SqliteDatabase::failure(int code) {
    const int errno_value = system_error(code);
    const std::string told = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    const auto error = [&](ErrorCode kind, std::string text) {
        return Error{kind, fmt::format("store {}: {}", path_, text)};
    };
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
        stopped_ =
            error(ErrorCode::io,
                  fmt::format("the disk did not confirm a write (fsync: {}); nothing more is "
                              "written: check the disk, then restart",
                              reason(errno_value, handle_)));
        return *stopped_;
    }
    if (means_full(code, errno_value)) return error(ErrorCode::io, "disk is full");
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return error(ErrorCode::unavailable,
                         "the file is in use by another process; stop that one (fuser shows it) "
                         "or give store.path a file of its own");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return damaged(told).error();
        case SQLITE_IOERR:
            return error(ErrorCode::io, reason(errno_value, handle_));
        case SQLITE_CANTOPEN:
            return fail_errno("open", path_, errno_value).error();
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return error(ErrorCode::permission, told);
        case SQLITE_INTERRUPT:
            return error(ErrorCode::temporary, "a question took too long");
        case SQLITE_NOMEM:
            return error(ErrorCode::temporary, "out of memory");
        default:
            return error(ErrorCode::internal, told);
    }
}

std::unexpected<Error> SqliteDatabase::damaged(std::string_view how) {
    auto error =
        fail(ErrorCode::data,
             "store {}: the file is damaged ({}): keep it as evidence, and put a backup in "
             "its place or move it away to start anew",
             path_, how);
    stopped_ = error.error();
    return error;
}

}  // namespace kentongan
