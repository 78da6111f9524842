// Citizens' reports through the real daemon: photograph and all, over a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "tests/support/citizen.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/pictures.hpp"

namespace kentongan {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kYara =
    "rule harmful { meta: severity = \"high\" description = \"Something harmful in a file\" "
    "strings: $a = \"EVIL-PAYLOAD\" condition: $a }\n";
constexpr std::string_view kRouting =
    "agencies = [\"kpu\", \"bssn\"]\nowner = \"kpu\"\n[class.default]\nkpu = { tlp = \"AMBER\" }\n"
    "[class.report]\nkpu = { tlp = \"AMBER+STRICT\" }\n";

class Reports : public testing::Test {
  protected:
    void SetUp() override {
        daemon.write("rules/yara/harmful.yar", kYara);
        daemon.write("rules/routing/routing.toml", kRouting);
        daemon.configure(fmt::format(
            "[report]\nlisten = \"127.0.0.1:{}\"\ndifficulty_bits = 6\nper_hour = 3\n", port));
        start();
    }
    void start() {
        daemon.start();
        ASSERT_TRUE(eventually([&] {
            return daemon.ready() && daemon.log().find("listening reports") != std::string::npos;
        })) << daemon.log();
    }
    json::object sent(const Result<HttpAnswer>& answer) const {
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
        if (!answer) return {};
        EXPECT_EQ(answer->status, 201) << answer->body;
        return json::parse(answer->body).as_object();
    }
    json::array alerts(const std::string& query = "") const {
        const auto page = daemon.get("/api/v1/alerts?limit=1000" + query);
        return page && page->status == 200 ? json::parse(page->body).at("alerts").as_array()
                                           : json::array{};
    }
    static std::map<std::string, std::string> fields(std::string text) {
        return {{"category", "numbers"}, {"place", "3171011006001"}, {"text", std::move(text)}};
    }

    const std::uint16_t port = free_port();
    DaemonUnderTest daemon{KENTONGAN_DAEMON};
    const Citizen citizen{port, "203.0.113.9"};
};

TEST_F(Reports, ReachTheDeskWithoutAnythingPersonalAndNeverPage) {
    const auto answer =
        sent(citizen.report(fields("Angka berbeda, hubungi 0812 3456 7890, NIK 3171014501900001"),
                            {a_jpeg(exif(6, "6.1754S 106.8272E"))}));
    const std::string ticket(answer.at("ticket").as_string());
    ASSERT_TRUE(eventually([&] { return alerts("&ruleset=report").size() == 1; })) << daemon.log();
    const auto alert = alerts("&ruleset=report").at(0);
    EXPECT_EQ(alert.at("rule").at("id").as_string(), "report:numbers");
    EXPECT_EQ(alert.at("kentongan").at("entity").as_string(), ticket);
    EXPECT_EQ(alert.at("labels").at("severity").as_string(), "info");
    EXPECT_EQ(alert.at("kentongan").at("agencies"), (json::array{"kpu"}));
    EXPECT_EQ(alert.at("kentongan").at("sirekap").at("tps").as_string(), "3171011006001");
    const std::string all = json::serialize(alert) + daemon.log() +
                            read_file(daemon.state() + "/reports/reports.ndjson").value_or("");
    EXPECT_THAT(all, HasSubstr("[TELEPON], NIK [NIK]"));
    for (const auto* personal : {"3456", "3171014501900001", "203.0.113.9", "6.1754S"})
        EXPECT_THAT(all, Not(HasSubstr(personal)));
    const auto photo = read_file(daemon.state() + "/reports/photos/" + ticket + "-1.jpg");
    ASSERT_TRUE(photo);
    EXPECT_THAT(*photo, Not(HasSubstr("6.1754S")));
    EXPECT_EQ(alerts().size(), 1u) << "a photograph without a finding raises nothing";
}

TEST_F(Reports, AnInfectedPhotographIsSetAsideRaisesAnAlertAndIsSaid) {
    std::string evil = a_jpeg();
    evil.insert(evil.size() - 2, "EVIL-PAYLOAD");
    const auto answer = sent(citizen.report(fields("Lihat foto terlampir ini"), {evil}));
    const std::string ticket(answer.at("ticket").as_string());
    const std::string secret(answer.at("secret").as_string());
    ASSERT_TRUE(eventually([&] {
        const auto status = citizen.ask_about(ticket, secret);
        return status && status->body.contains("\"quarantined\":1");
    })) << daemon.log();
    ASSERT_TRUE(eventually([&] { return alerts("&ruleset=yara").size() == 1; })) << daemon.log();
    const auto folder = std::filesystem::path(daemon.state()) / "reports";
    EXPECT_TRUE(std::filesystem::exists(folder / "quarantine" / (ticket + "-1.jpg")));
    EXPECT_FALSE(std::filesystem::exists(folder / "photos" / (ticket + "-1.jpg")));
    EXPECT_EQ(daemon.metric("kentongan_report_photos_total{result=\"quarantined\"}"), 1.0);
}

TEST_F(Reports, WithATicketAreNotLostByAKillAndNotDoubled) {
    std::vector<std::string> tickets;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 3; ++i) {
            const Citizen one{port, fmt::format("10.{}.{}.1", round, i)};
            tickets.emplace_back(
                sent(one.report(fields(fmt::format("Laporan ke-{} dari putaran {}", i, round))))
                    .at("ticket")
                    .as_string());
        }
        daemon.kill();
        start();
    }
    const auto raised = [&] {
        std::multiset<std::string> out;
        for (const auto& alert : alerts("&ruleset=report"))
            out.emplace(alert.at("kentongan").at("entity").as_string());
        return out;
    };
    ASSERT_TRUE(eventually([&] { return raised().size() >= tickets.size(); })) << daemon.log();
    EXPECT_EQ(raised(), std::multiset<std::string>(tickets.begin(), tickets.end()));
    for (const auto& alert : alerts("&ruleset=report"))
        EXPECT_EQ(alert.at("kentongan").at("count").to_number<int>(), 1);
}

TEST_F(Reports, BeyondTheLimitAreRefusedAndCounted) {
    for (int i = 0; i < 3; ++i)
        (void)sent(citizen.report(fields(fmt::format("Laporan nomor {}", i))));
    const auto refused = citizen.report(fields("Laporan yang keempat"));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 429);
    EXPECT_EQ(daemon.metric("kentongan_reports_refused_total{reason=\"rate\"}"), 1.0);
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
}

}  // namespace
}  // namespace kentongan
