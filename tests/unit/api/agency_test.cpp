// What the four agencies and a viewer may read of alerts, and that no question gets around it.
#include "daemon/api/reader_view.hpp"
#include "tests/unit/api/running_server.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kRouting = R"(
agencies = ["kpu", "bssn", "polri", "brin"]
owner = "kpu"
advisory = ["kpu"]
[class.attack]
kpu = { tlp = "AMBER" }
bssn = { tlp = "AMBER", minimum = "medium", withhold = ["user", "related.user"] }
[class.attack.brin]
tlp = "GREEN"
only = ["kentongan.count", "kentongan.first_seen", "source.ip"]
prefix = ["source.ip"]
[class.compromise]
kpu = { tlp = "RED" }
bssn = { tlp = "AMBER+STRICT" }
polri = { tlp = "RED" }
[class.insider]
kpu = { tlp = "RED" }
[class.default]
kpu = { tlp = "AMBER" }
)";
constexpr std::array<std::string_view, 4> kAgencies{"kpu", "bssn", "polri", "brin"};
constexpr std::string_view kFirst = "/api/v1/alerts/01J00000000000000000000001";
constexpr std::string_view kSecond = "/api/v1/alerts/01J00000000000000000000002";

struct Agencies : ::testing::Test {
    Agencies() {
        server.routing = std::make_shared<const Routing>(*Routing::parse(kRouting, "routing"));
        add("attack", {"kpu", "bssn", "brin"}, Tlp::amber);
        add("compromise", {"kpu", "bssn", "polri"}, Tlp::red);
        add("insider", {"kpu"}, Tlp::red);
        add("operations", {"kpu"}, Tlp::amber);
    }
    void add(std::string rule_class, std::vector<std::string> told, Tlp tlp,
             std::string suppressed = "") {
        Alert alert = an_alert(rule_class + ": budi from 203.0.113.7");
        auto rule = std::make_shared<Rule>(*alert.rule);
        rule->rule_class = rule_class;
        alert.rule = rule;
        alert.subject.source_ip = *IpAddress::parse("203.0.113.7");
        alert.subject.user = "budi";
        alert.related_user = {"budi"};
        alert.related_ip = {"203.0.113.7"};
        alert.agencies = std::move(told);
        alert.tlp = tlp;
        alert.suppressed = std::move(suppressed);
        server.store.add(std::move(alert));
    }
    Reply as(std::string_view name, std::string_view target) {
        return Client{server.port}.ask("GET", target, bearer(RunningServer::token_of(name)));
    }
    /// How many alerts a question finds; the same in a page, a count and a histogram.
    std::int64_t found(std::string_view name, std::string_view query = "") {
        const Reply page = as(name, fmt::format("/api/v1/alerts?{}", query));
        EXPECT_EQ(page.result_int(), 200u) << page.body();
        const auto listed = static_cast<std::int64_t>(json_of(page).at("alerts").as_array().size());
        for (const auto* path : {"count", "histogram"}) {
            const Reply counted = as(name, fmt::format("/api/v1/alerts/{}?{}", path, query));
            EXPECT_EQ(json_of(counted).at("total").to_number<std::int64_t>(), listed)
                << name << " " << path << " " << query;
        }
        return listed;
    }
    RunningServer server;
};

TEST_F(Agencies, EachReadsWhatIsRoutedToItAndNothingElse) {
    EXPECT_EQ(found("kpu"), 3);  // insiders are for a named cell
    EXPECT_EQ(found("bssn"), 2);
    EXPECT_EQ(found("polri"), 1);
    EXPECT_EQ(found("brin"), 1);
    EXPECT_EQ(as("polri", kFirst).result_int(), 404u);
    EXPECT_EQ(as("brin", kSecond).result_int(), 404u);
    EXPECT_EQ(as("kpu", "/api/v1/alerts/01J00000000000000000000003").result_int(), 404u);
}

TEST_F(Agencies, EachReadsAnAlertAsItsRouteLetsItOut) {
    for (const std::string_view target : {std::string_view{"/api/v1/alerts"}, kFirst}) {
        EXPECT_THAT(as("kpu", target).body(), HasSubstr("budi from 203.0.113.7"));
        EXPECT_THAT(as("brin", target).body(), HasSubstr("203.0.0.0/16"));
        EXPECT_THAT(as("brin", target).body(), Not(HasSubstr("203.0.113.7")));
        EXPECT_THAT(as("brin", target).body(), Not(HasSubstr("budi")));
        EXPECT_THAT(as("brin", target).body(), HasSubstr("\"tlp\":\"GREEN\""));
    }
    EXPECT_THAT(as("bssn", kFirst).body(), HasSubstr("203.0.113.7"));
    EXPECT_THAT(as("bssn", kFirst).body(), Not(HasSubstr("budi")));
    EXPECT_THAT(as("polri", kSecond).body(), HasSubstr("\"tlp\":\"RED\""));
    EXPECT_THAT(as("bssn", kSecond).body(), HasSubstr("\"tlp\":\"AMBER+STRICT\""));
}

TEST_F(Agencies, NoQuestionTellsWhatARouteKeepsBack) {
    for (const std::string_view value : {"budi", "siti"}) {
        for (const std::string_view who : {"bssn", "brin", "polri"}) {
            EXPECT_EQ(as(who, fmt::format("/api/v1/alerts?q=user%20:%20{}", value)).result_int(),
                      400u)
                << who;
            EXPECT_EQ(as(who, fmt::format("/api/v1/alerts?q={}", value)).result_int(), 400u);
            EXPECT_EQ(
                as(who, fmt::format("/api/v1/alerts/histogram?q=not%20{}", value)).result_int(),
                400u);
        }
    }
    EXPECT_EQ(as("brin", "/api/v1/alerts?q=source.ip%20:%20203.0.113.7").result_int(), 400u);
    for (const std::string_view by : {"user", "related.user", "tlp", "assignee", "state", "host"})
        EXPECT_EQ(as("bssn", fmt::format("/api/v1/alerts/count?by={}", by)).result_int(), 400u)
            << by;
    EXPECT_EQ(found("kpu", "q=user%20:%20budi"), 3);
    EXPECT_EQ(found("kpu", "q=budi"), 3);
}

TEST_F(Agencies, AreAnsweredAboutTheClassesThatShowWhatIsAsked) {
    // bssn's addresses are whole in both classes, brin's only as networks.
    EXPECT_EQ(found("bssn", "q=source.ip%20:%20203.0.113.0/24"), 2);
    EXPECT_EQ(found("bssn", "q=not%20source.ip%20:%20203.0.113.7"), 0);
    // The times of the last event are not among what brin gets of attacks.
    EXPECT_EQ(as("brin", "/api/v1/alerts?q=last_seen%20%3E%20now-1d").result_int(), 400u);
    EXPECT_EQ(found("brin", "q=count%20%3E=%201"), 1);
    EXPECT_EQ(found("brin", "severity=medium"), 1);
    EXPECT_EQ(found("brin", "severity=high"), 0);
}

TEST_F(Agencies, WhatIsSilencedIsNotTheirs) {
    add("attack", {"kpu", "bssn", "brin"}, Tlp::amber, "S1");
    EXPECT_EQ(found("bssn"), 2);
    EXPECT_EQ(as("bssn", "/api/v1/alerts/01J00000000000000000000005").result_int(), 404u);
}

TEST_F(Agencies, OneThatNoRouteReachesReadsNothing) {
    server.routing = std::make_shared<const Routing>(*Routing::parse(R"(
agencies = ["kpu", "bssn"]
owner = "kpu"
[class.default]
kpu = { tlp = "AMBER" }
)",
                                                                     "routing"));
    EXPECT_EQ(found("polri"), 0);
    EXPECT_EQ(found("bssn"), 0);
    server.routing = nullptr;
    EXPECT_EQ(found("kpu"), 0);
}

TEST_F(Agencies, TheirLiveTailIsTheirs) {
    for (const auto& [who, theirs, hidden] : {std::tuple{"brin", "203.0.0.0/16", "budi"},
                                              std::tuple{"bssn", "compromise", "operations"},
                                              std::tuple{"polri", "compromise", "attack"},
                                              std::tuple{"kpu", "operations", "insider"}}) {
        Client client{server.port};
        client.send(
            fmt::format("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\n"
                        "Last-Event-ID: 0\r\n{}\r\n",
                        bearer(RunningServer::token_of(who))));
        std::string text;
        client.read_past(theirs, text);
        EXPECT_THAT(text, Not(HasSubstr(hidden))) << who;
    }
}

TEST_F(Agencies, EachSeesItsOwnDeliveries) {
    for (const std::string_view name : kAgencies) {
        server.store.destinations.push_back(a_destination(std::string(name) + "-soc"));
        server.store.destinations.back().last_error = fmt::format("{} says no", name);
    }
    boost::json::array states;
    for (const std::string_view name : kAgencies)
        states.push_back({{"agency", name}, {"destination", name}});
    server.status["agencies"] = states;
    for (const std::string_view who : kAgencies)
        for (const std::string_view other : kAgencies) {
            const std::string deliveries = as(who, "/api/v1/deliveries").body();
            EXPECT_EQ(deliveries.contains(fmt::format("{} says no", other)), who == other);
            const std::string status = as(who, "/api/v1/status").body();
            EXPECT_EQ(status.contains(fmt::format("\"agency\":\"{}\"", other)), who == other);
        }
    EXPECT_EQ(json_of(as("bssn", "/api/v1/session")).at("agency").as_string(), "bssn");
}

TEST_F(Agencies, SayThatTheyHaveReadWhatTheyWereSent) {
    SampleAlert sample;
    sample.number = 1;
    Alert alert = make_alert(sample);
    alert.id = kFirst.substr(kFirst.rfind('/') + 1);
    server.on_store([&] {
        AlertBatch batch;
        batch.alerts.push_back({alert, {}});
        EXPECT_TRUE(server.records.commit(batch));
    });
    for (const char* name : {"kpu", "bssn"})
        server.store.destinations.push_back(a_destination(std::string(name) + "-soc"));
    const auto see = [&](std::string_view token) {
        return server.post(std::string(kFirst) + ":seen", "{}", bearer(token)).result_int();
    };
    const auto last_read = [&](std::string_view who) {
        return json_of(as(who, "/api/v1/deliveries")).at("deliveries").at(0).at("last_human");
    };
    EXPECT_TRUE(last_read("bssn").is_null());
    EXPECT_EQ(see(RunningServer::token_of("polri")), 404u) << "it was not sent to them";
    EXPECT_EQ(see(RunningServer::token_of(api::Role::lead)), 409u) << "of no agency";
    EXPECT_EQ(see(RunningServer::token_of("bssn")), 200u);
    EXPECT_EQ(last_read("bssn").as_string(), to_rfc3339(server.clock.now()));
    EXPECT_TRUE(last_read("kpu").is_null());
    server.on_store([&] {
        const auto acts = server.triage.actions("agency:bssn", 10).value();
        ASSERT_EQ(acts.size(), 1u);
        EXPECT_EQ(acts[0].who, "bssn");
        EXPECT_EQ(acts[0].comment, alert.id);
        EXPECT_FALSE(server.records.entries(0, 10).value().empty()) << "it is in the history";
    });
    const auto acts = [&] {
        std::size_t out = 0;
        server.on_store([&] { out = server.triage.actions("agency:bssn", 5000).value().size(); });
        return out;
    };
    EXPECT_EQ(see(RunningServer::token_of("bssn")), 200u) << "again within the hour";
    EXPECT_EQ(acts(), 1u);
    server.on_store([&] {
        TriageChange many;
        for (std::size_t i = 0; i < api::Casework::kMostSeen; ++i)
            many.actions.push_back({.object = "agency:bssn",
                                    .at = server.clock.now(),
                                    .who = "bssn",
                                    .action = "seen",
                                    .comment = fmt::format("another {}", i)});
        EXPECT_TRUE(server.triage.change(many));
    });
    EXPECT_EQ(see(RunningServer::token_of("bssn")), 429u);
    EXPECT_EQ(acts(), 1 + api::Casework::kMostSeen);
    server.on_store([&] { server.clock.advance(std::chrono::hours{1}); });
    EXPECT_EQ(see(RunningServer::token_of("bssn")), 200u);
}

TEST_F(Agencies, WhatTheyReadOfRedIsToldOf) {
    as("polri", kSecond);
    as("bssn", kSecond);  // to bssn it is AMBER+STRICT
    server.on_loop([&] {
        EXPECT_THAT(server.red_read,
                    ::testing::ElementsAre("polri alert:01J00000000000000000000002"));
    });
}

TEST_F(Agencies, AViewerReadsUpToAmber) {
    EXPECT_EQ(found("viewer"), 2);
    EXPECT_EQ(found("analyst"), 4);
    EXPECT_EQ(found("viewer", "q=tlp%20:%20RED"), 0);
    EXPECT_EQ(found("viewer", "q=rule.category%20:%20insider"), 0);
    EXPECT_EQ(as("viewer", kFirst).result_int(), 200u);
    for (const auto* part : {"", "/packets", "/proof", "/actions"}) {
        const std::string target = std::string{kSecond} + part;
        EXPECT_EQ(as("viewer", target).result_int(), 404u) << part;
        if (std::string_view{part} != "/actions")
            EXPECT_EQ(as("analyst", target).result_int(), 200u) << part;
    }
    Client client{server.port};
    client.send("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 0\r\n" +
                bearer(RunningServer::token_of("viewer")) + "\r\n");
    std::string text;
    client.read_past("operations", text);
    EXPECT_THAT(text, Not(HasSubstr("insider")));
}

TEST_F(Agencies, AViewerDoesNotReadMessagesAboutRed) {
    for (std::int64_t i = 1; i <= 2; ++i) {
        DeliveryRecord& one = server.store.sent.emplace_back();
        one.message.sequence = i;
        one.message.alert_id = fmt::format("01J{:023}", i);
        one.message.body = "the body";
    }
    EXPECT_THAT(as("viewer", "/api/v1/messages/1").body(), HasSubstr("the body"));
    EXPECT_EQ(as("viewer", "/api/v1/messages/2").result_int(), 403u);
    EXPECT_THAT(as("analyst", "/api/v1/messages/2").body(), HasSubstr("the body"));
    server.on_loop([&] {
        EXPECT_THAT(server.red_read,
                    ::testing::ElementsAre("analyst alert:01J00000000000000000000002"));
    });
}

}  // namespace
}  // namespace kentongan
