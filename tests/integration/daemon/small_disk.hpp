#pragma once
// SmallDisk: a file system of a few MiB that a test fills and frees.
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace kentongan {

class SmallDisk {
  public:
    /// Mounts a tmpfs; mounted() is false where that is not allowed.
    explicit SmallDisk(int mebibytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] std::string path() const { return folder_.name(); }
    /// To the last byte.
    void fill() const;
    void free() const;

  private:
    TemporaryFolder folder_;
    bool mounted_ = false;
};

}  // namespace kentongan
