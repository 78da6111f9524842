#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <random>

#include "collectors/log/input_file.hpp"
#include "tests/unit/collectors/log/collector_fixture.hpp"

namespace kentongan::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(LogCollectorTest, ReplayReadsEveryLineAndTheUnterminatedLast) {
    append(path(),
           "{\"time\":\"2024-11-27T06:00:01Z\"}\nnot json\n\n{\"time\":\"2024-11-27T06:00:00Z\"}");
    Recorder sink;
    ASSERT_TRUE(replay(options(false), sink).has_value());
    EXPECT_EQ(sink.lines.size(), 3u);
    EXPECT_EQ(sink.events[0].origin.source, path().string());
    EXPECT_EQ(sink.events[1].origin.position, 32u);
    EXPECT_EQ(to_rfc3339(sink.events[1].time), "2024-11-27T06:00:01.000Z") << "the one before it";
    EXPECT_EQ(to_rfc3339(sink.events[2].time), "2024-11-27T06:00:00.000Z") << "keeps its own";
    EXPECT_EQ(to_rfc3339(sink.flushes.back().watermark), "2024-11-27T06:00:01.000Z");
    EXPECT_EQ(stats_.lines, 4u);
    EXPECT_EQ(stats_.parsed, 2u);
    EXPECT_EQ(stats_.unparsed, 1u);
    EXPECT_EQ(stats_.blank, 1u);
    EXPECT_EQ(stats_.bytes, fs::file_size(path()));
    EXPECT_EQ(metrics_.log_lines.with({"log:app", "parsed"}).value(), 2);
}

TEST_F(LogCollectorTest, SettingsFillInTheLogSourceOnlyWhereTheFormatIsSilent) {
    append(path(), "{}\n");
    Options with = options(false);
    with.product = "linux";
    with.service = "auth";
    Recorder sink;
    ASSERT_TRUE(replay(with, sink).has_value());
    EXPECT_EQ(sink.events[0].logsource.product, "linux");
    with.format = "nginx";
    ASSERT_TRUE(replay(with, sink).has_value());
    EXPECT_EQ(sink.events[1].logsource.service, "nginx");
    EXPECT_EQ(sink.events[1].logsource.product, "linux");
}

TEST_F(LogCollectorTest, ALineThatStandsForSeveralAttemptsIsEmittedAsOften) {
    append(path(),
           "Nov 27 16:31:05 h sudo: budi : 3 incorrect password attempts ; TTY=pts/0 ; "
           "PWD=/ ; USER=root ; COMMAND=/bin/id\n");
    Options with = options(false);
    with.format = "syslog";
    Recorder sink;
    ASSERT_TRUE(replay(with, sink).has_value());
    EXPECT_EQ(sink.events.size(), 3u);
    EXPECT_EQ(stats_.lines, 1u);
}

TEST_F(LogCollectorTest, WrongOptionsAreRefusedByName) {
    const auto error = [&](auto change) {
        Options with = options();
        change(with);
        const auto made = LogCollector::make(with, metrics_, clock_);
        return made ? std::string{} : made.error().message;
    };
    EXPECT_THAT(error([](Options& o) { o.format = "ngnix"; }), HasSubstr("log app: log format"));
    EXPECT_THAT(error([](Options& o) { o.zone = "WIB"; }), HasSubstr("zone \"WIB\""));
    EXPECT_THAT(error([](Options& o) { o.start = "middle"; }), HasSubstr("begin or end"));
    EXPECT_THAT(error([](Options& o) { o.line_bytes = 3; }), HasSubstr("line_bytes 3"));
    EXPECT_THAT(error([](Options& o) { o.path = ""; }), HasSubstr("path is not set"));
    EXPECT_FALSE(LogCollector::make(options(), metrics_, clock_, Bookmark{"log:app", "x"}));
}

TEST_F(LogCollectorTest, ReplayOfAMissingFileOrAFolderIsNoInput) {
    Recorder sink;
    const auto missing = replay(options(false), sink);
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().code, ErrorCode::no_input);
    EXPECT_THAT(missing.error().message, HasSubstr(path().string()));
    Options with = options(false);
    with.path = folder_.string();
    const auto folder = replay(with, sink);
    ASSERT_FALSE(folder.has_value());
    EXPECT_EQ(folder.error().code, ErrorCode::no_input);
}

TEST_F(LogCollectorTest, BinaryAndOversizeLinesAreKeptAndCounted) {
    std::string junk;
    std::mt19937 random{7};
    for (int i = 0; i < 300'000; ++i) junk += static_cast<char>(random());
    append(path(), junk + "\n" + std::string(1'000'000, 'x') + "\n{\"last\":1}\n");
    Options with = options(false);
    with.line_bytes = 1000;
    Recorder sink;
    ASSERT_TRUE(replay(with, sink).has_value());
    EXPECT_EQ(sink.lines.back(), "{\"last\":1}");
    EXPECT_EQ(sink.lines[sink.lines.size() - 2], std::string(1000, 'x'));
    EXPECT_GE(stats_.oversize, 1u);
    EXPECT_EQ(stats_.lines, stats_.parsed + stats_.unparsed + stats_.oversize + stats_.blank);
}

TEST_F(LogCollectorTest, FollowWaitsForTheFileTheFolderAndTheNewline) {
    Options with = options();
    with.path = (folder_ / "later" / "app.log").string();
    std::vector<std::string> states;
    with.on_state = [&](std::string_view state) { states.emplace_back(state); };
    auto running = follow(with);
    ASSERT_TRUE(running->until([&] { return running->sink.flushes.size() > 3; }));
    fs::create_directory(folder_ / "later");
    append(with.path, "one\ntw");
    ASSERT_TRUE(running->reaches(1));
    ASSERT_TRUE(running->until([&] { return running->sink.flushes.size() > 10; }));
    EXPECT_EQ(running->sink.lines.size(), 1u);
    append(with.path, "o\n");
    ASSERT_TRUE(running->reaches(2));
    EXPECT_THAT(running->sink.lines, ElementsAre("one", "two"));
    ASSERT_EQ(states.size(), 2u);
    EXPECT_THAT(states[0], HasSubstr("is missing"));
    EXPECT_THAT(states[1], HasSubstr("reading"));
}

TEST_F(LogCollectorTest, FollowFromTheEndSkipsWhatWasThereButNotANewFile) {
    append(path(), "old\n");
    Options with = options();
    with.start = "end";
    auto running = follow(with);
    ASSERT_TRUE(running->until([&] { return !running->sink.flushes.empty(); }));
    append(path(), "new\n");
    ASSERT_TRUE(running->reaches(1));
    fs::rename(path(), path("app.log.1"));
    append(path(), "newer\n");
    ASSERT_TRUE(running->reaches(2));
    EXPECT_THAT(running->sink.lines, ElementsAre("new", "newer"));
}

TEST_F(LogCollectorTest, AnUnreadableFileIsToldOnceAndReadWhenItCanBe) {
    if (::geteuid() == 0)
        fs::create_directory(path());  // root reads everything but a folder
    else {
        append(path(), "one\n");
        fs::permissions(path(), fs::perms::none);
    }
    Options with = options();
    std::vector<std::string> states;
    with.on_state = [&](std::string_view state) { states.emplace_back(state); };
    auto running = follow(with);
    ASSERT_TRUE(running->until([&] { return running->sink.flushes.size() > 10; }));
    EXPECT_EQ(states.size(), 1u);
    EXPECT_EQ(metrics_.log_open.with({"log:app"}).value(), 0);
    if (fs::is_directory(path())) {
        fs::remove(path());
        append(path(), "one\n");
    } else {
        fs::permissions(path(), fs::perms::owner_all);
    }
    ASSERT_TRUE(running->reaches(1));
    EXPECT_EQ(metrics_.log_open.with({"log:app"}).value(), 1);
}

TEST_F(LogCollectorTest, ARenamedFileIsDrainedThoughItsWriterGoesOn) {
    append(path(), "1\n");
    auto running = follow();
    ASSERT_TRUE(running->reaches(1));
    std::ofstream writer(path(), std::ios::app);
    fs::rename(path(), path("app.log.1"));
    append(path(), "4\n");
    writer << "2\n" << std::flush;
    ASSERT_TRUE(running->reaches(2));
    writer << "3\n" << std::flush;
    ASSERT_TRUE(running->reaches(4));
    EXPECT_THAT(running->sink.lines, ElementsAre("1", "2", "3", "4"));
    EXPECT_EQ(metrics_.log_rotations.with({"log:app", "rename"}).value(), 1);
}

TEST_F(LogCollectorTest, CopyTruncateStartsOverWhetherTheFileIsSmallerOrRegrown) {
    append(path(), "first\nsecond\n");
    auto running = follow();
    ASSERT_TRUE(running->reaches(2));
    fs::resize_file(path(), 0);
    append(path(), "3\n");
    ASSERT_TRUE(running->reaches(3));
    std::ofstream(path(), std::ios::trunc) << "a longer fourth line\n";
    ASSERT_TRUE(running->reaches(4));
    EXPECT_EQ(running->sink.lines.back(), "a longer fourth line");
    EXPECT_EQ(metrics_.log_rotations.with({"log:app", "truncate"}).value(), 2);
}

TEST_F(LogCollectorTest, AWriterThatGoesOnAtItsOldPlaceAfterATruncationLosesNothing) {
    std::ofstream writer(path());
    writer << "first\n" << std::flush;
    auto running = follow();
    ASSERT_TRUE(running->reaches(1));
    fs::resize_file(path(), 0);
    ASSERT_TRUE(running->until([&] { return running->collector->stats().truncations == 1; }));
    writer << "second\n" << std::flush;  // at byte 6, behind a hole of NUL bytes
    ASSERT_TRUE(running->reaches(2));
    EXPECT_EQ(running->sink.lines.back(), "second");
}

TEST_F(LogCollectorTest, AHundredRotationsLoseAndDoubleNothing) {
    std::mt19937 random{42};
    std::vector<std::string> written;
    const auto write = [&](std::ofstream& writer, unsigned most) {
        for (unsigned i = random() % (most + 1); i-- > 0;) {
            written.push_back("line " + std::to_string(written.size()));
            writer << written.back() << "\n" << std::flush;
        }
    };
    std::ofstream writer(path(), std::ios::app);
    write(writer, 5);
    auto running = follow();
    for (int rotation = 1; rotation <= 100; ++rotation) {
        for (auto i = random() % 12; i-- > 0;) context_.run_one();  // it falls behind at times
        write(writer, 5);
        for (int n = rotation; n > 1; --n)
            fs::rename(path("app.log." + std::to_string(n - 1)),
                       path("app.log." + std::to_string(n)));
        fs::rename(path(), path("app.log.1"));
        write(writer, 3);
        std::ofstream fresh(path(), std::ios::app);
        write(writer, 3);
        writer = std::move(fresh);
        write(writer, 2);
    }
    writer << "the end\n" << std::flush;
    written.push_back("the end");
    ASSERT_TRUE(running->reaches(written.size()));
    EXPECT_EQ(running->sink.lines, written);
}

TEST_F(LogCollectorTest, ReadingGoesOnFromEveryBookmarkEvenAfterARotation) {
    std::vector<std::string> written;
    auto running = follow();
    for (int i = 0; i < 40; ++i) {
        written.push_back("line " + std::to_string(i) +
                          std::string(static_cast<unsigned>(i) * 3, 'x'));
        append(path(), written.back() + "\n");
        ASSERT_TRUE(running->reaches(written.size()));
        if (i == 15) {
            fs::rename(path(), path("app.log.1"));
            append(path(), "");
        }
    }
    ASSERT_TRUE(running->until([&] { return running->sink.bookmarks().size() >= 40; }));
    const auto bookmarks = running->sink.bookmarks();
    running.reset();
    fs::rename(path("app.log.1"), path("app.log.2"));
    fs::rename(path(), path("app.log.1"));
    written.push_back("after");
    append(path(), "after\n");
    for (const auto& flush : bookmarks) {
        auto again = follow(flush.bookmark);
        ASSERT_TRUE(again->reaches(written.size() - flush.lines))
            << flush.lines << " " << flush.bookmark->state << " got " << again->sink.lines.size();
        EXPECT_TRUE(std::ranges::equal(again->sink.lines, std::span(written).subspan(flush.lines)));
    }
}

TEST_F(LogCollectorTest, ABookmarkInsideALineThatWasCutDoesNotRepeatIt) {
    Options with = options(false);
    with.line_bytes = 300;
    append(path(), "one\n" + std::string(900'000, 'x') + "\nthree\n");
    Recorder sink;
    ASSERT_TRUE(replay(with, sink).has_value());
    ASSERT_EQ(sink.lines.size(), 3u);
    ASSERT_GT(sink.bookmarks().size(), 1u);
    for (const auto& flush : sink.bookmarks()) {
        Recorder rest;
        ASSERT_TRUE(replay(with, rest, flush.bookmark).has_value());
        EXPECT_TRUE(std::ranges::equal(rest.lines, std::span(sink.lines).subspan(flush.lines)));
    }
}

TEST_F(LogCollectorTest, ADatedRotationIsFoundAndTheFilesBetweenAreRead) {
    append(path(), "1\n");
    auto running = follow();
    ASSERT_TRUE(running->reaches(1));
    const auto bookmark = running->sink.bookmarks().back().bookmark;
    running.reset();
    append(path(), "2\n");
    fs::rename(path(), path("app.log-20241126"));
    append(path("app.log-20241127"), "3\n");
    append(path("app.log-20241125"), "older\n");
    append(path("app.log-backup"), "no rotation\n");
    append(path(), "4\n");
    auto again = follow(bookmark);
    ASSERT_TRUE(again->reaches(3));
    EXPECT_THAT(again->sink.lines, ElementsAre("2", "3", "4"));
}

TEST_F(LogCollectorTest, AFileThatIsGoneIsCountedAndTheNewOneReadWhole) {
    append(path(), "1\n");
    auto running = follow();
    ASSERT_TRUE(running->reaches(1));
    const auto bookmark = running->sink.bookmarks().back().bookmark;
    running.reset();
    append(path("other"), "new\n");
    fs::rename(path("other"), path());
    auto again = follow(bookmark);
    ASSERT_TRUE(again->reaches(1));
    EXPECT_THAT(again->sink.lines, ElementsAre("new"));
    EXPECT_EQ(again->collector->stats().missed, 1u);
}

TEST_F(LogCollectorTest, ATruncationWhileWeWereDownIsSeenByTheFingerprint) {
    append(path(), "first\n");
    auto running = follow();
    ASSERT_TRUE(running->reaches(1));
    const auto bookmark = running->sink.bookmarks().back().bookmark;
    running.reset();
    std::ofstream(path(), std::ios::trunc) << "something else\n";
    auto again = follow(bookmark);
    ASSERT_TRUE(again->reaches(1));
    EXPECT_THAT(again->sink.lines, ElementsAre("something else"));
    EXPECT_EQ(again->collector->stats().truncations, 1u);
}

TEST_F(LogCollectorTest, TheYearAndTheFormatComeBackWithTheBookmark) {
    Options with = options();
    with.format = "auto";
    append(path(), "Dec 31 2022 23:59:58 h sshd[1]: x\n");
    auto running = follow(with);
    ASSERT_TRUE(running->reaches(1));
    const auto bookmark = running->sink.bookmarks().back().bookmark;
    EXPECT_THAT(bookmark->state, HasSubstr("\"format\":\"syslog\""));
    running.reset();
    append(path(), "Jan  1 07:00:00 h sshd[1]: x\n");
    auto again = follow(with, bookmark);
    ASSERT_TRUE(again->reaches(1));
    EXPECT_EQ(to_rfc3339(again->sink.events[0].time), "2023-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace kentongan::log
