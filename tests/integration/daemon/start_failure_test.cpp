// What cannot work ends the start with one clear line and the exit status of the contract.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "tests/integration/daemon/probe_rules.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

class Start : public testing::Test {
  protected:
    Start() {
        prepare(daemon);
        daemon.configure(access_log());
    }

    static void prepare(const DaemonUnderTest& one) {
        one.write("rules/sigma/probe.yml", probe_rule(kProbeRule, "probe", "medium"));
        one.write("rules/routing/routing.toml", kProbeRouting);
    }
    std::string access_log() const {
        return fmt::format("[log.access]\npath = \"{}\"\nformat = \"nginx\"\n",
                           daemon.path("logs/access.log"));
    }

    /// The one line of a start that failed; its status is checked here.
    static std::string line_of(const Ended& ended, int status) {
        EXPECT_EQ(ended.status, status) << ended.output;
        std::vector<std::string> lines;
        std::string_view rest = ended.output;
        while (!rest.empty()) {
            const std::string line(take_until(rest, '\n'));
            if (line.starts_with("kentongand: ")) lines.push_back(line);
        }
        EXPECT_EQ(lines.size(), 1u) << ended.output;
        EXPECT_TRUE(!lines.empty() && ended.output.ends_with(lines.back() + "\n")) << ended.output;
        return lines.empty() ? "" : lines.back();
    }

    void expect_failure(int status, std::initializer_list<std::string_view> parts) {
        expect_failure(daemon, status, parts);
    }
    static void expect_failure(const DaemonUnderTest& one, int status,
                               std::initializer_list<std::string_view> parts) {
        const auto line = line_of(one.run_to_end(), status);
        for (const auto part : parts) EXPECT_TRUE(line.contains(part)) << part << " in: " << line;
    }

    std::size_t alerts() const {
        return static_cast<std::size_t>(daemon.metric("kentongan_alerts_total").value_or(0));
    }

    DaemonUnderTest daemon{KENTONGAN_DAEMON};
};

TEST_F(Start, SettingsWithATypoEndWith78AndTheKeyThatWasMeant) {
    daemon.configure(access_log() + "formt = \"nginx\"\n");
    expect_failure(78, {"kentongan.toml:16", "log.access.formt", "did you mean format?"});
}

TEST_F(Start, MissingSettingsFileEndsWith66) {
    std::filesystem::remove(daemon.config());
    expect_failure(66, {daemon.config(), "No such file"});
}

TEST_F(Start, SettingsWithoutASourceEndWith78) {
    daemon.configure("");
    expect_failure(78, {"kentongan.toml", "names no source", "add a"});
}

TEST_F(Start, YaraRuleWithAnErrorEndsWith65AndFileAndLine) {
    daemon.write("rules/yara/broken.yar", "rule broken {\n  condition:\n    nonsense\n}\n");
    expect_failure(65, {"rules/yara/broken.yar", "line 3"});
}

TEST_F(Start, SigmaRuleWithAnErrorEndsWith65AndFileAndLine) {
    daemon.write("rules/sigma/broken.yml", "title: Broken\ndetection: [\n");
    expect_failure(65, {"rules/sigma/broken.yml", "line "});
}

TEST_F(Start, MissingRulesEndWith66) {
    std::filesystem::remove_all(daemon.path("rules"));
    expect_failure(66, {daemon.path("rules"), "No such file"});
}

TEST_F(Start, PortInUseEndsWith69AndNamesIt) {
    const FileDescriptor taken{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(daemon.port());
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(taken.value(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(taken.value(), 1), 0);
    expect_failure(69, {fmt::format("127.0.0.1:{}", daemon.port()), "another port"});
}

TEST_F(Start, MissingInterfaceEndsWith66AndNamesIt) {
    daemon.configure(access_log() + "[packet.ghost]\ninterface = \"kentongan-none\"\n");
    // Without the right to capture at all, that is what is told.
    expect_failure(::geteuid() == 0 ? 66 : 77, {"packet:ghost", "kentongan-none"});
}

TEST_F(Start, AnExercisesDatabaseIsNotForRealDutyNorTheOtherWayRound) {
    const std::string exercise = "conf.d/exercise.toml";
    for (const bool first : {true, false}) {
        daemon.set_state(daemon.path(first ? "exercise" : "real"));
        const auto set = [&](bool is_exercise) {
            daemon.write(exercise, is_exercise ? "[daemon]\nexercise = true\n" : "# real duty\n");
        };
        daemon.configure(access_log());
        set(first);
        daemon.start();
        ASSERT_TRUE(eventually([&] { return daemon.ready(); })) << daemon.log();
        EXPECT_EQ(daemon.stop(), 0) << daemon.log();
        set(!first);
        expect_failure(78, {daemon.state() + "/alerts.db",
                            first ? "holds an exercise" : "real alerts", "daemon.state_directory"});
    }
}

TEST_F(Start, DatabaseOfAnotherDaemonEndsWith69AndLeavesThatOneAlone) {
    daemon.start();
    ASSERT_TRUE(eventually([&] { return daemon.ready(); })) << daemon.log();
    DaemonUnderTest second{KENTONGAN_DAEMON};
    prepare(second);
    second.set_state(daemon.state());
    second.configure(access_log());
    expect_failure(second, 69, {daemon.state() + "/alerts.db", "in use", "store.path"});
    EXPECT_TRUE(daemon.ready());
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
}

TEST_F(Start, DamagedDatabaseEndsWith65AndSaysWhatToDo) {
    daemon.write("state/alerts.db", std::string(8192, 'x'));
    expect_failure(65, {"alerts.db", "damaged", "keep it as evidence"});
}

TEST_F(Start, MissingLogFolderIsWaitedFor) {
    daemon.start();
    ASSERT_TRUE(eventually([&] { return daemon.ready(); })) << daemon.log();
    EXPECT_TRUE(daemon.log().contains("logs/access.log is missing; waiting for it"))
        << daemon.log();
    daemon.append("logs/access.log", access_line("192.0.2.1", "probe=1"));
    EXPECT_TRUE(eventually([&] { return alerts() == 1; })) << daemon.log();
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
}

TEST_F(Start, UnreadableLogFolderIsWaitedFor) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may read every folder";
    daemon.append("logs/access.log", access_line("192.0.2.1", "probe=1"));
    std::filesystem::permissions(daemon.path("logs"), std::filesystem::perms::none);
    daemon.start();
    ASSERT_TRUE(eventually([&] { return daemon.ready(); })) << daemon.log();
    std::filesystem::permissions(daemon.path("logs"), std::filesystem::perms::owner_all);
    EXPECT_TRUE(eventually([&] { return alerts() == 1; })) << daemon.log();
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
}

}  // namespace
}  // namespace kentongan
