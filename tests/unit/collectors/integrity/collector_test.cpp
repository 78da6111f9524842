#include "collectors/integrity/integrity_collector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "daemon/async/task_group.hpp"
#include "daemon/base/digest.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/collectors/integrity/scratch_folder.hpp"

namespace kentongan::integrity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

/// Remembers all events and the newest bookmark; calls `seen` after each flush.
class Recorder final : public EventSink {
  public:
    void emit(const Event& event) override { events.push_back(event); }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp watermark, std::optional<Bookmark> mark) override {
        EXPECT_GE(watermark, watermark_) << "watermarks never go back";
        for (std::size_t i = flushed_; i < events.size(); ++i) {
            EXPECT_GE(events[i].time, watermark_) << "no event is older than a watermark";
        }
        flushed_ = events.size();
        watermark_ = watermark;
        if (mark) bookmark = mark;
        if (seen) seen();
        co_return;
    }
    bool offer(Timestamp) override { return true; }

    /// "created a.php", in order.
    [[nodiscard]] std::vector<std::string> told(const ScratchFolder& folder) const {
        std::vector<std::string> out;
        for (const Event& event : events)
            out.push_back(std::string(event.text(Field::event_action)) + " " +
                          std::filesystem::path(event.text(Field::file_path))
                              .lexically_relative(folder.path())
                              .native());
        return out;
    }

    std::vector<Event> events;
    std::optional<Bookmark> bookmark;
    std::function<void()> seen;

  private:
    std::size_t flushed_ = 0;
    Timestamp watermark_{};
};

std::vector<std::string> values(const Event& event, Field field) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < event.size(); ++i)
        if (event.field_at(i) == field) out.push_back(event.value_at(i).to_string());
    return out;
}

class IntegrityCollectorTest : public testing::Test {
  protected:
    /// Runs a collector until `enough`, asked after each flush, then cancels it.
    Result<> run_until(std::function<bool()> enough) {
        boost::asio::thread_pool scan{2};
        IntegrityCollector collector{"web", options(), scan.get_executor(), clock, metrics};
        asio::io_context context{1};
        TaskGroup group{context.get_executor()};
        recorder.seen = [&] {
            if (enough()) group.cancel();
        };
        group.spawn("collector", collector.run(recorder));
        auto result = run_task(group.join(), context);
        scan.join();
        return result;
    }
    /// A start, one whole scan of what changed meanwhile, and the end.
    Result<> run_one_scan() {
        const double before = last_scan();
        clock.advance(std::chrono::minutes{1});
        return run_until([this, before] { return last_scan() > before; });
    }
    double last_scan() const { return metrics.fim_scan_last_success.with({"web"}).value(); }
    double errors(std::string_view reason) { return metrics.fim_errors.with({reason}).value(); }

    Options options() const {
        Options out = base;
        out.path = tree.path().native();
        out.baseline = state / "web.baseline";
        if (recorder.bookmark) out.bookmark = recorder.bookmark->state;
        return out;
    }

    ScratchFolder tree;
    ScratchFolder state;
    Options base{.path = {},
                 .exclude = {},
                 .kind = "webroot",
                 .baseline = {},
                 .bookmark = {},
                 .tick = std::chrono::milliseconds{5},
                 .settle = std::chrono::milliseconds{10}};
    ManualClock clock;
    Metrics metrics;
    Recorder recorder;
};

TEST_F(IntegrityCollectorTest, TheFirstScanMakesABaselineAndSaysNothing) {
    tree.write("index.html", "hello");
    tree.write("a/b.php", "<p>");
    ASSERT_TRUE(run_one_scan());
    EXPECT_THAT(recorder.events, IsEmpty());
    EXPECT_TRUE(std::filesystem::exists(state / "web.baseline"));
    EXPECT_EQ(metrics.fim_files_watched.with({"web"}).value(), 4);  // with two folders
    ASSERT_TRUE(recorder.bookmark);
    EXPECT_EQ(recorder.bookmark->source, "integrity:web");
}

TEST_F(IntegrityCollectorTest, TellsWhatChangedInOrderOfPathAndOnlyOnce) {
    tree.write("changed.php", "old");
    tree.write("gone/x.html", "x");
    tree.write("mode.sh", "#!/bin/sh");
    tree.write("same.css", "same");
    ASSERT_TRUE(run_one_scan());
    tree.write("changed.php", "newer");
    tree.write("added.php", "added");
    tree.remove("gone");
    tree.chmod("mode.sh", 04755);
    ASSERT_TRUE(run_one_scan());
    EXPECT_THAT(recorder.told(tree),
                ElementsAre("created added.php", "modified changed.php", "removed gone",
                            "removed gone/x.html", "attributes mode.sh"));
    ASSERT_TRUE(run_one_scan());
    EXPECT_EQ(recorder.events.size(), 5u);
}

TEST_F(IntegrityCollectorTest, AnEventHoldsTheFileAsItIsAndAsItWas) {
    tree.write("index.PHP", "old");
    tree.chmod("index.PHP", 0644);
    ASSERT_TRUE(run_one_scan());
    tree.write("index.PHP", "newer");
    tree.chmod("index.PHP", 0666);
    ASSERT_TRUE(run_one_scan());
    ASSERT_EQ(recorder.events.size(), 1u);
    const Event& event = recorder.events[0];
    EXPECT_EQ(event.kind, EventKind::file);
    EXPECT_EQ(event.origin.source, "integrity:web");
    EXPECT_EQ(event.origin.position, 1u);
    EXPECT_EQ(event.time, clock.now());
    EXPECT_EQ(event.text(Field::file_path), (tree / "index.PHP").native());
    EXPECT_EQ(event.text(Field::file_name), "index.PHP");
    EXPECT_EQ(event.text(Field::file_extension), "php");
    EXPECT_EQ(event.text(Field::file_tree), "webroot");
    EXPECT_EQ(event.text(Field::file_type), "file");
    EXPECT_EQ(event.integer(Field::file_size), 5);
    EXPECT_EQ(event.text(Field::file_mode), "0666");
    EXPECT_EQ(event.text(Field::file_hash_sha256), sha256_hex("newer"));
    EXPECT_EQ(event.text(Field::file_previous_hash), sha256_hex("old"));
    EXPECT_EQ(event.integer(Field::file_previous_size), 3);
    EXPECT_EQ(event.text(Field::file_previous_mode), "0644");
    EXPECT_THAT(values(event, Field::file_changes),
                IsSupersetOf({"content", "mode", "size", "mtime"}));
    EXPECT_TRUE(parse_rfc3339(event.text(Field::file_mtime)));
    EXPECT_FALSE(event.text(Field::file_owner).empty());
}

TEST_F(IntegrityCollectorTest, ContentChangedWithSizeAndMtimePutBackIsSeen) {
    tree.write("a", "aaaa");
    const auto time = std::filesystem::last_write_time(tree / "a");
    ASSERT_TRUE(run_one_scan());
    base.full_every = 1'000'000;
    tree.write("a", "bbbb");
    std::filesystem::last_write_time(tree / "a", time);
    ASSERT_TRUE(run_one_scan());
    ASSERT_EQ(recorder.events.size(), 1u);
    EXPECT_THAT(values(recorder.events[0], Field::file_changes), ElementsAre("content"));
}

TEST_F(IntegrityCollectorTest, LinksFifosAndExcludedFilesNeitherHangNorAreFollowed) {
    tree.write("log/access.log", "line");
    tree.write("cache/deep/x", "x");
    std::filesystem::create_symlink("/etc/passwd", tree / "link");
    std::filesystem::create_directory_symlink("/etc", tree / "etc");
    ASSERT_EQ(::mkfifo((tree / "fifo").c_str(), 0600), 0);
    base.exclude = {"*.log", "cache"};
    ASSERT_TRUE(run_one_scan());
    EXPECT_EQ(metrics.fim_files_watched.with({"web"}).value(), 5);
    tree.append("log/access.log", "more");
    tree.write("cache/deep/y", "y");
    tree.remove("link");
    std::filesystem::create_symlink("/etc/shadow", tree / "link");
    ASSERT_TRUE(run_one_scan());
    ASSERT_THAT(recorder.told(tree), ElementsAre("modified link"));
    EXPECT_EQ(recorder.events[0].text(Field::file_target_path), "/etc/shadow");
}

TEST_F(IntegrityCollectorTest, AFileDroppedWhileItRunsIsSeenWithoutWaitingForTheNextScan) {
    tree.write("index.html", "hello");
    bool dropped = false;
    const auto result = run_until([&] {
        if (!dropped && last_scan() > 0) {
            tree.write("upload/new/shell.php", "x");
            dropped = true;
        }
        return recorder.events.size() >= 3;
    });
    ASSERT_TRUE(result);
    EXPECT_THAT(recorder.told(tree), ElementsAre("created upload", "created upload/new",
                                                 "created upload/new/shell.php"));
}

TEST_F(IntegrityCollectorTest, AFolderMovedAwayWhileItRunsTakesItsFilesAlong) {
    tree.write("old/a/x", "x");
    tree.write("old/y", "y");
    bool moved = false;
    const auto result = run_until([&] {
        if (!moved && last_scan() > 0) {
            std::filesystem::rename(tree / "old", tree / "new");
            moved = true;
        }
        return recorder.events.size() >= 8;
    });
    ASSERT_TRUE(result);
    EXPECT_THAT(
        recorder.told(tree),
        UnorderedElementsAre("created new", "created new/a", "created new/a/x", "created new/y",
                             "removed old", "removed old/a", "removed old/a/x", "removed old/y"));
}

TEST_F(IntegrityCollectorTest, WhatTheStoreDidNotCommitIsToldAgainWithTheSameTimeAndPosition) {
    tree.write("a", "1");
    ASSERT_TRUE(run_one_scan());
    const auto committed = recorder.bookmark;
    tree.write("a", "22");
    tree.write("b", "3");
    ASSERT_TRUE(run_one_scan());
    ASSERT_EQ(recorder.events.size(), 2u);
    const auto first = recorder.events;

    recorder.events.clear();
    recorder = Recorder{};
    recorder.bookmark = committed;  // the crash came before the store's commit
    tree.write("c", "4");
    ASSERT_TRUE(run_one_scan());
    ASSERT_THAT(recorder.told(tree), ElementsAre("modified a", "created b", "created c"));
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(to_json(recorder.events[i]), to_json(first[i]));
    EXPECT_EQ(recorder.events[1].origin.position, 2u);
    EXPECT_EQ(recorder.events[2].origin.position, 3u);
}

TEST_F(IntegrityCollectorTest, ADamagedBaselineIsAnErrorAndStaysAsItIs) {
    tree.write("a", "1");
    ASSERT_TRUE(run_one_scan());
    state.write("web.baseline", "KFIMBASE but not really");
    const auto result = run_one_scan();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::data);
    EXPECT_THAT(result.error().message, HasSubstr((state / "web.baseline").native()));
    EXPECT_EQ(std::filesystem::file_size(state / "web.baseline"), 23u);
}

TEST_F(IntegrityCollectorTest, AMissingFolderIsAnErrorAtFirstAndAnEventLater) {
    tree.write("a", "1");
    std::filesystem::rename(tree / "a", state / "kept");
    ASSERT_TRUE(run_one_scan());
    std::filesystem::remove(tree.path());
    ASSERT_TRUE(run_one_scan());
    EXPECT_THAT(recorder.told(tree), ElementsAre("removed ."));

    recorder.bookmark.reset();
    state.remove("web.baseline");
    const auto result = run_one_scan();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::no_input);
    std::filesystem::create_directory(tree.path());
}

TEST_F(IntegrityCollectorTest, AFolderThatCannotBeReadHidesNothingAndIsCounted) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may read every folder";
    tree.write("secret/a", "1");
    ASSERT_TRUE(run_one_scan());
    tree.chmod("secret", 0);
    ASSERT_TRUE(run_one_scan());
    tree.chmod("secret", 0755);
    EXPECT_THAT(recorder.told(tree), ElementsAre("attributes secret"));
    EXPECT_GE(errors("permission"), 1);
}

TEST_F(IntegrityCollectorTest, MoreFilesThanAllowedAreCountedAndNotTakenForRemoved) {
    for (int i = 0; i < 20; ++i) tree.write("f" + std::to_string(i), "x");
    ASSERT_TRUE(run_one_scan());
    base.maximum_files = 10;
    ASSERT_TRUE(run_one_scan());
    EXPECT_THAT(recorder.events, IsEmpty());
    EXPECT_EQ(errors("too_many_files"), 1);
}

TEST_F(IntegrityCollectorTest, OnceTellsEveryRegularFileInTheOrderOfTheirTimes) {
    base.once = true;
    tree.write("b/young.jpg", "1");
    tree.write("a-old.jpg", "2");
    std::filesystem::create_symlink("/etc/passwd", tree / "link");
    const auto young = std::filesystem::last_write_time(tree / "b/young.jpg");
    std::filesystem::last_write_time(tree / "a-old.jpg", young + std::chrono::hours{1});
    ASSERT_TRUE(run_until([] { return false; }));
    EXPECT_THAT(recorder.told(tree), ElementsAre("created b/young.jpg", "created a-old.jpg"));
    EXPECT_EQ(recorder.events[0].origin.position, 2u);
    EXPECT_EQ(recorder.events[1].origin.position, 1u);
    EXPECT_EQ(to_rfc3339(recorder.events[1].time, 9), recorder.events[1].text(Field::file_mtime));
    EXPECT_EQ(recorder.events[0].text(Field::file_hash_sha256), sha256_hex("1"));
    EXPECT_FALSE(std::filesystem::exists(state / "web.baseline"));
}

TEST_F(IntegrityCollectorTest, ABaselineThatCannotBeWrittenIsAnError) {
    tree.write("a", "1");
    std::filesystem::remove(state.path());
    const auto result = run_one_scan();
    std::filesystem::create_directory(state.path());
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("web.baseline"));
}

}  // namespace
}  // namespace kentongan::integrity
