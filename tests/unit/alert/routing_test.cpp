#include "daemon/alert/routing.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/file.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(std::string_view toml) {
    const auto result = Routing::parse(toml, "routing.toml");
    return result ? "" : result.error().message;
}
std::string with_attack(std::string_view row) {
    return fmt::format(
        "agencies = [\"kpu\", \"bssn\"]\nowner = \"kpu\"\n[class.default]\nkpu = {{ tlp = \"RED\" "
        "}}\n[class.attack]\n{}\n",
        row);
}

TEST(Routing, ErrorsNameFileLineAndRemedy) {
    EXPECT_THAT(error_of("agencies = ["), HasSubstr("routing routing.toml:1: "));
    EXPECT_THAT(error_of(with_attack("kpu = { tlp = \"AMBR\" }")),
                testing::StartsWith("routing routing.toml:6: tlp is 'AMBR'; CLEAR, GREEN, AMBER"));
    EXPECT_THAT(error_of(with_attack("kpu = { tlp = \"amber\" }")), HasSubstr("tlp is 'amber'"));
    EXPECT_THAT(error_of(with_attack("kpu = {}")), HasSubstr("routing.toml:6: tlp is ''"));
    EXPECT_EQ(error_of(with_attack("bsn = { tlp = \"RED\" }")),
              "routing routing.toml:6: unknown key 'bsn'; did you mean 'bssn'?");
    EXPECT_EQ(error_of(with_attack("kpu = { tlp = \"RED\", withold = [] }")),
              "routing routing.toml:6: unknown key 'withold'; did you mean 'withhold'?");
    EXPECT_EQ(error_of(with_attack("kpu = { tlp = \"RED\", withhold = [\"related.usr\"] }")),
              "routing routing.toml:6: withhold: 'related.usr' is no part of an alert that can be "
              "withheld; did you mean 'related.user'?");
    EXPECT_THAT(error_of(with_attack("kpu = { tlp = \"RED\", withhold = [\"event.id\"] }")),
                HasSubstr("'event.id' is no part of an alert that can be withheld"));
    EXPECT_THAT(error_of(with_attack("kpu = { tlp = \"RED\", minimum = \"grave\" }")),
                HasSubstr("minimum is 'grave'"));
    EXPECT_THAT(error_of(with_attack("kpu = \"AMBER\"")),
                HasSubstr("class.attack.kpu is not a table"));
    EXPECT_THAT(error_of(with_attack("kpu = { tlp = 3 }")), HasSubstr("tlp is not a string"));
    EXPECT_THAT(error_of(with_attack("kpu = { tlp = \"RED\", only = \"message\" }")),
                HasSubstr("only is not a list of strings"));
}

TEST(Routing, AgenciesOwnerAndADefaultClassAreNeeded) {
    EXPECT_THAT(error_of("owner = \"kpu\"\n[class.default]\n"), HasSubstr("agencies"));
    EXPECT_THAT(error_of("agencies = [\"kpu\"]\n[class.default]\n"), HasSubstr("owner names ''"));
    EXPECT_THAT(error_of("agencies = [\"kpu\"]\nowner = \"kpu\"\n"),
                HasSubstr("[class.default] is missing"));
    EXPECT_EQ(error_of("agencies = [\"kpu\"]\nowner = \"kpu\"\nadvisory = [\"kpk\"]\n"
                       "[class.default]\n"),
              "routing routing.toml:3: advisory names 'kpk', which is not one of the agencies");
}

TEST(Routing, WhatWaitsForAReviewGoesOnlyByAPersonsAct) {
    const auto routing = Routing::parse(R"(
agencies = ["kpu", "polri", "brin"]
owner = "kpu"
advisory = ["kpu"]
[class.default]
kpu = { tlp = "RED" }
polri = { tlp = "RED", minimum = "critical", after_review = true, hash = ["user"] }
)",
                                        "routing.toml")
                             .value();
    auto rule = std::make_shared<Rule>();
    Alert alert;
    alert.rule = rule;
    alert.severity = Severity::critical;
    ASSERT_EQ(routing.route(alert).size(), 1u);
    EXPECT_EQ(routing.route(alert).front().agency, "kpu");
    alert.severity = Severity::low;
    const Route* row = routing.share(alert, "polri");
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->hash, std::vector<std::string>{"user"});
    EXPECT_EQ(routing.share(alert, "brin"), nullptr);
    rule->advisory = true;
    EXPECT_EQ(routing.share(alert, "polri"), nullptr) << "it carries no accusation";
    EXPECT_NE(routing.share(alert, "kpu"), nullptr);
}

TEST(Routing, ADailyRowLetsNoAlertOut) {
    const auto routing = Routing::parse(
                             "agencies = ['kpu', 'brin']\nowner = 'kpu'\n[class.default]\n"
                             "kpu = { tlp = 'RED' }\nbrin = { tlp = 'GREEN', daily = true }\n",
                             "routing.toml")
                             .value();
    Alert alert;
    alert.rule = std::make_shared<Rule>();
    alert.severity = Severity::critical;
    ASSERT_EQ(routing.route(alert).size(), 1u);
    EXPECT_EQ(routing.row("x", "brin"), nullptr) << "nor by the API";
    EXPECT_EQ(routing.share(alert, "brin"), nullptr);
    ASSERT_NE(routing.daily("x", "brin"), nullptr);
    EXPECT_EQ(routing.daily("x", "kpu"), nullptr);
}

TEST(Routing, WhatSpeaksOfPartsOfAnAlertDoesNotGoWithDaily) {
    const auto refused = [](std::string_view row) {
        const auto routing = Routing::parse(
            fmt::format("agencies = ['kpu', 'brin']\nowner = 'kpu'\n[class.default]\n{}\n", row),
            "routing.toml");
        return routing ? std::string{} : routing.error().message;
    };
    EXPECT_THAT(refused("brin = { tlp = 'GREEN', daily = true, only = ['threat'] }"),
                HasSubstr("routing.toml:4: only does not go with daily"));
    EXPECT_THAT(refused("kpu = { tlp = 'GREEN', daily = true }"), HasSubstr("owns the data"));
    EXPECT_EQ(refused("brin = { tlp = 'GREEN', daily = true, minimum = 'low', "
                      "prefix = ['source.ip'] }"),
              "");
}

TEST(Routing, TheOwnersOwnRowDoesNotWaitForAReview) {
    const auto routing = Routing::parse(
        "agencies = ['kpu']\nowner = 'kpu'\n[class.default]\n"
        "kpu = { tlp = 'RED', after_review = true }\n",
        "routing.toml");
    ASSERT_FALSE(routing);
    EXPECT_TRUE(routing.error().message.starts_with("routing routing.toml:4: after_review"))
        << routing.error().message;
}

/// The file that is shipped.
class Shipped : public testing::Test {
  protected:
    static Alert an_alert(std::string rule_class, Severity severity, bool advisory = false) {
        auto rule = std::make_shared<Rule>();
        rule->rule_class = std::move(rule_class);
        rule->advisory = advisory;
        Alert out;
        out.rule = rule;
        out.severity = severity;
        return out;
    }
    /// "kpu:AMBER bssn:AMBER"
    std::string told(const Alert& alert) const {
        std::string out;
        for (const Route& route : routing_.route(alert))
            out += fmt::format("{}{}:{}", out.empty() ? "" : " ", route.agency, name_of(route.tlp));
        return out;
    }

    Routing routing_ = [] {
        const auto path = project_root() / "rules/routing/routing.toml";
        return Routing::parse(read_file(path).value(), path.string()).value();
    }();
};

TEST_F(Shipped, RoutesEachClassAsTheMatrixSays) {
    const auto critical = [&](std::string name) {
        return told(an_alert(std::move(name), Severity::critical));
    };
    EXPECT_THAT(routing_.agencies(), ElementsAre("kpu", "bssn", "polri", "brin"));
    EXPECT_EQ(critical("attack"), "kpu:AMBER bssn:AMBER");
    EXPECT_EQ(critical("compromise"), "kpu:AMBER+STRICT bssn:AMBER+STRICT polri:RED");
    EXPECT_EQ(critical("ddos"), "kpu:AMBER bssn:AMBER");
    EXPECT_EQ(critical("breach"), "kpu:RED bssn:AMBER+STRICT polri:RED");
    EXPECT_EQ(critical("lookalike"), "kpu:AMBER bssn:GREEN polri:AMBER brin:GREEN");
    EXPECT_EQ(critical("result_integrity"), "kpu:RED bssn:AMBER+STRICT");
    EXPECT_EQ(critical("coverage"), "kpu:AMBER brin:AMBER");
    EXPECT_EQ(critical("insider"), "kpu:RED bssn:AMBER+STRICT polri:RED");
    EXPECT_EQ(critical("report"), "kpu:AMBER+STRICT bssn:AMBER");
    EXPECT_EQ(critical("sensor"), "kpu:AMBER bssn:AMBER");
}

TEST_F(Shipped, ResultsAndFloodsReachPolriOnlyByAPersonsAct) {
    for (const auto& [name, tlp] :
         {std::pair{"result_integrity", Tlp::red}, {"ddos", Tlp::amber}}) {
        const Alert alert = an_alert(name, Severity::medium);
        EXPECT_THAT(told(alert), testing::Not(HasSubstr("polri"))) << name;
        const Route* row = routing_.share(alert, "polri");
        ASSERT_NE(row, nullptr) << name;
        EXPECT_EQ(row->tlp, tlp) << name;
        EXPECT_FALSE(row->tallies) << name;
    }
    EXPECT_EQ(routing_.share(an_alert("coverage", Severity::critical), "polri"), nullptr);
}

TEST_F(Shipped, MinorAlertsStayWithKpuAndBrin) {
    EXPECT_EQ(told(an_alert("attack", Severity::low)), "kpu:AMBER");
    EXPECT_EQ(told(an_alert("work_item", Severity::low)), "kpu:AMBER brin:AMBER");
    EXPECT_EQ(told(an_alert("compromise", Severity::high)), "kpu:AMBER+STRICT bssn:AMBER+STRICT");
    EXPECT_EQ(told(an_alert("result_integrity", Severity::low)), "kpu:RED");
}

TEST_F(Shipped, StatisticsAndAdvisoryRulesNeverReachPolriOrBssn) {
    for (const auto* name : {"attack", "compromise", "ddos", "breach", "lookalike",
                             "result_integrity", "coverage", "insider", "report", "sensor", "x"}) {
        const std::string all = told(an_alert(name, Severity::critical, true));
        EXPECT_THAT(all, testing::Not(HasSubstr("polri"))) << name;
        EXPECT_THAT(all, testing::Not(HasSubstr("bssn"))) << name;
    }
}

TEST_F(Shipped, AnUnknownClassStaysWithTheOwnerAndCanBeReported) {
    EXPECT_FALSE(routing_.knows("something"));
    EXPECT_TRUE(routing_.knows("ddos"));
    EXPECT_EQ(told(an_alert("something", Severity::critical)), "kpu:AMBER");
    EXPECT_EQ(routing_.tlp(an_alert("something", Severity::info)), Tlp::amber);
}

TEST_F(Shipped, AnAlertsOwnLabelIsKpus) {
    EXPECT_EQ(routing_.tlp(an_alert("result_integrity", Severity::low)), Tlp::red);
    EXPECT_EQ(routing_.tlp(an_alert("compromise", Severity::low)), Tlp::amber_strict);
}

TEST_F(Shipped, NothingIsEverCleared) {
    for (const auto* name : {"attack", "ddos", "lookalike", "coverage", "default"})
        EXPECT_THAT(told(an_alert(name, Severity::critical)), testing::Not(HasSubstr("CLEAR")));
}

}  // namespace
}  // namespace kentongan
