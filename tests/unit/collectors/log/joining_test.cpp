#include <algorithm>
#include <span>

#include "tests/unit/collectors/log/collector_fixture.hpp"

namespace kentongan::log {
namespace {

using testing::ElementsAre;

class LogJoining : public LogCollectorTest {
  protected:
    Options joining(bool follow = true) const {
        Options out = options(follow);
        out.multiline = "stack_trace";
        return out;
    }
};

TEST_F(LogJoining, AStackTraceIsOneEventWithItsFirstLine) {
    append(path(), "{\"a\":1}\nOops\n  at one\n  at two\r\nCaused by: it\n  at three\nnext\n");
    Recorder sink;
    ASSERT_TRUE(replay(joining(false), sink));
    EXPECT_THAT(
        sink.lines,
        ElementsAre("{\"a\":1}", "Oops\n  at one\n  at two\nCaused by: it\n  at three", "next"));
    EXPECT_EQ(sink.events[1].origin.position, 8u);
    EXPECT_EQ(stats_.lines, 3u);
}

TEST_F(LogJoining, WithoutTheSettingTheFormatDecides) {
    append(path(), "Oops\n  at one\n");
    Recorder sink;
    ASSERT_TRUE(replay(options(false), sink));
    EXPECT_EQ(sink.lines.size(), 2u);
}

TEST_F(LogJoining, APendingRecordIsGivenOutOnlyWhenItHasBeenQuiet) {
    auto running = follow(joining());
    append(path(), "first\nOops\n  at one\n");
    ASSERT_TRUE(running->reaches(2));
    EXPECT_THAT(running->sink.lines, ElementsAre("first", "Oops\n  at one"));
}

TEST_F(LogJoining, APendingRecordIsGivenOutBeforeTheNextFileIsRead) {
    auto running = follow(joining());
    append(path(), "first\nOops\n  at one\n");
    ASSERT_TRUE(running->reaches(1));
    fs::rename(path(), path("app.log.1"));
    append(path(), "  at nothing\nlast\n");
    ASSERT_TRUE(running->until([&] { return running->sink.lines.size() >= 4; }));
    EXPECT_THAT(running->sink.lines,
                ElementsAre("first", "Oops\n  at one", "  at nothing", "last"));
}

TEST_F(LogJoining, ATruncationEndsAPendingRecord) {
    auto running = follow(joining());
    append(path(), "first\nOops\n  at one\n");
    ASSERT_TRUE(running->reaches(1));
    fs::resize_file(path(), 0);
    ASSERT_TRUE(running->reaches(2));
    EXPECT_EQ(running->sink.lines.back(), "Oops\n  at one");
}

TEST_F(LogJoining, EveryBookmarkTakesUpAtTheStartOfTheRecordThatWasPending) {
    std::string text;
    for (int i = 0; i < 60'000; ++i)
        text += "Oops " + std::to_string(i) + "\n  at one\n" + (i % 3 == 0 ? "  at two\n" : "");
    append(path(), text);
    Recorder whole;
    ASSERT_TRUE(replay(joining(false), whole));
    ASSERT_EQ(whole.lines.size(), 60'000u);
    ASSERT_GT(whole.bookmarks().size(), 3u);
    for (const auto& flush : whole.bookmarks()) {
        Recorder rest;
        ASSERT_TRUE(replay(joining(false), rest, flush.bookmark));
        EXPECT_TRUE(std::ranges::equal(rest.lines, std::span(whole.lines).subspan(flush.lines)));
    }
}

TEST_F(LogJoining, ARecordOverItsCapsIsCutAndCounted) {
    Options with = joining(false);
    with.record_bytes = 256;
    with.record_lines = 4;
    std::string text = "Oops\n  " + std::string(400, 'x') + "\nOops\n";
    for (int i = 0; i < 6; ++i) text += "  at " + std::to_string(i) + "\n";
    append(path(), text);
    Recorder sink;
    ASSERT_TRUE(replay(with, sink));
    ASSERT_EQ(sink.lines.size(), 3u);
    EXPECT_EQ(sink.lines[0].size(), 256u);
    EXPECT_EQ(stats_.oversize, 1u);
    EXPECT_EQ(sink.lines[1], "Oops\n  at 0\n  at 1\n  at 2");
    EXPECT_EQ(sink.lines[2], "  at 3\n  at 4\n  at 5");
}

}  // namespace
}  // namespace kentongan::log
