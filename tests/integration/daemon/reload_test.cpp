// SIGHUP: a bad set of rules is refused and the old one stays; a good one is in force at once.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "tests/integration/daemon/probe_rules.hpp"
#include "tests/integration/daemon/probed_host.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

constexpr std::string_view kSari = "a-token-of-sari-alone-0123456789";
constexpr std::string_view kFreshRule = "5b0f1c1e-70a1-4c5b-9a53-000000000004";

class Reload : public testing::Test {
  protected:
    void SetUp() override {
        host.daemon.start();
        ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
        ASSERT_EQ(reloaded(), 1.0);
    }

    std::optional<double> reloaded() const {
        return host.daemon.metric("kentongan_config_last_reload_successful");
    }

    void expect_detection() {
        host.distinct.append(1);
        EXPECT_TRUE(eventually([&] {
            return host.agencies.alerts("kpu") == host.distinct.written();
        })) << host.daemon.log();
    }

    /// The refusal as it was logged.
    std::string refusal() {
        host.daemon.reload();
        EXPECT_TRUE(eventually([&] { return reloaded() == 0.0; })) << host.daemon.log();
        const auto log = host.daemon.log();
        const auto at = log.rfind("reload refused");
        return at == std::string::npos ? "" : log.substr(at, log.find('\n', at) - at);
    }

    void expect_taken() {
        host.daemon.reload();
        EXPECT_TRUE(eventually([&] { return reloaded() == 1.0; })) << host.daemon.log();
    }

    /// From the next reload or start on two persons may confirm, and both are needed.
    void open_the_window() {
        host.daemon.append("secrets/token", fmt::format("sari lead {}\n", kSari));
        host.daemon.write("secrets/sari", fmt::format("sari lead {}\n", kSari));
        host.daemon.append("kentongan.toml",
                           "[phase.count]\nbegins = \"2024-01-01T00:00:00Z\"\n"
                           "ends = \"2100-01-01T00:00:00Z\"\ntwo_person = true\n");
        expect_taken();
        ASSERT_TRUE(eventually([&] { return host.daemon.log().contains("now=count"); }))
            << host.daemon.log();
    }

    /// With the token of that file.
    std::string confirm(const std::string& approval, const std::string& token_file) {
        const auto log = host.daemon.path("kentongan.log");
        std::filesystem::remove(log);
        const auto ended = run_program(
            {KENTONGAN_COMMAND, "approvals", "confirm", approval, "--config", host.daemon.config(),
             "--set", "api.token_file=" + host.daemon.path("secrets/" + token_file)},
            log, 60);
        if (!ended) return ended.error().message;
        EXPECT_EQ(ended->status, 0) << ended->output;
        return ended->output;
    }

    std::string attention() const {
        const auto status = host.daemon.get("/api/v1/status");
        if (!status || status->status != 200) return "no status";
        return boost::json::serialize(boost::json::parse(status->body).at("attention"));
    }

    std::size_t alerts_of(std::string_view rule) const {
        const auto page = host.daemon.get(fmt::format("/api/v1/alerts?rule={}", rule));
        if (!page || page->status != 200) return 0;
        return boost::json::parse(page->body).at("alerts").as_array().size();
    }

    ProbedHost host{41};
};

void expect_all(const std::string& text, std::initializer_list<std::string_view> parts) {
    for (const auto part : parts) EXPECT_TRUE(text.contains(part)) << part << " in: " << text;
}

TEST_F(Reload, SigmaRuleWithAnErrorIsRefusedWithFileAndLine) {
    host.daemon.write("rules/sigma/broken.yml",
                      "title: Broken\nlogsource:\n    category: webserver\ndetection:\n"
                      "    selection:\n        a: b\n    condition: selection and\n");
    expect_all(refusal(), {"rules/sigma/broken.yml", "line 7"});
    expect_detection();
    std::filesystem::remove(host.daemon.path("rules/sigma/broken.yml"));
    expect_taken();
    expect_detection();
}

TEST_F(Reload, YaraRuleWithAnErrorIsRefusedWithFileAndLine) {
    host.daemon.write("rules/yara/broken.yar", "rule broken {\n  condition:\n    nonsense\n}\n");
    expect_all(refusal(), {"rules/yara/broken.yar", "line 3"});
    expect_detection();
}

TEST_F(Reload, RoutingFileWithAnErrorIsRefusedWithFileAndLine) {
    host.daemon.write("rules/routing/routing.toml",
                      std::string(kProbeRouting) + "[class.attack]\nkpo = { tlp = \"RED\" }\n");
    expect_all(refusal(), {"rules/routing/routing.toml:11", "kpo", "kpu"});
    expect_detection();
}

TEST_F(Reload, SettingsWithATypoAreRefusedWithFileAndLine) {
    host.daemon.append("kentongan.toml", "[triage]\napproval_minute = 5\n");
    expect_all(refusal(), {"kentongan.toml:", "approval_minute", "did you mean approval_minutes"});
    expect_detection();
}

TEST_F(Reload, ABadFileOfTokensLeavesTheAgenciesKeysAsTheyWere) {
    host.daemon.write("secrets/kpu", AgenciesUnderTest::secret("bssn") + "\n");
    host.daemon.write("secrets/token", "nobody\n");
    expect_all(refusal(), {"secrets/token"});
    expect_detection();  // KPU takes what its own key signs, and nothing else
}

TEST_F(Reload, NewRuleTakesEffectWithoutARestart) {
    const auto fresh = [&](const char* address) {
        host.daemon.append("logs/distinct.log", access_line(address, "fresh=1"));
    };
    fresh("203.0.113.1");
    expect_detection();  // of a line behind it
    EXPECT_EQ(alerts_of(kFreshRule), 0u);

    host.daemon.write("rules/sigma/fresh.yml", probe_rule(kFreshRule, "fresh", "high"));
    const auto before =
        host.daemon.metric("kentongan_config_last_reload_success_timestamp_seconds");
    host.daemon.reload();
    ASSERT_TRUE(eventually([&] {
        return host.daemon.metric("kentongan_config_last_reload_success_timestamp_seconds") >
               before;
    })) << host.daemon.log();
    fresh("203.0.113.2");
    EXPECT_TRUE(eventually([&] { return alerts_of(kFreshRule) == 1; })) << host.daemon.log();
    EXPECT_EQ(host.daemon.stop(), 0);
}

TEST_F(Reload, InTheElectionsWindowARestartWithOtherSettingsIsToldUntilTwoPersonsAgree) {
    open_the_window();
    EXPECT_EQ(host.daemon.stop(), 0);
    host.daemon.start();
    ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
    EXPECT_EQ(attention(), "[]") << "nothing has changed";

    EXPECT_EQ(host.daemon.stop(), 0);
    host.daemon.append("kentongan.toml", "[unit.it]\nusers = [\"*\"]\ndestinations = [\"bssn\"]\n");
    host.daemon.start();
    ASSERT_TRUE(eventually([&] { return attention().contains("approvals confirm "); }))
        << host.daemon.log();
    EXPECT_TRUE(eventually([&] { return alerts_of("desk:changed-start") == 1; }))
        << host.daemon.log();
    host.distinct.append(1);  // it watches all the same
    EXPECT_TRUE(eventually([&] {
        return host.agencies.alerts("kpu") == host.distinct.written() + 1;
    })) << host.daemon.log();
    const std::string told = attention();
    const auto approval = told.substr(told.find("approvals confirm ") + 18, 26);
    confirm(approval, "token");
    EXPECT_EQ(attention(), told);
    confirm(approval, "sari");
    EXPECT_TRUE(eventually([&] { return attention() == "[]"; })) << host.daemon.log();

    EXPECT_EQ(host.daemon.stop(), 0);
    host.daemon.start();
    ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
    EXPECT_EQ(attention(), "[]") << "it is confirmed";
}

TEST_F(Reload, InTheElectionsWindowANewTokenTakesTwoPersons) {
    open_the_window();
    host.daemon.append("secrets/token", "budi admin a-token-of-nobody-else-0123456789\n");
    expect_all(refusal(), {"tokens or accounts", "kentongan approvals confirm "});
}

TEST_F(Reload, TakingARuleOutInTheElectionsWindowTakesTwoPersons) {
    open_the_window();
    std::filesystem::remove(host.daemon.path("rules/sigma/probe.yml"));
    const auto first = refusal();
    expect_all(first, {"a second person", "kentongan approvals confirm "});
    EXPECT_EQ(refusal(), first);  // the same question, not another one
    expect_detection();           // the rule is in force

    const auto at = first.find("confirm ") + 8;
    expect_all(confirm(first.substr(at, 26), "token"),
               {"your yes is noted; it waits for another person's", first.substr(at, 26)});
    EXPECT_EQ(refusal(), first) << "one of two";
    expect_all(confirm(first.substr(at, 26), "sari"), {"change settings:", ": confirmed"});
    EXPECT_TRUE(eventually([&] { return reloaded() == 1.0; })) << host.daemon.log();
    const auto page = host.daemon.get("/api/v1/rules");
    ASSERT_TRUE(page);
    EXPECT_FALSE(page->body.contains("probe.yml")) << page->body;
    EXPECT_TRUE(page->body.contains("grave.yml")) << page->body;
}

}  // namespace
}  // namespace kentongan
