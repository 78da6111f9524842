#include "collectors/log/rotation.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/temporary_folder.hpp"

namespace kentongan::log {
namespace {

namespace fs = std::filesystem;

/// A log that is rotated as logrotate does it.
class RotatedLog {
  public:
    RotatedLog() { begin(); }
    [[nodiscard]] fs::path path() const { return folder_ / "x.log"; }
    [[nodiscard]] fs::path rotated(int number) const {
        return fmt::format("{}.{}", path().native(), number);
    }
    void rotate() {
        for (int number = rotations_; number > 0; --number)
            fs::rename(rotated(number), rotated(number + 1));
        fs::rename(path(), rotated(1));
        ++rotations_;
        begin();
    }

  private:
    void begin() const { std::ofstream{path()} << "file " << rotations_ << "\n"; }
    TemporaryFolder folder_;
    int rotations_ = 0;
};

Position position_in(const InputFile& file) {
    Position out;
    out.inode = file.facts().inode;
    out.offset = file.facts().size;
    out.fingerprint_bytes = out.offset;
    out.fingerprint = fingerprint_of(file.head(out.offset));
    return out;
}

TEST(FindFile, FindsTheFileOfABookmarkWhileTheFolderIsRotated) {
    RotatedLog log;
    for (int i = 0; i < 30; ++i) log.rotate();
    const auto position = position_in(InputFile::open(log.rotated(15)).value());
    std::atomic<bool> rotating{true};
    std::thread rotation([&] {
        for (int i = 0; i < 150; ++i) log.rotate();
        rotating = false;
    });
    int missed = 0;
    while (rotating)
        if (!find_file(log.path(), position)) ++missed;
    rotation.join();
    EXPECT_EQ(missed, 0);
}

TEST(FindFile, FileThatIsGoneIsNotFound) {
    RotatedLog log;
    log.rotate();
    const auto position = position_in(InputFile::open(log.rotated(1)).value());
    fs::remove(log.rotated(1));
    const auto found = find_file(log.path(), position);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::no_input);
}

}  // namespace
}  // namespace kentongan::log
