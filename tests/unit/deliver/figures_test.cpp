// Daily figures: what is counted where, the bytes of each form, and that nothing of an alert but
// its kind is in them.
#include "daemon/alert/figures.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/deliver/destinations.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kPlanted[]{"op_depok_17",   "3174021508900001", "203.0.113.77",
                                      "198.51.100.9",  "siti.rahma",       "Budi Santosa",
                                      "48213",         "hunter2hunter2",   "jkt-02",
                                      "3171011001001", "sirekap.log"};

Alert an_alert(std::string rule_class, Severity severity = Severity::high) {
    auto rule = std::make_shared<Rule>();
    rule->id = "sigma:sqli";
    rule->name = "SQL injection";
    rule->ruleset = Ruleset::sigma;
    rule->rule_class = std::move(rule_class);
    Alert out;
    out.id = "01JDPY1VY00000000000000000";
    out.rule = rule;
    out.severity = severity;
    out.entity = "op_depok_17";
    out.message =
        "op_depok_17 (NIK 3174021508900001, siti.rahma@mail.example) gave Budi Santosa "
        "48213 votes, password=hunter2hunter2";
    out.count = 3;
    out.first_seen = out.last_seen = out.created = *parse_rfc3339("2029-02-14T18:31:05+07:00");
    out.subject.source_ip = IpAddress::parse("203.0.113.77");
    out.subject.user = "op_depok_17";
    out.subject.tps = "3171011001001";
    out.related_ip = {"203.0.113.78", "198.51.100.9", "198.51.100.10"};
    out.related_user = {"op_depok_17"};
    out.evidence.push_back(
        {"log", "/var/log/sirekap.log", 4711, std::string(64, 'b'), out.message});
    out.hostname = "jkt-02";
    return out;
}

std::shared_ptr<const Routing> shipped() {
    const auto path = project_root() / "rules/routing/routing.toml";
    return std::make_shared<const Routing>(
        Routing::parse(read_file(path).value(), path.string()).value());
}

Figures of_a_day() {
    return {shipped(), *parse_rfc3339("2029-02-14T00:00:00+07:00"),
            *parse_rfc3339("2029-02-15T00:00:00+07:00"), std::chrono::hours{7}};
}

/// A day with some of everything.
json::object a_day() {
    Figures figures = of_a_day();
    for (int i = 0; i < 3; ++i) figures.count(an_alert("attack", Severity::low));
    figures.count(an_alert("attack", Severity::critical));
    figures.count(an_alert("ddos"));
    figures.count(an_alert("report", Severity::info));
    Alert drill = an_alert("attack");
    drill.exercise = true;
    figures.count(drill);
    Alert suppressed = an_alert("attack");
    suppressed.suppressed = "op_depok_17";
    figures.count(suppressed);
    Alert storm = an_alert("attack");
    storm.storm = Storm{.of = "network", .name = "203.0.113.0/24", .alerts = 40};
    figures.count(storm);
    figures.count(an_alert("compromise"));  // not for BRIN
    return figures.of("brin");
}

FormatSettings settings() {
    FormatSettings out;
    out.hostname = "jkt-02.example";
    out.link = "https://hub.example/alerts/";
    out.mail_from = "kentongan@kpu.example";
    out.mail_to = {"data@brin.example"};
    return out;
}

TEST(Figures, CountByKindAndKeepStormsSuppressionsAndExercisesApart) {
    const json::object day = a_day();
    EXPECT_EQ(day.at("date").as_string(), "2029-02-14");
    EXPECT_EQ(day.at("tlp").as_string(), "GREEN");
    const json::object& attack = day.at("classes").at("attack").as_object();
    EXPECT_EQ(attack.at("alerts"), 4u);
    EXPECT_EQ(attack.at("severity"), json::value({{"critical", 1}, {"low", 3}}));
    EXPECT_EQ(attack.at("hours"), json::value({{"18", 4}}));
    EXPECT_EQ(json::serialize(attack.at("rules")), R"([{"rule":"sigma:sqli","alerts":4}])");
    EXPECT_EQ(json::serialize(attack.at("prefixes")), R"([{"prefix":"203.0.0.0/16","alerts":4}])");
    EXPECT_EQ(json::serialize(attack.at("storms")), R"({"storms":1,"alerts":40})");
    EXPECT_EQ(attack.at("suppressed"), 1u);
    EXPECT_EQ(attack.at("exercise").at("alerts"), 1u);
    EXPECT_EQ(json::serialize(day.at("classes").at("ddos").at("prefixes")),
              R"([{"prefix":"198.51.0.0/16","alerts":1},{"prefix":"203.0.0.0/16","alerts":1}])");
    EXPECT_FALSE(day.at("classes").at("report").as_object().contains("prefixes"));
    EXPECT_FALSE(day.at("classes").as_object().contains("compromise"));
}

TEST(Figures, GoOnlyToAgenciesWithDailyRowsAndThoseGetNoAlertsOfTheClass) {
    EXPECT_THAT(of_a_day().agencies(), ::testing::ElementsAre("brin"));
    const auto routing = shipped();
    for (const auto* name : {"attack", "ddos", "report"}) {
        for (const Route& route : routing->route(an_alert(name, Severity::critical)))
            EXPECT_NE(route.agency, "brin") << name;
        EXPECT_EQ(routing->share(an_alert(name), "brin"), nullptr) << name;
    }
}

TEST(Figures, ShortenTheirListsUntilTheyFit) {
    Figures figures = of_a_day();
    for (int i = 0; i < 3000; ++i) {
        Alert alert = an_alert("attack");
        auto rule = std::make_shared<Rule>(*alert.rule);
        rule->id = fmt::format("{:0>200}", i);
        alert.rule = rule;
        figures.count(alert);
    }
    const json::object day = figures.of("brin");
    EXPECT_LE(json::serialize(day).size(), Figures::kMaximumText);
    const json::object& attack = day.at("classes").at("attack").as_object();
    EXPECT_GT(attack.at("rules").as_array().size(), 10u);
    EXPECT_EQ(
        attack.at("rules").as_array().size() + attack.at("other_rules").to_number<std::size_t>(),
        3000u);
}

/// tests/golden/wire/NAME.figures; KENTONGAN_REFRESH=1 writes them anew.
TEST(Figures, EachFormIsAsTheGoldenFileSays) {
    for (const auto format : {BodyFormat::kentongan, BodyFormat::ecs, BodyFormat::mail}) {
        const std::string bytes = render_figures(format, false, a_day(), false, settings());
        const auto path =
            project_root() / "tests/golden/wire" / (std::string(name_of(format)) + ".figures");
        if (std::getenv("KENTONGAN_REFRESH") != nullptr)
            ASSERT_TRUE(write_file(path, bytes + "\n"));
        EXPECT_EQ(read_file(path).value_or("no golden file"), bytes + "\n") << path;
    }
}

TEST(Figures, NothingOfAnAlertButItsKindLeaves) {
    for (int form = 0; form <= static_cast<int>(BodyFormat::custom); ++form)
        for (const bool in_syslog : {false, true}) {
            const auto format = static_cast<BodyFormat>(form);
            const std::string bytes = render_figures(format, in_syslog, a_day(), true, settings());
            EXPECT_EQ(bytes.empty(), !carries_figures(format, in_syslog)) << name_of(format);
            for (const std::string_view planted : kPlanted)
                EXPECT_THAT(bytes, Not(HasSubstr(std::string(planted)))) << name_of(format);
        }
}

TEST(Figures, ADestinationSaysByItsClassesWhetherItWantsThem) {
    Destination plain{.name = "brin", .agency = "brin"};
    Destination stix{.name = "stix", .agency = "brin", .format = BodyFormat::stix};
    Destination beats{.name = "beats", .agency = "brin", .classes = {"heartbeat"}};
    Destination none{.name = "none", .agency = "brin", .except = {"figures"}};
    Destination only{.name = "only", .agency = "brin", .classes = {"figures"}};
    Destination other{.name = "kpu", .agency = "kpu"};
    const Destinations all{{plain, stix, beats, none, only, other}};
    std::vector<std::string> told;
    for (const NewDelivery& message : all.figures("brin", a_day(), false)) {
        EXPECT_EQ(message.type, "figures.daily");
        told.push_back(message.destination);
    }
    EXPECT_EQ(told, (std::vector<std::string>{"brin", "only"}));
    const auto waits = Destinations{}.figures("brin", a_day(), true);
    ASSERT_EQ(waits.size(), 1u) << "until it has a destination";
    EXPECT_THAT(waits[0].body, HasSubstr(R"("exercise":true)"));
}

}  // namespace
}  // namespace kentongan
