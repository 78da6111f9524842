// Every refusal names file, line, key and remedy.
#include <gmock/gmock.h>

#include <algorithm>

#include "daemon/config/reader.hpp"
#include "tests/support/project.hpp"
#include "tests/unit/config/folder.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The message load_config refuses this file with; the folder's name is cut off.
std::string refusal_of(std::string_view toml, std::vector<std::string> set = {}) {
    Folder folder;
    const std::string file = folder.write("k.toml", toml);
    const auto loaded = load_config({.main_file = file, .set = std::move(set)});
    if (loaded) return "accepted";
    EXPECT_EQ(loaded.error().code, ErrorCode::config);
    std::string message = loaded.error().message;
    const std::string path = file.substr(0, file.rfind('/') + 1);
    for (auto at = message.find(path); at != std::string::npos; at = message.find(path))
        message.erase(at, path.size());
    return message;
}

TEST(ConfigRefusal, AMisspeltKeyIsAnsweredWithTheNearestOne) {
    EXPECT_EQ(refusal_of("[log.auth]\npath = '/a'\nformt = 'sshd'\n"),
              "k.toml:3: unknown key log.auth.formt; did you mean format?");
}

TEST(ConfigRefusal, AMisspeltTableIsAnsweredWithTheNearestOne) {
    EXPECT_EQ(refusal_of("\n[daemn]\n"), "k.toml:2: unknown table daemn; did you mean daemon?");
}

TEST(ConfigRefusal, AKeyLikeNoOtherIsAnsweredWithAllThereAre) {
    EXPECT_EQ(refusal_of("[store]\nxyzzy = 1\n"), "k.toml:2: unknown key store.xyzzy; known: path");
}

TEST(ConfigRefusal, ASyntaxErrorNamesLineAndColumn) {
    EXPECT_THAT(refusal_of("[daemon]\nlanes = = 2\n"), HasSubstr("k.toml:2:9: "));
}

TEST(ConfigRefusal, WrongTypesSayWhatIsThereAndWhatIsExpected) {
    EXPECT_EQ(refusal_of("[daemon]\nlanes = 'two'\n"),
              "k.toml:2: daemon.lanes is a text; expected a whole number");
    EXPECT_EQ(refusal_of("[daemon]\nname = 2\n"),
              "k.toml:2: daemon.name is a whole number; expected a text in quotes");
    EXPECT_EQ(refusal_of("[daemon]\nexercise = 1\n"),
              "k.toml:2: daemon.exercise is a whole number; expected true or false");
    EXPECT_EQ(refusal_of("daemon = 3\n"), "k.toml:1: daemon is a whole number; expected [daemon]");
    EXPECT_EQ(refusal_of("[log]\npath = '/a'\n"),
              "k.toml:2: log.path is a text; its settings go in a named table such as [log.one]");
    EXPECT_EQ(refusal_of("[[log]]\npath = '/a'\n"),
              "k.toml:1: log is a list; expected named tables such as [log.one]");
    EXPECT_THAT(refusal_of("[rules]\npaths = '/a'\n"), HasSubstr("rules.paths is a text"));
    EXPECT_THAT(refusal_of("[rules]\npaths = ['/a', 3]\n"), HasSubstr("rules.paths[] is a whole"));
    EXPECT_THAT(refusal_of("[daemon]\nname = 1979-05-27\n"), HasSubstr("is a date or time"));
}

TEST(ConfigRefusal, NumbersOutOfRangeAreToldTheRange) {
    EXPECT_EQ(refusal_of("[daemon]\nlanes = 65\n"),
              "k.toml:2: daemon.lanes is 65; allowed: 0 to 64");
    EXPECT_THAT(refusal_of("[daemon]\ndrain_seconds = -1\n"),
                HasSubstr("is -1; allowed: 0 to 600"));
    EXPECT_THAT(refusal_of("[sirekap]\ncoverage_step_percent = 0\n"), HasSubstr("1 to 100"));
    EXPECT_THAT(refusal_of("[anomaly]\nsyn_flood_completed_ratio = nan\n"), HasSubstr("is nan"));
    EXPECT_THAT(refusal_of("[anomaly]\nsyn_flood_completed_ratio = inf\n"), HasSubstr("is inf"));
    EXPECT_THAT(refusal_of("", {"daemon.lanes=1"}), HasSubstr("is empty"));
}

TEST(ConfigRefusal, WordsOutsideTheListAreToldTheList) {
    EXPECT_EQ(refusal_of("[log.a]\npath='/a'\nstart = 'middle'\n"),
              "k.toml:3: log.a.start is \"middle\"; allowed: begin or end");
    EXPECT_THAT(refusal_of("[log.a]\npath='/a'\nzone = 'WIB'\n"), HasSubstr("such as +07:00"));
    EXPECT_THAT(refusal_of("[anomaly]\npolls_close = '2024-11-27T13:00:00'\n"),
                HasSubstr("time such as 2024-11-27T13:00:00+07:00"));
    EXPECT_EQ(refusal_of("[anomaly]\npolls_close = '2024-11-27T13:00:00+07:00'\n"), "accepted");
    EXPECT_THAT(refusal_of("[integrity.a]\npath='/a'\nkind='x'\n"),
                HasSubstr("system, webroot, upload or config"));
}

TEST(ConfigRefusal, ACaptureHasAnInterfaceOrAFile) {
    EXPECT_EQ(refusal_of("[packet.lan]\nfilter = 'tcp'\n"),
              "k.toml:1: packet.lan.interface or file is required: what to capture on, or what to "
              "read");
    EXPECT_EQ(refusal_of("[packet.lan]\ninterface = 'lo'\nfile = 'a.pcap'\n"),
              "k.toml:3: packet.lan.file and interface are both set; keep one of them");
}

TEST(ConfigRefusal, AlertsDoNotLeaveUnencrypted) {
    EXPECT_THAT(refusal_of("[delivery.a]\nurl='http://bssn.go.id/'\n"), HasSubstr("unencrypted"));
    EXPECT_THAT(refusal_of("[delivery.a]\nurl='ftp://x/'\n"), HasSubstr("https://"));
    EXPECT_THAT(refusal_of("[delivery.a]\nurl='https:///x'\n"), HasSubstr("names no host"));
    EXPECT_THAT(refusal_of("[delivery.a]\nurl='http://127.0.0.1@evil/'\n"),
                HasSubstr("delivery.a"));
    EXPECT_THAT(refusal_of("[delivery.a]\nenabled=false\n"),
                HasSubstr("delivery.a.url is required"));
    for (const char* good : {"http://[::1]:80/x", "http://localhost/", "https://bssn.go.id:8443/a"})
        EXPECT_EQ(refusal_of(fmt::format("[delivery.a]\nurl='{}'\n", good)), "accepted") << good;
}

TEST(ConfigRefusal, UnreadableSecretFilesAreNamed) {
    EXPECT_EQ(refusal_of("[delivery.a]\nurl='https://x/'\nsecret_file='/nowhere/a.key'\n"),
              "k.toml:3: delivery.a.secret_file cannot read /nowhere/a.key: No such file or "
              "directory");
    EXPECT_TRUE(load_config({.set = {"api.token_file=/nowhere/token"}, .open_files = false}));
}

TEST(ConfigRefusal, OnlyAnExerciseHasATimeOfItsOwn) {
    const std::string began = "exercise_began='2026-11-25T14:00:00Z'\n";
    const std::string time = "exercise_time='2024-11-27T13:00:00+07:00'\n";
    const std::string is_one = "[daemon]\nexercise=true\n";
    EXPECT_EQ(refusal_of(is_one + began + time + "exercise_speed=60\n"), "accepted");
    EXPECT_THAT(refusal_of("[daemon]\n" + began + time), HasSubstr("daemon.exercise is not set"));
    EXPECT_THAT(refusal_of("[daemon]\nexercise_speed=60\n"), HasSubstr("real duty has real time"));
    EXPECT_THAT(refusal_of(is_one + "exercise_speed=60\n"), HasSubstr("exercise_began"));
    EXPECT_THAT(refusal_of(is_one + began), HasSubstr("daemon.exercise_time is missing"));
    EXPECT_THAT(refusal_of(is_one + began + time + "exercise_speed=0\n"), HasSubstr("1 to 3600"));
}

TEST(ConfigRefusal, NetworksThatAreNoneAreNamed) {
    EXPECT_EQ(refusal_of("[anomaly]\noutbound_allowed=['203.0.113.0/24','2001:db8::/32']\n"),
              "accepted");
    for (const auto* bad : {"203.0.113.7/24", "backup.example", "203.0.113.0/40"})
        EXPECT_THAT(refusal_of(fmt::format("[anomaly]\noutbound_allowed=['{}']\n", bad)),
                    HasSubstr(bad));
}

TEST(ConfigRefusal, AnApiOpenToTheNetworkNeedsTokens) {
    EXPECT_THAT(refusal_of("[api]\nlisten='0.0.0.0:8470'\n"), HasSubstr("token_file"));
    EXPECT_EQ(refusal_of("[api]\nlisten='[::1]:8470'\n"), "accepted");
    EXPECT_EQ(refusal_of("[api]\nlisten=''\n"), "accepted");
    for (const char* bad : {"8470", "localhost:8470", "127.0.0.1:65536", "::1:80", "127.0.0.1:"})
        EXPECT_THAT(refusal_of(fmt::format("[api]\nlisten='{}'\n", bad)),
                    HasSubstr("expected an IP address and a port"))
            << bad;
}

TEST(ConfigRefusal, ATrustedProxyIsANetwork) {
    EXPECT_EQ(refusal_of("[report]\ntrusted_proxies = ['10.0.0.0/8', 'proxy']\n"),
              "k.toml:2: report.trusted_proxies holds \"proxy\", which is no network such as "
              "127.0.0.0/8 or ::1/128");
    EXPECT_EQ(refusal_of("[report]\ntrusted_proxies = ['10.1.2.3']\n"), "accepted");
    EXPECT_EQ(refusal_of("[report]\ntrusted_proxies = []\n"), "accepted");
}

TEST(ConfigRefusal, ALaterLayerMendsAnEarlierOne) {
    EXPECT_EQ(refusal_of("[daemon]\nlanes = 999\n", {"daemon.lanes=1"}), "accepted");
}

TEST(ConfigRefusal, SettingsFromOutsideFilesAreNamedByTheirSource) {
    EXPECT_EQ(refusal_of("#\n", {"daemon.lanes=many"}),
              "--set: daemon.lanes is a text; expected a whole number");
    EXPECT_THAT(refusal_of("#\n", {"lanes"}), HasSubstr("expected SECTION.KEY=VALUE"));
    const auto loaded = load_config({.environment = {{"KENTONGAN_DAEMN__LANES", "1"}}});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().message,
              "environment KENTONGAN_DAEMN__LANES: unknown table daemn; did you mean daemon?");
}

TEST(ConfigRefusal, ControlCharactersAndBrokenTextAreRefused) {
    EXPECT_THAT(refusal_of("[daemon]\nname = \"a\\u0000b\"\n"), HasSubstr("control character"));
    EXPECT_THAT(refusal_of("#\n", {"daemon.name=a\xff"}), HasSubstr("UTF-8"));
    EXPECT_THAT(refusal_of("[log.\"a/../b\"]\npath='/a'\n"), HasSubstr("a name has 1 to 64"));
}

TEST(ConfigRefusal, AllProblemsAreToldAtOnceUpToTwenty) {
    std::string toml = "[daemon]\nlanes = 99\nlog_level = 'loud'\n[store]\n";
    EXPECT_EQ(std::ranges::count(refusal_of(toml), '\n'), 1);
    for (int i = 0; i < 30; ++i) toml += fmt::format("unknown{} = 1\n", i);
    const std::string message = refusal_of(toml);
    EXPECT_EQ(std::ranges::count(message, '\n'), 20);
    EXPECT_THAT(message, HasSubstr("\nand 12 more"));
}

TEST(ConfigRefusal, HugeAndDeepFilesAreRefusedBeforeTheyAreParsed) {
    EXPECT_THAT(refusal_of("#" + std::string(2 << 20, 'x')), HasSubstr("larger than 1048576"));
    EXPECT_THAT(refusal_of("#" + std::string(9000, 'x')), HasSubstr("k.toml:1: line is longer"));
    std::string deep = "a";
    for (int i = 0; i < 100; ++i) deep += ".a";
    EXPECT_THAT(refusal_of("#\n" + deep + " = 1\n"), HasSubstr("k.toml:2: line has more than 64"));
    EXPECT_THAT(refusal_of("a = " + std::string(3000, '[') + "\n"), HasSubstr("k.toml:1:"));
}

TEST(ConfigRefusal, TheDeepestTreeTheBoundsLetThroughFitsTheStack) {
    std::string dotted = "a";
    for (int i = 0; i < 30; ++i) dotted += ".a";
    std::string toml = "a = ";
    for (int i = 0; i < 120; ++i) toml += "[\n{" + dotted + " = ";
    toml += "1";
    for (int i = 0; i < 120; ++i) toml += "}]";
    EXPECT_THAT(refusal_of(toml + "\n"), HasSubstr("unknown table a"));
}

TEST(ConfigRefusal, APhaseNeedsBothItsEndsInOrder) {
    EXPECT_THAT(refusal_of("[phase.voting]\nbegins = '2024-11-27T00:00:00+07:00'\n"),
                HasSubstr("phase.voting.ends is missing"));
    EXPECT_THAT(refusal_of("[phase.voting]\nbegins = '2024-11-27T00:00:00+07:00'\n"
                           "ends = '2024-11-26T00:00:00+07:00'\n"),
                HasSubstr("phase.voting.ends is not after its beginning"));
}

TEST(ConfigRefusal, APhasesThresholdsAreThoseOfOtherTables) {
    const auto with = [](std::string_view thresholds) {
        return fmt::format(
            "[phase.voting]\nbegins = '2024-11-27T00:00:00+07:00'\n"
            "ends = '2024-11-28T00:00:00+07:00'\nthresholds = {{{}}}\n",
            thresholds);
    };
    EXPECT_THAT(refusal_of(with("'anomaly.scan_port' = '50'")),
                HasSubstr("\"anomaly.scan_port\" is not switched by phases; those are anomaly."));
    EXPECT_THAT(refusal_of(with("'anomaly.table_entries' = '500'")), HasSubstr("not switched"));
    EXPECT_THAT(refusal_of(with("'anomaly.scan_ports' = '1'")), HasSubstr("anomaly.scan_ports"));
    EXPECT_THAT(refusal_of(with("'anomaly.scan_ports' = 'few'")), HasSubstr("anomaly.scan_ports"));
    Folder folder;
    const std::string good = with("'anomaly.scan_ports' = '50', 'anomaly.login_failure_z' = '4.5'");
    const auto loaded = load_config({.main_file = folder.write("k.toml", good)});
    ASSERT_TRUE(loaded) << loaded.error().message;
    const Config then = in_phase(loaded->config, loaded->config.phase.at("voting"));
    EXPECT_EQ(then.anomaly.scan_ports, 50);
    EXPECT_EQ(then.anomaly.login_failure_z, 4.5);
    EXPECT_EQ(then.anomaly.scan_hosts, loaded->config.anomaly.scan_hosts);
}

TEST(ConfigRefusal, AnAssetNamesWhatBelongsToItAndABudgetIsANumber) {
    EXPECT_THAT(refusal_of("[asset.db]\ncriticality = 'critical'\n"),
                HasSubstr("asset.db.hosts or networks is required"));
    EXPECT_THAT(refusal_of("[asset.db]\nnetworks = ['10.0.0.1/8']\n"),
                HasSubstr("expected a network"));
    EXPECT_THAT(refusal_of("[budget]\nrules = {'anomaly:scan' = 'few'}\n"),
                HasSubstr("gives anomaly:scan \"few\""));
}

TEST(ConfigExample, TheCalendarOfThePilkadaIsAccepted) {
    const auto loaded = load_config(
        {.main_file = project_root().string() + "/daemon/config/examples/pilkada2024.toml"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->config.phase.size(), 7u);
    EXPECT_TRUE(loaded->config.phase.at("voting").two_person);
}

TEST(Refusal, ADestinationNeedsWhatItsKindNeeds) {
    EXPECT_THAT(refusal_of("[delivery.a]\nkind='syslog'\nurl='https://x/'\n"),
                HasSubstr("kind = \"syslog\" takes tls://, tcp://, udp://"));
    EXPECT_THAT(refusal_of("[delivery.a]\nkind='ndjson'\n"),
                HasSubstr("delivery.a.path is required"));
    EXPECT_THAT(refusal_of("[delivery.a]\nkind='mail'\nurl='smtp://x:587'\nmail_from='a@b'\n"),
                HasSubstr("delivery.a.mail_to names nobody"));
    EXPECT_THAT(refusal_of("[delivery.a]\nurl='https://x/'\nallow=['10.0.0.1/8']\n"),
                HasSubstr("delivery.a.allow"));
    EXPECT_THAT(refusal_of("[delivery.a]\nkind='pigeon'\nurl='https://x/'\n"),
                HasSubstr("delivery.a.kind"));
    EXPECT_THAT(refusal_of("[unit.noc]\nusers=['op_*']\ndestinations=['kpu']\n"),
                HasSubstr("unit.noc.destinations names \"kpu\", which is no [delivery] table"));
    EXPECT_EQ(refusal_of("[delivery.a]\nkind='syslog'\nurl='tls://siem.bssn.example:6514'\n"),
              "accepted");
}

}  // namespace
}  // namespace kentongan
