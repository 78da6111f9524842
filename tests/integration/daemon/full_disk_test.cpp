// A full disk is a state, not a crash: said clearly, nothing acknowledged is lost, and it goes on
// by itself once there is room.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>

#include "tests/integration/daemon/probe_rules.hpp"
#include "tests/integration/daemon/probed_host.hpp"
#include "tests/integration/daemon/small_disk.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

constexpr const char* kNoMount = "mounting a tmpfs is not allowed here (it needs CAP_SYS_ADMIN)";

/// Fifty alerts, then the disk fills and fifty lines more come, then there is room again.
/// `reason` is what readiness has to give.
void live_through(ProbedHost& host, std::string_view reason, const std::function<void()>& fill,
                  const std::function<void()>& free) {
    host.daemon.start();
    host.distinct.append(50);
    ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    fill();
    host.distinct.append(50);
    std::string why;
    ASSERT_TRUE(eventually([&] { return !host.daemon.ready(&why) && why.contains(reason); }))
        << why << host.daemon.log();
    EXPECT_EQ(host.daemon.metric("kentongan_store_failing"), 1.0);
    EXPECT_EQ(host.agencies.alerts("kpu"), 50u) << "told of what is not stored";
    const auto page = host.daemon.get("/api/v1/alerts?limit=1000");
    ASSERT_TRUE(page && page->status == 200);
    ASSERT_TRUE(host.daemon.running());

    free();
    ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
    ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    EXPECT_EQ(host.daemon.metric("kentongan_store_failing"), 0.0);
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    host.expect_each_line_once();
}

TEST(FullDisk, IsAStateThatEndsByItself) {
    const SmallDisk disk{32};  // room for the log of the database, which is copied at 16 MiB
    if (!disk.mounted()) GTEST_SKIP() << kNoMount;
    ProbedHost host{51, disk.path() + "/state"};
    live_through(host, "disk is full", [&] { disk.fill(); }, [&] { disk.free(); });
}

TEST(FullDisk, LimitOnTheSizeOfFilesIsNoDifferent) {
    ProbedHost host{52};
    const auto limit = [&](rlim_t bytes) {
        const rlimit wanted{bytes, RLIM_INFINITY};
        ASSERT_EQ(::prlimit(host.daemon.pid(), RLIMIT_FSIZE, &wanted, nullptr), 0);
    };
    live_through(
        host, "File too large",
        [&] { limit(std::filesystem::file_size(host.daemon.state() + "/alerts.db-wal")); },
        [&] { limit(RLIM_INFINITY); });
}

TEST(FullDisk, WhileItIsFullTheDaemonCanBeKilledAndNothingAcknowledgedIsLost) {
    const SmallDisk disk{32};  // room for the log of the database, which is copied at 16 MiB
    if (!disk.mounted()) GTEST_SKIP() << kNoMount;
    ProbedHost host{53, disk.path() + "/state"};
    host.daemon.start();
    host.distinct.append(50);
    ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    disk.fill();
    host.distinct.append(50);
    ASSERT_TRUE(eventually([&] { return !host.daemon.ready(); })) << host.daemon.log();
    host.daemon.kill();
    disk.free();
    host.daemon.start();
    ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    host.expect_each_line_once();
}

TEST(FullDisk, AtTheStartEndsWith74AndNamesTheFile) {
    const SmallDisk disk{1};
    if (!disk.mounted()) GTEST_SKIP() << kNoMount;
    DaemonUnderTest daemon{KENTONGAN_DAEMON};
    daemon.write("rules/sigma/probe.yml", probe_rule(kProbeRule, "probe", "medium"));
    daemon.write("rules/routing/routing.toml", kProbeRouting);
    daemon.set_state(disk.path());
    daemon.configure("[log.access]\npath = \"" + daemon.path("access.log") + "\"\n");
    disk.fill();
    const auto ended = daemon.run_to_end();
    EXPECT_EQ(ended.status, 74) << ended.output;
    EXPECT_TRUE(ended.output.contains("alerts.db: disk is full")) << ended.output;
}

}  // namespace
}  // namespace kentongan
