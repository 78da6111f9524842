// What a screen on the wall may see, and who is told of as a reader of TLP:RED.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Alert an_alert_of_a_person(Tlp tlp) {
    Alert alert = an_alert("password of budi guessed from 203.0.113.7");
    alert.subject.source_ip = *IpAddress::parse("203.0.113.7");
    alert.subject.user = "budi";
    alert.related_ip = {"203.0.113.7"};
    alert.related_user = {"budi"};
    alert.entity = "budi";
    alert.evidence.push_back({"log", "/var/log/auth.log", 7, "", "Failed password for budi"});
    alert.tlp = tlp;
    return alert;
}

struct Wall : ::testing::Test {
    Wall() { server.store.add(an_alert_of_a_person(Tlp::red)); }
    Reply as(api::Role role, std::string_view target) {
        return Client{server.port}.ask("GET", target, bearer(RunningServer::token_of(role)));
    }
    std::vector<std::string> red_read() {
        std::vector<std::string> out;
        server.on_loop([&] { out = server.red_read; });
        return out;
    }
    RunningServer server;
};

TEST_F(Wall, SeesThatAndHowSeverelyButNotWhom) {
    for (const std::string_view target :
         {"/api/v1/alerts", "/api/v1/alerts/01J00000000000000000000001"}) {
        const Reply reply = as(api::Role::wall, target);
        EXPECT_EQ(reply.result_int(), 200u);
        EXPECT_THAT(reply.body(), HasSubstr("\"severity\":\"medium\""));
        EXPECT_THAT(reply.body(), HasSubstr("A rule"));
        EXPECT_THAT(reply.body(), Not(HasSubstr("budi")));
        EXPECT_THAT(reply.body(), Not(HasSubstr("203.0.113.7")));
        EXPECT_THAT(as(api::Role::analyst, target).body(), HasSubstr("203.0.113.7"));
    }
}

TEST_F(Wall, SeesWhyUploadsStopped) {
    Alert alert = an_alert("uploads stopped");
    for (const std::string_view cause : {"sensor blind", "upstream outage"})
        alert.evidence.push_back(
            {"statement", "sirekap.upload", 0, "",
             fmt::format(R"({{"statement":{{"begin":"2024-11-27T12:00:00Z","cause":"{}",)"
                         R"("kind":"upload-stall","observer":"hub-1","state":"stopped"}}}})",
                         cause)});
    server.store.add(alert);
    const std::string shown = as(api::Role::wall, "/api/v1/alerts").body();
    EXPECT_THAT(shown, HasSubstr("\"cause\":\"upstream outage\""));
    EXPECT_THAT(shown, Not(HasSubstr("sensor blind")));
    EXPECT_THAT(shown, Not(HasSubstr("hub-1")));
}

TEST_F(Wall, ItsLiveTailIsTheSame) {
    Client client{server.port};
    client.send("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 0\r\n" +
                bearer(RunningServer::token_of(api::Role::wall)) + "\r\n");
    std::string text;
    client.read_past("event: alert", text);
    EXPECT_THAT(text, HasSubstr("A rule"));
    EXPECT_THAT(text, Not(HasSubstr("budi")));
}

TEST_F(Wall, MayNotAskAboutWhatItMayNotSee) {
    for (const std::string_view query :
         {"q=source.ip%20:%20203.0.113.7", "q=budi", "q=not%20user%20:%20budi"}) {
        const std::string target = fmt::format("/api/v1/alerts?{}", query);
        EXPECT_EQ(as(api::Role::wall, target).result_int(), 400u) << query;
        EXPECT_EQ(as(api::Role::viewer, target).result_int(), 200u) << query;
    }
    EXPECT_EQ(as(api::Role::wall, "/api/v1/alerts/count?by=source.ip").result_int(), 400u);
    EXPECT_EQ(as(api::Role::wall, "/api/v1/alerts/count?by=severity").result_int(), 200u);
    EXPECT_EQ(as(api::Role::wall, "/api/v1/alerts?q=severity%20%3E=%20low").result_int(), 200u);
}

TEST_F(Wall, ADrillIsShownWithoutWhatItsAlertsSay) {
    server.score = boost::json::parse(R"({"false_alarms":[{"id":"1","message":"from 203.0.113.7"}],
        "unmarked":[{"id":"2","message":"of budi"}],
        "scenarios":[{"scenario":"flood","alerts":[{"id":"3","name":"A rule",
        "message":"budi at 203.0.113.7"}]}]})")
                       .as_object();
    for (const auto role : {api::Role::wall, api::Role::viewer}) {
        const std::string shown = as(role, "/api/v1/drill").body();
        EXPECT_THAT(shown, HasSubstr("A rule"));
        EXPECT_THAT(shown, Not(HasSubstr("budi")));
        EXPECT_THAT(shown, Not(HasSubstr("203.0.113.7")));
    }
    EXPECT_THAT(as(api::Role::analyst, "/api/v1/drill").body(), HasSubstr("budi at"));
}

TEST_F(Wall, ErrorsOfTheProcessAndOfDestinationsAreNotForIt) {
    server.store.destinations.push_back(a_destination("kpu"));
    server.store.destinations.back().last_error = "connect to 10.9.8.7: refused";
    server.store.destinations.back().dead = 3;
    server.health.reasons = {"the store cannot commit: /var/lib/secret.db: disk is full"};
    server.health.codes = {"store"};
    server.status["changes"] = boost::json::parse(R"([{"what":["rules"],"why":"said budi"}])");
    server.status["agencies"] =
        boost::json::parse(R"([{"agency":"kpu","state":"10.9.8.7 refuses"}])");
    const std::string deliveries = as(api::Role::wall, "/api/v1/deliveries").body();
    EXPECT_THAT(deliveries, HasSubstr("\"dead\":3"));
    EXPECT_THAT(deliveries, Not(HasSubstr("10.9.8.7")));
    EXPECT_THAT(as(api::Role::viewer, "/api/v1/deliveries").body(), HasSubstr("10.9.8.7"));
    const std::string status = as(api::Role::wall, "/api/v1/status").body();
    EXPECT_THAT(status, HasSubstr("the store cannot commit"));
    EXPECT_THAT(status, HasSubstr(R"("reason_codes":["store"])"));
    for (const auto* hidden : {"secret.db", "budi", "10.9.8.7"}) {
        EXPECT_THAT(status, Not(HasSubstr(hidden)));
        EXPECT_THAT(as(api::Role::viewer, "/api/v1/status").body(), HasSubstr(hidden));
    }
}

TEST_F(Wall, EachReadingOfRedIsCounted) {
    const std::string alert = "alert:01J00000000000000000000001";
    const std::string target = "/api/v1/alerts/01J00000000000000000000001";
    server.store.add(an_alert_of_a_person(Tlp::amber));
    as(api::Role::wall, "/api/v1/alerts");
    EXPECT_THAT(red_read(), ElementsAre());
    as(api::Role::analyst, "/api/v1/alerts");
    as(api::Role::analyst, target);
    as(api::Role::analyst, target);
    as(api::Role::lead, target);
    EXPECT_THAT(red_read(), ElementsAre("analyst " + alert, "lead " + alert));
    server.on_loop([&] { server.clock.advance(std::chrono::hours{2}); });
    as(api::Role::lead, target);
    EXPECT_THAT(red_read(), ElementsAre("analyst " + alert, "lead " + alert,
                                        "analyst " + alert + " again 2", "lead " + alert));
}

TEST_F(Wall, WhateverMayTellOfRedCountsAsReading) {
    const std::string alert = "/api/v1/alerts/01J00000000000000000000001";
    for (const auto& [target, object] :
         {std::pair{alert + "/actions", "alert:01J00000000000000000000001"},
          std::pair{std::string{"/api/v1/alerts/count?by=user"}, "count:user"},
          std::pair{std::string{"/api/v1/drill"}, "drill"},
          std::pair{std::string{"/api/v1/cases/K1"}, "case:K1"},
          std::pair{std::string{"/api/v1/cases/K2/timeline"}, "case:K2"}}) {
        const std::size_t before = red_read().size();
        as(api::Role::analyst, target);
        ASSERT_EQ(red_read().size(), before + 1) << target;
        EXPECT_EQ(red_read().back(), std::string{"analyst "} + object);
    }
    const std::size_t before = red_read().size();
    as(api::Role::analyst, "/api/v1/alerts/count?by=severity");
    EXPECT_EQ(red_read().size(), before);
}

}  // namespace
}  // namespace kentongan
