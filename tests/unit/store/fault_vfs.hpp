#pragma once
// FaultVfs: SQLite's view of the file system with one operation that fails.
#include <memory>

namespace kentongan {

/// While it lives it is SQLite's default VFS in this process. One thread.
class FaultVfs {
  public:
    enum class Kind { write, sync };

    FaultVfs();
    ~FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    /// The nth operation of that kind from now on (1 is the next) answers `code`, and so do those
    /// after it when `for_good`. Truncating and deleting count as writing.
    void fail(Kind kind, int nth, int code, bool for_good);
    void heal();
    /// The failure has happened.
    [[nodiscard]] bool failed() const;
};

}  // namespace kentongan
