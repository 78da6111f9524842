// Questions over HTTP: pages, counts, histograms, saved searches, and errors that point.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

Reply put(RunningServer& server, std::string_view target, std::string_view body) {
    return server.ask(
        "PUT", target,
        fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size()), body);
}

TEST(ApiSearch, AQuestionAndTheOtherParametersNarrowTogether) {
    RunningServer server;
    server.store.add(an_alert("failed login", Severity::high));
    server.store.add(an_alert("failed login", Severity::low));
    server.store.add(an_alert("upload", Severity::high));
    const auto page = json_of(server.get("/api/v1/alerts?q=failed&severity=high"));
    EXPECT_EQ(page.at("alerts").as_array().size(), 1u);
    EXPECT_EQ(page.at("partial"), false);
    EXPECT_EQ(json_of(server.get("/api/v1/alerts?q=severity%20%3E%3D%20high"))
                  .at("alerts")
                  .as_array()
                  .size(),
              2u);
}

TEST(ApiSearch, ARefusedQuestionIsPointedAt) {
    RunningServer server;
    const Reply reply = server.get("/api/v1/alerts?q=user%20:%20a%20and%20sevrity%20:%20high");
    EXPECT_EQ(reply.result_int(), 400u);
    const auto error = json_of(reply).at("errors").as_array().at(0).as_object();
    EXPECT_EQ(error.at("parameter"), "q");
    EXPECT_EQ(error.at("offset"), 13);
    EXPECT_EQ(error.at("length"), 7);
    EXPECT_THAT(std::string{error.at("detail").as_string()}, HasSubstr("did you mean severity?"));
    EXPECT_THAT(std::string{error.at("shown").as_string()}, HasSubstr("\n             ^^^^^^^\n"));
}

TEST(ApiSearch, CountsAreByTheValuesOfAField) {
    RunningServer server;
    for (int i = 0; i < 3; ++i) server.store.add(an_alert("a", Severity::high));
    server.store.add(an_alert("b", Severity::low));
    server.store.add(an_alert("c", Severity::info));
    const auto all = json_of(server.get("/api/v1/alerts/count?by=severity&limit=1"));
    EXPECT_EQ(all.at("total"), 5);
    EXPECT_EQ(all.at("by"), "severity");
    EXPECT_EQ(boost::json::serialize(all.at("groups")), R"([{"value":"high","count":3}])");
    EXPECT_EQ(all.at("others"), 2);
    EXPECT_EQ(json_of(server.get("/api/v1/alerts/count?q=b")).at("total"), 1);
    EXPECT_THAT(server.get("/api/v1/alerts/count?by=message").body(), HasSubstr("not counted by"));
    EXPECT_THAT(server.get("/api/v1/alerts/count?by=usr").body(), HasSubstr("did you mean user?"));
    EXPECT_EQ(server.get("/api/v1/alerts/count?cursor=n-1").result_int(), 400u);
}

TEST(ApiSearch, AHistogramHasItsIntervalGivenOrChosen) {
    RunningServer server;
    Alert late = an_alert();
    late.first_seen += std::chrono::minutes{95};
    server.store.add(an_alert());
    server.store.add(late);
    const auto hours = json_of(server.get("/api/v1/alerts/histogram?interval=1h"));
    EXPECT_EQ(hours.at("interval"), "1h");
    EXPECT_EQ(boost::json::serialize(hours.at("bars")),
              R"([{"begin":"2024-11-27T06:00:00Z","count":1},)"
              R"({"begin":"2024-11-27T07:00:00Z","count":1}])");
    EXPECT_EQ(server.get("/api/v1/alerts/histogram").result_int(), 200u);
    EXPECT_EQ(server.get("/api/v1/alerts/histogram?interval=1y").result_int(), 400u);
}

TEST(ApiSearch, AnAnswerThatIsNotAllSaysSoAndWhy) {
    RunningServer server;
    server.store.add(an_alert());
    server.store.partial = "stopped after 2.0 s of work";
    for (const char* target :
         {"/api/v1/alerts", "/api/v1/alerts/count", "/api/v1/alerts/histogram"}) {
        const auto body = json_of(server.get(target));
        EXPECT_EQ(body.at("partial"), true) << target;
        EXPECT_EQ(body.at("reason"), "stopped after 2.0 s of work") << target;
    }
}

TEST(ApiSearch, SearchesAreSavedListedAndDeleted) {
    RunningServer server;
    EXPECT_EQ(put(server, "/api/v1/searches/night%20watch",
                  R"({"query":"severity >= high","owner":"ani"})")
                  .result_int(),
              200u);
    const auto one = json_of(server.get("/api/v1/searches/night%20watch"));
    EXPECT_EQ(one.at("query"), "severity >= high");
    EXPECT_EQ(one.at("owner"), "ani");
    EXPECT_EQ(json_of(server.get("/api/v1/searches")).at("searches").as_array().size(), 1u);
    EXPECT_EQ(server.ask("DELETE", "/api/v1/searches/night%20watch").result_int(), 200u);
    EXPECT_EQ(server.ask("DELETE", "/api/v1/searches/night%20watch").result_int(), 404u);
    EXPECT_EQ(server.get("/api/v1/searches/night%20watch").result_int(), 404u);
}

TEST(ApiSearch, WhatCannotBeAskedIsNotSaved) {
    RunningServer server;
    for (const char* body : {R"({"query":"sevrity : high"})", R"({"query":1})", R"({})", "[", "",
                             R"({"query":"a","colour":"red"})"})
        EXPECT_EQ(put(server, "/api/v1/searches/x", body).result_int(), 400u) << body;
    EXPECT_THAT(put(server, "/api/v1/searches/x", R"({"query":"sevrity : high"})").body(),
                HasSubstr("\"offset\":0"));
    EXPECT_TRUE(json_of(server.get("/api/v1/searches")).at("searches").as_array().empty());
}

}  // namespace
}  // namespace kentongan
