#include "collectors/log/rotation.hpp"

#include <random>

#include "tests/unit/collectors/log/collector_fixture.hpp"
#include "tests/unit/collectors/log/compress.hpp"

namespace kentongan::log {
namespace {

using testing::ElementsAre;

class LogRotation : public LogCollectorTest {
  protected:
    /// As logrotate does: every number one up, then the file itself; `gzip`: from the second on.
    void rotate(bool gzip) {
        for (int n = rotations_; n >= 1; --n)
            for (const std::string end : {"", ".gz"}) {
                const auto from = path("app.log." + std::to_string(n) + end);
                if (fs::exists(from))
                    fs::rename(from, path("app.log." + std::to_string(n + 1) + end));
            }
        fs::rename(path(), path("app.log.1"));
        ++rotations_;
        if (gzip && rotations_ > 1) compress_file(path("app.log.2"));
    }
    void write(std::ofstream& writer, std::size_t count) {
        for (; count > 0; --count) {
            written_.push_back("line " + std::to_string(written_.size()));
            writer << written_.back() << "\n" << std::flush;
        }
    }
    /// A writer, a rotation in a tight loop, and a reader that falls behind at random.
    void hundred_rotations(bool gzip) {
        std::mt19937 random{gzip ? 7u : 8u};
        std::ofstream writer(path(), std::ios::app);
        write(writer, 3);
        auto running = follow();
        ASSERT_TRUE(running->reaches(3));
        for (int i = 0; i < 100; ++i) {
            for (auto steps = random() % 40; steps-- > 0;) context_.run_one();
            write(writer, random() % 5);
            rotate(gzip);
            std::ofstream fresh(path(), std::ios::app);
            write(writer, random() % 3);  // it has not reopened yet
            writer = std::move(fresh);
            write(writer, 1 + random() % 5);
        }
        EXPECT_TRUE(running->reaches(written_.size())) << running->sink.lines.size();
        EXPECT_EQ(running->sink.lines, written_);
        EXPECT_TRUE(running->sink.notices.empty()) << to_json(running->sink.notices[0]);
    }
    std::vector<std::string> written_;
    int rotations_ = 0;
};

TEST_F(LogRotation, AHundredRotationsByRenameGiveEveryLineOnce) { hundred_rotations(false); }

TEST_F(LogRotation, AHundredRotationsByRenameAndGzipGiveEveryLineOnce) { hundred_rotations(true); }

TEST_F(LogRotation, AFileThatWasCompressedMeanwhileIsReadOnAndSoAreThoseAfterIt) {
    for (const auto kind :
         {Compression::gzip, Compression::zstd, Compression::xz, Compression::bzip2}) {
        for (const auto& entry : fs::directory_iterator(folder_)) fs::remove_all(entry);
        append(path(), "1\n2\n");
        auto running = follow();
        ASSERT_TRUE(running->reaches(2));
        const auto bookmark = running->sink.bookmarks().back().bookmark;
        running.reset();
        append(path(), "3\n");
        fs::rename(path(), path("app.log.3"));
        compress_file(path("app.log.3"), kind);
        append(path("app.log.2"), "4\n");
        compress_file(path("app.log.2"), kind);
        append(path("app.log.1"), "5\n");
        append(path("app.log.4"), "0\n");
        compress_file(path("app.log.4"), kind);
        append(path(), "6\n");
        auto again = follow(bookmark);
        ASSERT_TRUE(again->reaches(4)) << static_cast<int>(kind);
        EXPECT_THAT(again->sink.lines, ElementsAre("3", "4", "5", "6"));
        EXPECT_EQ(again->collector->stats().missed, 0u);
        EXPECT_TRUE(again->sink.notices.empty());
        const auto inside = again->sink.bookmarks().front().bookmark;
        again.reset();
        auto third = follow(inside);
        ASSERT_TRUE(third->reaches(4 - 1)) << "from within the compressed file";
    }
}

TEST_F(LogRotation, CopyTruncateWithItsCopyIsReadFromTheCopyAndRaisesNothing) {
    append(path(), "first\nsecond\n");
    auto running = follow();
    ASSERT_TRUE(running->reaches(2));
    append(path(), "third, not looked at yet\n");
    fs::copy_file(path(), path("app.log.1"));
    fs::resize_file(path(), 0);
    append(path(), "4\n");
    ASSERT_TRUE(running->reaches(4));
    EXPECT_THAT(running->sink.lines,
                ElementsAre("first", "second", "third, not looked at yet", "4"));
    EXPECT_TRUE(running->sink.notices.empty());
    EXPECT_EQ(running->collector->stats().truncations, 1u);
}

TEST_F(LogRotation, ReplayReadsCompressedFilesAndSaysWhereOneIsCutOff) {
    std::string text;
    for (int i = 0; i < 30'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
    append(path("a.gz"), gzipped(text));
    Options with = options(false);
    with.path = path("a.gz").string();
    Recorder sink;
    ASSERT_TRUE(replay(with, sink));
    EXPECT_EQ(sink.lines.size(), 30'000u);
    fs::resize_file(path("a.gz"), fs::file_size(path("a.gz")) / 2);
    Recorder part;
    const auto cut = replay(with, part);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, ErrorCode::data);
    EXPECT_GT(part.lines.size(), 1000u);
    append(path("plain.gz"), "not compressed at all\n");
    with.path = path("plain.gz").string();
    Recorder plain;
    ASSERT_TRUE(replay(with, plain));
    EXPECT_THAT(plain.lines, ElementsAre("not compressed at all"));
}

TEST(RotationMark, IsWhatTheRotationPutIntoTheName) {
    EXPECT_EQ(rotation_mark("app.log", "app.log.1"), "1");
    EXPECT_EQ(rotation_mark("app.log", "app.log.12.gz"), "12");
    EXPECT_EQ(rotation_mark("app.log", "app.log-20241127.zst"), "20241127");
    EXPECT_EQ(rotation_mark("app.log", "app-2024-11-27.log.xz"), "2024-11-27");
    EXPECT_EQ(rotation_mark("app.log", "app.log"), "");
    EXPECT_EQ(rotation_mark("app.log", "app.log-backup"), "");
}

TEST(RotationMark, InTheMiddleOfANameOnlyADateIsSurelyARotation) {
    EXPECT_TRUE(is_rotation_of("/l/app.log", "/l/app.log.1"));
    EXPECT_TRUE(is_rotation_of("/l/app.log", "/l/app-2024-11-27.log.gz"));
    EXPECT_FALSE(is_rotation_of("/l/app.log", "/l/app-1.log"));
    EXPECT_FALSE(is_rotation_of("/l/app.log", "/m/app.log.1"));
    EXPECT_FALSE(is_rotation_of("/l/app.log", "/l/app.log"));
}

}  // namespace
}  // namespace kentongan::log
