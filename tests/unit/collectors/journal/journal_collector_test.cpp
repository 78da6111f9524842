// Journals are written by systemd-journal-remote, which turns the export format into files.
#include "collectors/journal/journal_collector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "collectors/journal/systemd_journal.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/drill/child.hpp"
#include "daemon/metrics/metrics.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::journal {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kWriter = "/lib/systemd/systemd-journal-remote";

class Sink final : public EventSink {
  public:
    void emit(const Event& event) override { events.push_back(event); }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp, std::optional<Bookmark> given) override {
        if (given) bookmark = std::move(given);
        co_return;
    }
    bool offer(Timestamp) override { return true; }
    std::vector<std::string> messages() const {
        std::vector<std::string> out;
        for (const auto& event : events) out.emplace_back(event.text(Field::message));
        return out;
    }
    std::vector<Event> events;
    std::optional<Bookmark> bookmark;
};

class JournalTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!fs::exists(kWriter)) GTEST_SKIP() << kWriter << " is not installed";
    }
    /// Adds entries of a unit and an identifier to the journal, a second apart.
    void write(int count, const std::string& unit = "ssh.service",
               const std::string& identifier = "sshd") {
        std::ofstream file(folder_ / "export", std::ios::trunc);
        for (int i = 0; i < count; ++i, ++written_)
            file << fmt::format(
                "__REALTIME_TIMESTAMP={}\n__MONOTONIC_TIMESTAMP={}\n"
                "_BOOT_ID=0123456789abcdef0123456789abcdef\nMESSAGE=entry {}\n"
                "SYSLOG_IDENTIFIER={}\n_SYSTEMD_UNIT={}\n_PID=77\n_HOSTNAME=srv\nPRIORITY=6\n\n",
                1'732'699'865'000'000 + written_ * 1'000'000L, 1000 + written_, written_,
                identifier, unit);
        file.close();
        fs::remove(folder_ / "log");
        const auto ended =
            run_program({kWriter, "--output=" + path(), folder_ / "export"}, folder_ / "log", 30);
        ASSERT_TRUE(ended && ended->status == 0) << (ended ? ended->output : ended.error().message);
    }
    std::string path() const { return folder_ / "system.journal"; }
    Options options(bool follow = false) const {
        Options out;
        out.name = "test";
        out.path = path();
        out.follow = follow;
        out.poll = std::chrono::milliseconds{1};
        return out;
    }
    Result<> replay(const Options& with, Sink& sink, std::optional<Bookmark> from = std::nullopt) {
        auto collector = JournalCollector::make(with, metrics_, clock_, std::move(from)).value();
        auto result = run_task(collector->run(sink));
        stats_ = collector->stats();
        return result;
    }
    TemporaryFolder folder_;
    Metrics metrics_;
    ManualClock clock_;
    log::Stats stats_;
    int written_ = 0;
};

TEST_F(JournalTest, EveryEntryIsAnEventWithItsTimeAndUnit) {
    write(3);
    Sink sink;
    ASSERT_TRUE(replay(options(), sink));
    EXPECT_THAT(sink.messages(), ElementsAre("entry 0", "entry 1", "entry 2"));
    const Event& event = sink.events[1];
    EXPECT_EQ(to_rfc3339(event.time), "2024-11-27T09:31:06.000Z");
    EXPECT_EQ(event.origin.source, "journal:test");
    EXPECT_EQ(event.origin.position, 1'732'699'866'000'000u);
    EXPECT_THAT(std::string(event.raw()), HasSubstr("sshd[77]: entry 1"));
    EXPECT_EQ(stats_.lines, 3u);
    EXPECT_TRUE(is_journal(path()));
    EXPECT_TRUE(is_journal(folder_ / ""));
    EXPECT_FALSE(is_journal(folder_ / "export"));
}

TEST_F(JournalTest, TheCursorOfTheBookmarkIsWhereReadingGoesOn) {
    write(600);
    Sink sink;
    ASSERT_TRUE(replay(options(), sink));
    ASSERT_EQ(sink.events.size(), 600u);
    ASSERT_TRUE(sink.bookmark);
    Sink nothing;
    ASSERT_TRUE(replay(options(), nothing, sink.bookmark));
    EXPECT_TRUE(nothing.events.empty());
    write(2);
    Sink rest;
    ASSERT_TRUE(replay(options(), rest, sink.bookmark));
    EXPECT_THAT(rest.messages(), ElementsAre("entry 600", "entry 601"));
    EXPECT_EQ(stats_.missed, 0u);
}

TEST_F(JournalTest, AJournalThatWasVacuumedIsReadOnFromWhatIsLeftAndCounted) {
    write(3);
    Sink sink;
    ASSERT_TRUE(replay(options(), sink));
    fs::remove(path());
    write(2);
    Sink rest;
    ASSERT_TRUE(replay(options(), rest, sink.bookmark));
    EXPECT_THAT(rest.messages(), ElementsAre("entry 3", "entry 4"));
    EXPECT_EQ(stats_.missed, 1u);
}

TEST_F(JournalTest, UnitsAndIdentifiersChoose) {
    write(1, "ssh.service", "sshd");
    write(1, "nginx.service", "nginx");
    write(1, "user@1.service", "sudo");
    Options with = options();
    with.units = {"ssh.service"};
    Sink ssh;
    ASSERT_TRUE(replay(with, ssh));
    EXPECT_THAT(ssh.messages(), ElementsAre("entry 0"));
    with.identifiers = {"sudo"};
    Sink either;
    ASSERT_TRUE(replay(with, either));
    EXPECT_THAT(either.messages(), ElementsAre("entry 0", "entry 2"));
}

TEST_F(JournalTest, FollowingTakesWhatIsAddedAndFromTheEndOnlyThat) {
    write(2);
    Options with = options(true);
    with.start = "end";
    asio::io_context context{1};
    Sink sink;
    auto collector = JournalCollector::make(with, metrics_, clock_).value();
    TaskGroup group{context.get_executor()};
    group.spawn("journal", collector->run(sink));
    for (int i = 0; i < 20; ++i) context.run_one();
    write(2);
    for (int i = 0; i < 100'000 && sink.events.size() < 2; ++i) context.run_one();
    EXPECT_THAT(sink.messages(), ElementsAre("entry 2", "entry 3"));
    group.cancel();
    while (group.running() > 0) context.run_one();
}

TEST_F(JournalTest, WhatCannotBeOpenedIsAnErrorInReplayAndToldOnceWhenFollowed) {
    Sink sink;
    const auto missing = replay(options(), sink);
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr(path()));
    Options with = options(true);
    std::vector<std::string> states;
    with.on_state = [&](std::string_view state) { states.emplace_back(state); };
    asio::io_context context{1};
    auto collector = JournalCollector::make(with, metrics_, clock_).value();
    TaskGroup group{context.get_executor()};
    group.spawn("journal", collector->run(sink));
    for (int i = 0; i < 20; ++i) context.run_one();
    EXPECT_EQ(states.size(), 1u);
    write(1);
    for (int i = 0; i < 100'000 && sink.events.empty(); ++i) context.run_one();
    EXPECT_EQ(sink.events.size(), 1u);
    group.cancel();
    while (group.running() > 0) context.run_one();
}

TEST_F(JournalTest, WrongOptionsAndBookmarksAreRefused) {
    Options with = options();
    with.start = "middle";
    EXPECT_FALSE(JournalCollector::make(with, metrics_, clock_));
    EXPECT_FALSE(JournalCollector::make(options(), metrics_, clock_, Bookmark{"", "{}"}));
    EXPECT_FALSE(JournalCollector::make(options(), metrics_, clock_, Bookmark{"", "x"}));
}

}  // namespace
}  // namespace kentongan::journal
