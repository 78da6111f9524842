#include "tests/unit/store/fault_vfs.hpp"

#include <sqlite3.h>

#include <new>

namespace kentongan {

namespace {

struct Plan {
    FaultVfs::Kind kind = FaultVfs::Kind::write;
    int left = -1;  // operations until the failure; negative: none
    int code = SQLITE_OK;
    bool for_good = false;
    bool failed = false;
} plan;

int check(FaultVfs::Kind kind) {
    if (kind != plan.kind || plan.left < 0) return SQLITE_OK;
    if (plan.left > 1) {
        --plan.left;
        return SQLITE_OK;
    }
    plan.failed = true;
    plan.left = plan.for_good ? 1 : -1;
    return plan.code;
}

struct FaultFile {
    sqlite3_file base;
    sqlite3_file* real;
};
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file)->real; }

int close_file(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int read_file(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    return real(f)->pMethods->xRead(real(f), to, size, at);
}
int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    if (const int code = check(FaultVfs::Kind::write)) {
        // Half of it reaches the disk, as in a real failure.
        real(f)->pMethods->xWrite(real(f), from, size / 2, at);
        return code;
    }
    return real(f)->pMethods->xWrite(real(f), from, size, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
    if (const int code = check(FaultVfs::Kind::write)) return code;
    return real(f)->pMethods->xTruncate(real(f), size);
}
int sync_file(sqlite3_file* f, int flags) {
    if (const int code = check(FaultVfs::Kind::sync)) return code;
    return real(f)->pMethods->xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) {
    return real(f)->pMethods->xFileSize(real(f), size);
}
int lock_file(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock_file(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int check_reserved(sqlite3_file* f, int* out) {
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
int control(sqlite3_file* f, int what, void* argument) {
    return real(f)->pMethods->xFileControl(real(f), what, argument);
}
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int characteristics(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }

// Version 1: no shared memory, which an exclusive connection does not need.
const sqlite3_io_methods kMethods{
    1,         close_file,  read_file,      write_file, truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_reserved, control,    sector_size,   characteristics, nullptr,
    nullptr,   nullptr,     nullptr,        nullptr,    nullptr};

sqlite3_vfs* underlying = nullptr;
sqlite3_vfs shim{};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
    auto* file = reinterpret_cast<FaultFile*>(f);
    file->real = reinterpret_cast<sqlite3_file*>(file + 1);
    const int code = underlying->xOpen(underlying, name, file->real, flags, out_flags);
    file->base.pMethods = code == SQLITE_OK ? &kMethods : nullptr;
    return code;
}
int delete_file(sqlite3_vfs*, const char* name, int sync) {
    if (const int code = check(FaultVfs::Kind::write)) return code;
    return underlying->xDelete(underlying, name, sync);
}

}  // namespace

FaultVfs::FaultVfs() {
    underlying = sqlite3_vfs_find(nullptr);
    shim = *underlying;
    shim.zName = "fault";
    shim.pNext = nullptr;
    shim.szOsFile = underlying->szOsFile + static_cast<int>(sizeof(FaultFile));
    shim.xOpen = open_file;
    shim.xDelete = delete_file;
    if (sqlite3_vfs_register(&shim, 1) != SQLITE_OK) throw std::bad_alloc{};
    heal();
}
FaultVfs::~FaultVfs() {
    sqlite3_vfs_unregister(&shim);
    sqlite3_vfs_register(underlying, 1);
}

void FaultVfs::fail(Kind kind, int nth, int code, bool for_good) {
    plan = {.kind = kind, .left = nth, .code = code, .for_good = for_good, .failed = false};
}
void FaultVfs::heal() { plan = {}; }
bool FaultVfs::failed() const { return plan.failed; }

}  // namespace kentongan
