#include <gtest/gtest.h>

#include "collectors/log/read_trail.hpp"
#include "tests/unit/collectors/log/collector_fixture.hpp"
#include "tests/unit/collectors/log/compress.hpp"

namespace kentongan::log {
namespace {

using testing::HasSubstr;

class LogTampering : public LogCollectorTest {
  protected:
    void TearDown() override { running_.reset(); }
    /// Follows a file of two lines that were read.
    void start() {
        append(path(), "first line\nsecond line\n");
        running_ = follow();
        ASSERT_TRUE(running_->reaches(2));
    }
    bool notices(std::size_t count) {
        return running_->until([&] { return running_->sink.notices.size() >= count; }) &&
               running_->sink.notices.size() == count;
    }
    /// So many ticks later, whether nothing of the kind was said.
    bool quiet() {
        const auto flushes = running_->sink.flushes.size();
        return running_->until([&] { return running_->sink.flushes.size() > flushes + 12; }) &&
               running_->sink.notices.empty();
    }
    std::string action(std::size_t i = 0) const {
        return std::string(running_->sink.notices[i].text(Field::event_action));
    }
    static void overwrite(const fs::path& file, std::streamoff at, std::string_view text) {
        std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(at);
        out << text;
    }
    std::unique_ptr<Running> running_;
};

TEST_F(LogTampering, ATruncationWithoutACopyIsTold) {
    start();
    fs::resize_file(path(), 11);
    ASSERT_TRUE(notices(1));
    const Event& notice = running_->sink.notices[0];
    EXPECT_EQ(action(), "log-truncated");
    EXPECT_EQ(notice.logsource.service, "log");
    EXPECT_EQ(notice.text(Field::log_file_path), path().string());
    EXPECT_EQ(notice.text(Field::log_source), "log:app");
    EXPECT_EQ(notice.integer(Field::log_offset), 11);
    EXPECT_EQ(notice.integer(Field::log_lost_bytes), 12);
    EXPECT_THAT(std::string(notice.text(Field::message)), HasSubstr("12 bytes are gone"));
    EXPECT_EQ(metrics_.log_notices.with({"log:app"}).value(), 1);
}

TEST_F(LogTampering, ACopyThatWasCleanedBeforeIsNoCopy) {
    start();
    append(path("app.log.1"), "first line\nS3cond line\n");
    fs::resize_file(path(), 0);
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-truncated");
}

TEST_F(LogTampering, BytesThatWereReadAndChangedInPlaceAreToldOnce) {
    append(path(), std::string(2000, 'p') + "\n");
    running_ = follow();
    ASSERT_TRUE(running_->reaches(1));
    overwrite(path(), 1500, "???");
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-rewritten");
    overwrite(path(), 1500, "YYY");
    ASSERT_TRUE(notices(2)) << "again, for it is another change";
    append(path(), "second line\n");
    ASSERT_TRUE(running_->reaches(2));
    EXPECT_EQ(running_->sink.lines.back(), "second line") << "reading goes on where it was";
}

TEST_F(LogTampering, OtherFirstBytesAreToldAndTheFileIsReadAgain) {
    start();
    overwrite(path(), 0, "FIRST");
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-rewritten");
    ASSERT_TRUE(running_->reaches(4));
}

TEST_F(LogTampering, AChangeFarBackThatComesWithGrowthIsFoundByLookingThroughTheFile) {
    std::string text;
    while (text.size() < 5 * ReadTrail::kChunk) text += std::string(1000, 'x') + "\n";
    append(path(), text);
    running_ = follow();
    ASSERT_TRUE(running_->reaches(text.size() / 1001));
    overwrite(path(), 2 * ReadTrail::kChunk + 5, "Y");
    append(path(), "grown\n");
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-rewritten");
    EXPECT_EQ(running_->sink.notices[0].integer(Field::log_offset), 2 * ReadTrail::kChunk);
}

TEST_F(LogTampering, AFileThatAnEditorReplacedIsRewritten) {
    start();
    append(path("edited"), "first line\nsecond line\nthird\n");
    fs::rename(path("edited"), path());
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-rewritten");
}

TEST_F(LogTampering, ARemovedFileIsTold) {
    start();
    fs::remove(path());
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-removed");
    EXPECT_EQ(running_->sink.notices[0].integer(Field::log_lost_bytes), 23);
    append(path(), "new\n");
    ASSERT_TRUE(running_->reaches(3));
}

TEST_F(LogTampering, RotationByRenameCompressionAndCopyRaisesNothing) {
    start();
    fs::rename(path(), path("app.log.1"));
    append(path(), "third\n");
    ASSERT_TRUE(running_->reaches(3));
    EXPECT_TRUE(quiet());
    fs::rename(path("app.log.1"), path("app.log.2"));
    compress_file(path("app.log.2"));
    fs::rename(path(), path("app.log.1"));
    append(path(), "fourth\n");
    ASSERT_TRUE(running_->reaches(4));
    EXPECT_TRUE(quiet());
    fs::copy_file(path(), path("app.log-20241128"));
    fs::resize_file(path(), 0);
    append(path(), "5\n");
    ASSERT_TRUE(running_->reaches(5));
    EXPECT_TRUE(quiet());
}

TEST_F(LogTampering, ATouchedFileThatIsTheSameRaisesNothing) {
    start();
    fs::last_write_time(path(), fs::file_time_type::clock::now());
    fs::permissions(path(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_TRUE(quiet());
}

TEST_F(LogTampering, WhatWasRewrittenOrTruncatedWhileWeWereDownIsTold) {
    start();
    const auto bookmark = running_->sink.bookmarks().back().bookmark;
    running_.reset();
    overwrite(path(), 13, "???");
    fs::resize_file(path(), 23);
    running_ = follow(bookmark);
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-rewritten") << "though its head of fingerprint differs too";
    running_.reset();
    std::ofstream(path(), std::ios::trunc) << "1\n";
    running_ = follow(bookmark);
    ASSERT_TRUE(notices(1));
    EXPECT_EQ(action(), "log-truncated");
    EXPECT_EQ(running_->sink.notices[0].integer(Field::log_lost_bytes), 21);
}

TEST_F(LogTampering, CopyTruncateWhileWeWereDownRaisesNothing) {
    start();
    const auto bookmark = running_->sink.bookmarks().back().bookmark;
    running_.reset();
    append(path(), "third\n");
    fs::copy_file(path(), path("app.log.1"));
    std::ofstream(path(), std::ios::trunc) << "4\n";
    running_ = follow(bookmark);
    ASSERT_TRUE(running_->reaches(2));
    EXPECT_THAT(running_->sink.lines, testing::ElementsAre("third", "4"));
    EXPECT_TRUE(quiet());
}

std::string some_bytes(std::size_t count, std::size_t seed) {
    std::string out(count, '\0');
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<char>(i * 31 + seed);
    return out;
}

TEST(ReadTrail, KnowsTheSameHoweverTheBytesCome) {
    const auto bytes = some_bytes(3 * ReadTrail::kChunk + 777, 1);
    ReadTrail whole;
    whole.restart(0);
    whole.add(bytes);
    for (const std::size_t step : {1000u, 65'536u, 3'000'000u}) {
        ReadTrail trail;
        trail.restart(0);
        for (std::size_t at = 0; at < bytes.size(); at += step)
            trail.add(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)));
        EXPECT_EQ(trail.newest(), whole.newest());
        EXPECT_EQ(trail.stretches(), 4u);
        EXPECT_EQ(trail.newest()->end, bytes.size());
    }
}

TEST(ReadTrail, JudgesACopyThatIsShorterByTheReadBefore) {
    ReadTrail trail;
    trail.restart(0);
    trail.add(std::span("abcde", 5));
    trail.add(std::span("fgh", 3));
    EXPECT_EQ(trail.newest_within(7)->end, 5u);
    EXPECT_EQ(trail.newest_within(7)->digest, sha256(as_bytes("abcde")));
    EXPECT_FALSE(trail.newest_within(4));
}

TEST(ReadTrail, ForgetsTheOldestBeyondItsCaps) {
    ReadTrail trail;
    trail.restart(0);
    const std::string chunk(ReadTrail::kChunk, 'x');
    for (std::size_t i = 0; i < ReadTrail::kChunks + 3; ++i) trail.add(chunk);
    EXPECT_EQ(trail.stretches(), ReadTrail::kChunks);
    EXPECT_EQ(trail.next_to_check()->begin, 3 * ReadTrail::kChunk);
}

}  // namespace
}  // namespace kentongan::log
