// kill -9 at any moment: what the store acknowledged is there once, and every line was read.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/integration/daemon/probed_host.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

/// 50 in an ordinary test run; KENTONGAN_KILLS=1000 by hand.
int kills() {
    const char* wanted = std::getenv("KENTONGAN_KILLS");
    return wanted == nullptr ? 50 : std::atoi(wanted);
}

void let_run(std::int64_t milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds{milliseconds});
}

void print_figures(const ProbedHost& host) {
    std::size_t repeated = 0;
    for (const auto& name : AgenciesUnderTest::names())
        repeated += host.agencies.accepted(name).size() - host.agencies.distinct(name);
    fmt::print(
        "{} kills, {} rotations, {} lines, {} alerts seen by the API, {} messages repeated\n",
        kills(), host.distinct.rotations() + host.repeated.rotations(),
        host.distinct.written() + host.repeated.written(), host.seen_by_api(), repeated);
}

/// Whether history and database of the killed daemon agree, to the last entry.
void expect_history_verifies(const ProbedHost& host) {
    const auto log = host.daemon.path("verify.log");
    std::filesystem::remove(log);
    const auto ended = run_program(
        {KENTONGAN_COMMAND, "evidence", "verify", "--config", host.daemon.config()}, log, 600);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 0) << ended->output;
}

TEST(KillNine, EveryAcknowledgedAlertIsThereOnceAndEveryLineWasRead) {
    ProbedHost host{2024};
    generate::Random random{9};
    int verified = 0;
    host.start_load();
    for (int i = 0; i < kills(); ++i) {
        // One agency comes and goes, in the middle of a message as well as between two.
        if (i % 3 == 1) host.agencies.down("bssn");
        if (i % 3 == 2) host.agencies.up("bssn");
        host.daemon.start();
        // Some die while they start, the others at a random moment of their work.
        if (random.chance(0.25)) {
            let_run(random.between(0, 400));
        } else {
            const auto before = host.agencies.alerts("kpu");
            ASSERT_TRUE(eventually([&] { return host.agencies.alerts("kpu") > before; }))
                << host.daemon.log();
            let_run(random.between(0, 700));
        }
        ASSERT_TRUE(host.daemon.running()) << host.daemon.log();
        host.daemon.kill();
        if (std::filesystem::exists(host.daemon.state() + "/ledger/checkpoint")) {
            expect_history_verifies(host);
            ++verified;
        }
        if (HasFailure()) return;
    }
    if (kills() % 3 == 2) host.agencies.up("bssn");
    host.daemon.start();
    ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
    host.stop_load();
    // Whatever is missing by then is lost; which line it was is told below.
    EXPECT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();

    host.expect_each_line_once();
    expect_history_verifies(host);
    EXPECT_GT(verified, kills() / 2);
    EXPECT_GT(host.seen_by_api(), 0u);
    print_figures(host);
}

TEST(Restart, UnderLoadEndsWithZeroAndNothingIsLostOrDoubled) {
    ProbedHost host{2029};
    generate::Random random{10};
    host.start_load();
    for (int i = 0; i < 4; ++i) {
        host.daemon.start();
        const auto before = host.agencies.alerts("kpu");
        ASSERT_TRUE(eventually([&] { return host.agencies.alerts("kpu") > before; }))
            << host.daemon.log();
        let_run(random.between(0, 500));
        ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    }
    host.stop_load();
    host.daemon.start();
    EXPECT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    host.expect_each_line_once();
}

}  // namespace
}  // namespace kentongan
