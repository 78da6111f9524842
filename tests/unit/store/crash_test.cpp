// Real processes that die, and real limits of space.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sched.h>
#include <csignal>
#include <fstream>
#include <random>

#include "daemon/base/file.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using Store = SqliteAlertStore;

int size_of_batch(int batch) { return 1 + batch * 7 % 23; }
int alert_number(int batch, int index) { return batch * 100 + index; }

AlertBatch make_batch(int batch) {
    AlertBatch out;
    for (int i = 0; i < size_of_batch(batch); ++i)
        out.alerts.push_back({make_alert({.number = alert_number(batch, i)}),
                              {{"kpu", "alert.created", std::string(2000, 'x')}}});
    out.bookmarks["batch"] = std::to_string(batch);
    return out;
}

/// Runs `body` in a process of its own; what it writes to the descriptor is read here.
template <class Body>
std::pair<pid_t, FileDescriptor> in_a_child(Body body) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork");
    if (child == 0) {
        ::close(ends[0]);
        body(ends[1]);
        ::_exit(0);
    }
    ::close(ends[1]);
    return {child, FileDescriptor{ends[0]}};
}

void commit_for_ever(const std::string& path, int batch, int acknowledge) {
    auto store = Store::open(path, Store::Mode::read_write);
    if (!store) return;
    for (;; ++batch) {
        if (!(*store)->commit(make_batch(batch))) return;
        if (::write(acknowledge, &batch, sizeof batch) != sizeof batch) return;
    }
}

/// The newest batch that was acknowledged before the child was killed.
int kill_at_a_random_moment(const std::string& path, int first, std::mt19937& random) {
    const auto [child, pipe] = in_a_child([&](int out) { commit_for_ever(path, first, out); });
    int last = first - 1;
    for (int wanted = std::uniform_int_distribution{0, 12}(random); wanted > 0; --wanted)
        if (::read(pipe.value(), &last, sizeof last) <= 0) break;
    const int spins = std::uniform_int_distribution{0, 3'000'000}(random);
    for (volatile int i = 0; i < spins; i = i + 1) {
    }
    ::kill(child, SIGKILL);
    while (::read(pipe.value(), &last, sizeof last) > 0) {
    }
    ::waitpid(child, nullptr, 0);
    return last;
}

TEST(StoreCrash, WhatWasAcknowledgedIsThereOnceAndWholeAfterAKill) {
    const TemporaryFolder folder;
    const std::string path = folder / "alerts.db";
    std::mt19937 random{2024};
    int next = 1;
    for (int round = 0; round < 20; ++round) {
        const int acknowledged = kill_at_a_random_moment(path, next, random);
        auto store = Store::open(path, Store::Mode::read_write);
        ASSERT_TRUE(store) << store.error().message;
        std::uint64_t expected = 0;
        for (int batch = 1;; ++batch) {
            int found = 0;
            for (int i = 0; i < size_of_batch(batch); ++i)
                found += (*store)
                             ->get(make_alert({.number = alert_number(batch, i)}).id)
                             .value()
                             .has_value();
            if (found == 0 && batch > acknowledged) {
                next = batch;
                break;
            }
            ASSERT_EQ(found, size_of_batch(batch)) << "batch " << batch << " in round " << round;
            expected += static_cast<unsigned>(found);
        }
        EXPECT_LE(next, acknowledged + 2) << "at most one commit was under way";
        EXPECT_EQ((*store)->count(), expected);
        EXPECT_EQ((*store)->pending("kpu", 1'000'000)->size(), expected);
        const auto marks = (*store)->bookmarks().value();
        if (next > 1) EXPECT_EQ(marks.at("batch"), std::to_string(next - 1));
    }
    EXPECT_GT(next, 20);
}

/// Commits until there is no room, makes room, and goes on. Empty when all was well.
template <class MakeRoom>
std::string fill_and_go_on(const std::string& path, MakeRoom make_room) {
    auto opened = Store::open(path, Store::Mode::read_write);
    if (!opened) return opened.error().message;
    Store& store = **opened;
    std::uint64_t written = 0;
    int batch = 1;
    Result<> committed;
    for (; batch < 5000 && committed; ++batch) {
        committed = store.commit(make_batch(batch));
        if (committed) written += static_cast<unsigned>(size_of_batch(batch));
    }
    if (committed) return "it never filled up";
    if (committed.error().code != ErrorCode::io ||
        !committed.error().message.ends_with("disk is full"))
        return "unclear: " + committed.error().message;
    if (store.count() != written || store.pending("kpu", 1'000'000)->size() != written)
        return "a part of the batch stayed";
    make_room();
    committed = store.commit(make_batch(batch - 1));
    if (!committed) return "after making room: " + committed.error().message;
    written += static_cast<unsigned>(size_of_batch(batch - 1));
    opened->reset();
    opened = Store::open(path, Store::Mode::read_write);
    if (!opened) return "reopened: " + opened.error().message;
    return (*opened)->count() == written ? "" : "after reopening alerts are missing";
}

/// What the child told, and whether it could do the test at all.
std::string told_by(const std::pair<pid_t, FileDescriptor>& child) {
    std::string out;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(child.second.value(), buffer, sizeof buffer)) > 0;)
        out.append(buffer, static_cast<std::size_t>(n));
    int status = 0;
    ::waitpid(child.first, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? out : "the child died: " + out;
}
void tell(int out, const std::string& text) { (void)!::write(out, text.data(), text.size()); }

TEST(StoreCrash, AFullFileSystemIsReportedAndLeftBehind) {
    const TemporaryFolder folder;
    const auto child = in_a_child([&](int out) {
        // A file system of its own, seen by this process only.
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("kentongan", folder.name().c_str(), "tmpfs", 0, "size=6m") != 0)
            return tell(out, "skip");
        std::ofstream(folder / "filler") << std::string(3 << 20, 'x');
        tell(out,
             fill_and_go_on(folder / "alerts.db", [&] { ::unlink((folder / "filler").c_str()); }));
    });
    const std::string told = told_by(child);
    if (told == "skip") GTEST_SKIP() << "mounting a tmpfs needs CAP_SYS_ADMIN";
    EXPECT_EQ(told, "");
}

TEST(StoreCrash, AFileSizeLimitIsReportedAndLeftBehind) {
    const TemporaryFolder folder;
    const auto child = in_a_child([&](int out) {
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const auto lift = [limit] { ::setrlimit(RLIMIT_FSIZE, &limit); };
        const rlimit small{.rlim_cur = 2 << 20, .rlim_max = limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        tell(out, fill_and_go_on(folder / "alerts.db", lift));
    });
    EXPECT_EQ(told_by(child), "");
}

}  // namespace
}  // namespace kentongan
