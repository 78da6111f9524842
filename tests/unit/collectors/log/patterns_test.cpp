#include <algorithm>

#include "collectors/log/file_table.hpp"
#include "collectors/log/path_pattern.hpp"
#include "tests/unit/collectors/log/collector_fixture.hpp"
#include "tests/unit/collectors/log/compress.hpp"

namespace kentongan::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class LogPatterns : public LogCollectorTest {
  protected:
    Options matching(std::string_view pattern, bool follow = true) const {
        Options out = options(follow);
        out.path = path(pattern).string();
        return out;
    }
};

TEST_F(LogPatterns, EveryFileThatMatchesIsFollowedFromItsOwnPosition) {
    append(path("a.log"), "a1\n");
    append(path("b.log"), "b1\n");
    append(path("c.txt"), "not one\n");
    auto running = follow(matching("*.log"));
    ASSERT_TRUE(running->reaches(2));
    append(path("later.log"), "l1\n");
    append(path("a.log"), "a2\n");
    ASSERT_TRUE(running->reaches(4));
    EXPECT_THAT(running->sink.lines, UnorderedElementsAre("a1", "b1", "a2", "l1"));
    for (const Event& event : running->sink.events)
        EXPECT_EQ(
            event.origin.source,
            path(event.raw()[0] == 'l' ? "later.log" : std::string(1, event.raw()[0]) + ".log")
                .string());
    EXPECT_EQ(metrics_.log_open.with({"log:app"}).value(), 3);
    const auto bookmark = running->sink.bookmarks().back().bookmark;
    running.reset();
    append(path("b.log"), "b2\n");
    append(path("new.log"), "n1\n");
    auto again = follow(matching("*.log"), bookmark);
    ASSERT_TRUE(again->reaches(2));
    EXPECT_THAT(again->sink.lines, UnorderedElementsAre("b2", "n1"));
}

TEST_F(LogPatterns, FoldersMayHaveWildcardsAndComeLater) {
    auto running = follow(matching("pod-*/*/app.log"));
    ASSERT_TRUE(running->until([&] { return running->sink.flushes.size() > 3; }));
    fs::create_directories(path("pod-1/x"));
    append(path("pod-1/x/app.log"), "one\n");
    ASSERT_TRUE(running->reaches(1));
    fs::create_directories(path("pod-2/y"));
    append(path("pod-2/y/app.log"), "two\n");
    ASSERT_TRUE(running->reaches(2));
}

TEST_F(LogPatterns, RotatedFilesThatMatchAreNotReadTwice) {
    append(path("app.log"), "1\n");
    append(path("app.log.1"), "old\n");
    append(path("app.log.2.gz"), gzipped("older\n"));
    auto running = follow(matching("app.log*"));
    ASSERT_TRUE(running->reaches(1));
    for (int i = 2; i < 8; ++i) {
        fs::remove(path("app.log.2.gz"));
        fs::rename(path("app.log.1"), path("app.log.2"));
        compress_file(path("app.log.2"));
        fs::rename(path(), path("app.log.1"));
        append(path(), std::to_string(i) + "\n");
        ASSERT_TRUE(running->reaches(static_cast<std::size_t>(i)));
    }
    EXPECT_THAT(running->sink.lines, ElementsAre("1", "2", "3", "4", "5", "6", "7"));
}

TEST_F(LogPatterns, AFileThatIsRenamedWithinThePatternGoesOnUnderItsNewName) {
    append(path("a.log"), "1\n");
    auto running = follow(matching("*.log"));
    ASSERT_TRUE(running->reaches(1));
    fs::rename(path("a.log"), path("b.log"));
    append(path("a.log"), "2\n");
    ASSERT_TRUE(running->reaches(2));
    append(path("b.log"), "3\n");
    ASSERT_TRUE(running->reaches(3));
    EXPECT_THAT(running->sink.lines, ElementsAre("1", "2", "3"));
}

TEST_F(LogPatterns, ACompressedFileOfItsOwnIsReadOnceToItsEnd) {
    append(path("a.gz"), gzipped("1\n2\n"));
    auto running = follow(matching("*.gz"));
    ASSERT_TRUE(running->reaches(2));
    append(path("b.gz"), gzipped("3\n4"));
    ASSERT_TRUE(running->reaches(4));
    ASSERT_TRUE(running->until([&] {
        const auto all = running->sink.bookmarks();
        return !all.empty() && all.back().lines == 4;
    }));
    const auto bookmark = running->sink.bookmarks().back().bookmark;
    EXPECT_THAT(bookmark->state, HasSubstr("\"done\":true"));
    running.reset();
    append(path("c.gz"), gzipped("5\n"));
    auto again = follow(matching("*.gz"), bookmark);
    ASSERT_TRUE(again->reaches(1));
    EXPECT_THAT(again->sink.lines, ElementsAre("5"));
}

TEST_F(LogPatterns, ADeletedFileIsDrainedLetGoAndLeavesTheBookmark) {
    append(path("a.log"), "1\n");
    append(path("b.log"), "2\n");
    auto running = follow(matching("*.log"));
    ASSERT_TRUE(running->reaches(2));
    fs::remove(path("a.log"));
    ASSERT_TRUE(running->until([&] { return metrics_.log_open.with({"log:app"}).value() == 1; }));
    append(path("b.log"), "3\n");
    ASSERT_TRUE(running->reaches(3));
    ASSERT_TRUE(running->until([&] { return running->sink.bookmarks().back().lines == 3; }));
    EXPECT_THAT(running->sink.bookmarks().back().bookmark->state, testing::Not(HasSubstr("a.log")));
    EXPECT_TRUE(running->sink.notices.empty()) << "files of a pattern come and go";
}

TEST_F(LogPatterns, MoreFilesThanMayBeOpenAreAllReadAsOthersFallIdle) {
    constexpr std::size_t kCount = FileTable::kOpen + 40;
    for (std::size_t i = 0; i < kCount; ++i)
        append(path("f" + std::to_string(i) + ".log"), std::to_string(i) + "\n");
    auto running = follow(matching("*.log"));
    ASSERT_TRUE(running->reaches(kCount));
    EXPECT_LE(metrics_.log_open.with({"log:app"}).value(), FileTable::kOpen);
    append(path("f0.log"), "again\n");
    append(path("f" + std::to_string(kCount - 1) + ".log"), "again\n");
    ASSERT_TRUE(running->reaches(kCount + 2));
}

TEST_F(LogPatterns, ReplayReadsTheFileThatIsFurthestBehindAndFailsWithoutAny) {
    Options with = matching("*.log", false);
    Recorder none;
    EXPECT_EQ(replay(with, none).error().code, ErrorCode::no_input);
    append(path("a.log"), "{\"time\":\"2024-11-27T06:00:05Z\"}\n");
    append(path("b.log"), "{\"time\":\"2024-11-27T06:00:01Z\"}\n");
    Recorder sink;
    ASSERT_TRUE(replay(with, sink));
    EXPECT_EQ(sink.lines.size(), 2u);
    for (std::size_t i = 1; i < sink.flushes.size(); ++i)
        EXPECT_LE(sink.flushes[i - 1].watermark, sink.flushes[i].watermark);
}

TEST_F(LogPatterns, TwoStarsAreRefused) {
    const auto made = LogCollector::make(matching("**/x.log"), metrics_, clock_);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message, HasSubstr("** is not known"));
}

TEST_F(LogPatterns, ExpansionIsSortedAndCapped) {
    for (const auto* name : {"b.log", "a.log", ".hidden.log", "c.log"}) append(path(name), "");
    fs::create_directory(path("d.log"));
    const auto all = expand(path("*.log").string(), 10);
    EXPECT_THAT(all.files, ElementsAre(path("a.log").string(), path("b.log").string(),
                                       path("c.log").string()));
    const auto some = expand(path("*.log").string(), 2);
    EXPECT_EQ(some.files.size(), 2u);
    EXPECT_EQ(some.left_out, 1u);
}

}  // namespace
}  // namespace kentongan::log
