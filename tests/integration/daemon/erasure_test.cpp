// Crypto-shredding: what was erased is nowhere in the files of the state, and the history verifies.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "tests/integration/daemon/probe_rules.hpp"
#include "tests/integration/daemon/probed_host.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNik = "3171014509900007";
constexpr std::string_view kName = "Sitimaryamah";

/// The files of the state that hold one of them.
std::string found_in(const std::string& folder) {
    std::string out;
    for (const auto& file : fs::recursive_directory_iterator{folder}) {
        if (!file.is_regular_file()) continue;
        const auto content = read_file(file.path());
        if (content && (content->contains(kNik) || content->contains(kName) ||
                        content->contains("sitimaryamah")))
            out += file.path().filename().native() + " ";
    }
    return out;
}

TEST(Erasure, LeavesNothingOfAPersonInTheFilesAndAHistoryThatVerifies) {
    ProbedHost host{71};
    std::string settings = *read_file(host.daemon.config());
    settings.replace(settings.find("[alerts]\n"), 9, "[alerts]\nmerge_seconds = 1\n");
    host.daemon.write("kentongan.toml", settings);
    host.agencies.down("bssn");  // its messages wait
    host.daemon.start();
    ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
    const auto run = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), KENTONGAN_COMMAND);
        arguments.insert(arguments.end(), {"--config", host.daemon.config()});
        const auto log = host.daemon.path("command.log");
        fs::remove(log);
        return *run_program(arguments, log, 600);
    };
    host.daemon.append(
        "logs/distinct.log",
        access_line("203.0.113.9", fmt::format("probe=1&nik={}&nama={}", kNik, kName)));
    std::string id;
    ASSERT_TRUE(eventually([&] {
        const auto page = host.daemon.get(fmt::format("/api/v1/alerts?rule={}", kProbeRule));
        if (!page || page->status != 200) return false;
        const auto alerts = boost::json::parse(page->body).at("alerts").as_array();
        if (alerts.empty()) return false;
        id = alerts[0].at("event").at("id").as_string();
        return true;
    })) << host.daemon.log();
    ASSERT_EQ(run({"alerts", "comment", id, "--text", "it was " + std::string(kName)}).status, 0);
    EXPECT_NE(found_in(host.daemon.state()), "") << "it was never there";
    const std::vector<std::string> erase{"evidence", "erase", "alert:" + id, "--ground",
                                         "UU 27/2022 art. 16"};
    // Other lines take time on, so that the alert is closed.
    std::string last;
    ASSERT_TRUE(eventually([&] {
        host.distinct.append(1);
        const auto ended = run(erase);
        last = ended.output;
        return ended.status == 0;
    })) << last;
    ASSERT_EQ(host.daemon.stop(), 0);
    EXPECT_EQ(found_in(host.daemon.state()), "");
    const auto verified = run({"evidence", "verify"});
    EXPECT_EQ(verified.status, 0) << verified.output;
    EXPECT_TRUE(verified.output.contains("erased: 1")) << verified.output;
}

}  // namespace
}  // namespace kentongan
