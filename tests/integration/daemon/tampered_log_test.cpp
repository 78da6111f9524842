// A log that is emptied raises the alert of our own rules; one that is rotated raises none.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;

TEST(TamperedLog, IsAnAlertWhenEmptiedAndNoneWhenRotated) {
    DaemonUnderTest daemon{KENTONGAN_DAEMON};
    const auto log = daemon.path("logs/app.log");
    for (const auto* file :
         {"sigma/host/kentongan_log_truncated.yml", "sigma/host/kentongan_log_rewritten.yml",
          "sigma/host/kentongan_log_removed.yml", "routing/routing.toml"})
        daemon.write(std::string("rules/") + file,
                     read_file(project_root() / "rules" / file).value());
    daemon.write("logs/app.log", "{\"a\":1}\n{\"a\":2}\n");
    daemon.configure(fmt::format("[log.app]\npath = \"{}\"\nformat = \"json\"\n", log));
    daemon.start();
    const auto lines = [&](double count) {
        return eventually([&] {
            return daemon.metric(
                       "kentongan_log_lines_total{result=\"parsed\",source=\"log:app\"}") == count;
        });
    };
    ASSERT_TRUE(lines(2)) << daemon.log();
    fs::rename(log, log + ".1");
    daemon.write("logs/app.log", "{\"a\":3}\n");
    ASSERT_TRUE(lines(3)) << daemon.log();
    fs::resize_file(log, 0);
    const auto alerts = [&] {
        const auto answer = daemon.get("/api/v1/alerts");
        return answer ? answer->body : std::string{};
    };
    ASSERT_TRUE(eventually([&] {
        return alerts().find("log-truncated") != std::string::npos ||
               alerts().find("was truncated") != std::string::npos;
    })) << daemon.log()
        << alerts();
    EXPECT_EQ(daemon.metric("kentongan_log_notices_total{source=\"log:app\"}"), 1);
    EXPECT_EQ(daemon.stop(), 0);
}

}  // namespace
}  // namespace kentongan
