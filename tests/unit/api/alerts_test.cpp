// Listing, paging, single alerts, deliveries, status.
#include <cstring>
#include <set>

#include "daemon/base/text.hpp"
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

std::string cursor_of(const boost::json::object& page) {
    const auto& next = page.at("next_cursor");
    return next.is_null() ? "" : std::string{next.as_string()};
}

void collect(const boost::json::object& page, std::vector<std::string>& ids) {
    for (const auto& alert : page.at("alerts").as_array())
        ids.emplace_back(alert.at("event").at("id").as_string());
}

TEST(ApiAlerts, PagingLosesAndRepeatsNothingWhileNewAlertsArrive) {
    RunningServer server;
    for (int i = 0; i < 250; ++i) server.store.add(an_alert());
    std::vector<std::string> ids;
    std::string cursor;
    int pages = 0;
    do {
        const auto target = "/api/v1/alerts?limit=40" + (cursor.empty() ? "" : "&cursor=" + cursor);
        const Reply reply = server.get(target);
        ASSERT_EQ(reply.result_int(), 200u) << reply.body();
        collect(json_of(reply), ids);
        cursor = cursor_of(json_of(reply));
        const std::string link =
            cursor.empty() ? "" : "</api/v1/alerts?limit=40&cursor=" + cursor + ">; rel=\"next\"";
        EXPECT_EQ(reply[http::field::link], link);
        server.on_store([&] {
            for (int i = 0; i < 7; ++i) server.store.add(an_alert());
        });
        ++pages;
    } while (!cursor.empty());
    EXPECT_EQ(pages, 7);
    ASSERT_EQ(ids.size(), 250u);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 250u);
    EXPECT_TRUE(std::ranges::is_sorted(ids, std::greater{}));
}

TEST(ApiAlerts, OldestFirstReachesAlertsThatArriveMeanwhile) {
    RunningServer server;
    for (int i = 0; i < 15; ++i) server.store.add(an_alert());
    std::vector<std::string> ids;
    const auto first = json_of(server.get("/api/v1/alerts?order=oldest&limit=10"));
    collect(first, ids);
    server.on_store([&] { server.store.add(an_alert()); });
    collect(json_of(server.get("/api/v1/alerts?order=oldest&limit=10&cursor=" + cursor_of(first))),
            ids);
    EXPECT_EQ(ids.size(), 16u);
    EXPECT_TRUE(std::ranges::is_sorted(ids));
}

TEST(ApiAlerts, FiltersReachTheStore) {
    RunningServer server;
    server.store.add(an_alert("low", Severity::low));
    server.store.add(an_alert("high", Severity::high));
    Alert late = an_alert("late", Severity::critical);
    late.first_seen += std::chrono::hours{1};
    late.agencies = {"bssn"};
    server.store.add(late);
    const auto count = [&](std::string_view query) {
        const Reply reply = server.get(fmt::format("/api/v1/alerts?{}", query));
        EXPECT_EQ(reply.result_int(), 200u) << query << reply.body();
        return json_of(reply).at("alerts").as_array().size();
    };
    EXPECT_EQ(count(""), 3u);
    EXPECT_EQ(count("severity=high"), 2u);
    EXPECT_EQ(count("agency=bssn"), 1u);
    EXPECT_EQ(count("ruleset=yara"), 0u);
    EXPECT_EQ(count("rule=sigma%3Atest"), 3u);
    EXPECT_EQ(count("since=2024-11-27T06:30:00Z"), 1u);
    EXPECT_EQ(count("until=2024-11-27T13:30:00%2B07:00"), 2u);
}

TEST(ApiAlerts, EveryBadParameterIsNamedInOneProblem) {
    RunningServer server;
    const Reply reply = server.get(
        "/api/v1/alerts?limit=0&severity=worst&ruleset=x&since=yesterday&order=up&cursor=zz&"
        "agncy=kpu&rule=&rule=b");
    EXPECT_EQ(reply.result_int(), 400u);
    EXPECT_EQ(reply[http::field::content_type], "application/problem+json");
    const auto body = json_of(reply);
    EXPECT_EQ(body.at("status"), 400);
    EXPECT_EQ(body.at("title"), "Bad Request");
    EXPECT_THAT(std::string{body.at("instance").as_string()}, HasSubstr("/api/v1/alerts?limit=0"));
    EXPECT_EQ(body.at("errors").as_array().size(), 9u);
    EXPECT_THAT(reply.body(), HasSubstr("did you mean agency?"));
    EXPECT_THAT(reply.body(), HasSubstr("given more than once"));
}

TEST(ApiAlerts, LimitsBeyondAThousandAreRefused) {
    RunningServer server;
    EXPECT_EQ(server.get("/api/v1/alerts?limit=1000").result_int(), 200u);
    for (const char* limit : {"1001", "-1", "1e2", "99999999999999999999", "1%00"})
        EXPECT_EQ(server.get(fmt::format("/api/v1/alerts?limit={}", limit)).result_int(), 400u)
            << limit;
}

TEST(ApiAlerts, ACursorBelongsToOneOrder) {
    RunningServer server;
    for (int i = 0; i < 3; ++i) server.store.add(an_alert());
    const auto cursor = cursor_of(json_of(server.get("/api/v1/alerts?limit=1")));
    EXPECT_EQ(server.get("/api/v1/alerts?order=oldest&cursor=" + cursor).result_int(), 400u);
}

TEST(ApiAlerts, APageOfLargeAlertsIsCutAndContinued) {
    RunningServer server;
    for (int i = 0; i < 100; ++i) server.store.add(an_alert(std::string(100'000, 'm')));
    std::vector<std::string> ids;
    std::string cursor;
    do {
        const Reply reply =
            server.get("/api/v1/alerts?limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor));
        EXPECT_LT(reply.body().size(), std::size_t{5} << 20);
        collect(json_of(reply), ids);
        cursor = cursor_of(json_of(reply));
    } while (!cursor.empty());
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 100u);
    EXPECT_EQ(ids.size(), 100u);
}

TEST(ApiAlerts, AnUnchangedPageIsNotSentAgain) {
    RunningServer server;
    server.store.add(an_alert());
    const std::string etag{server.get("/api/v1/alerts")[http::field::etag]};
    Client client{server.port};
    const auto headers = bearer(kToken) + "If-None-Match: " + etag + "\r\n";
    client.send("GET /api/v1/alerts HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
    const Reply same = client.receive(true);
    EXPECT_EQ(same.result_int(), 304u);
    server.on_store([&] { server.store.add(an_alert()); });
    EXPECT_EQ(client.ask("GET", "/api/v1/alerts", headers).result_int(), 200u);
}

TEST(ApiAlerts, OneAlertIsFoundByItsId) {
    RunningServer server;
    server.store.add(an_alert("the one"));
    const Reply reply = server.get("/api/v1/alerts/01J00000000000000000000001");
    EXPECT_EQ(json_of(reply).at("message"), "the one");
    EXPECT_EQ(reply[http::field::cache_control], "no-store");
    EXPECT_EQ(server.get("/api/v1/alerts/nope").result_int(), 404u);
    EXPECT_EQ(server.get("/api/v1/alerts/a/b").result_int(), 404u);
}

TEST(ApiAlerts, AFailingStoreIsAProblemThatNamesTheReason) {
    RunningServer server;
    server.store.failing = true;
    for (const char* target : {"/api/v1/alerts", "/api/v1/alerts/x", "/api/v1/deliveries",
                               "/api/v1/status", "/api/v1/alerts/stream"}) {
        const Reply reply = server.get(target);
        EXPECT_EQ(reply.result_int(), 503u) << target;
        EXPECT_THAT(reply.body(), HasSubstr("disk is full")) << target;
    }
    EXPECT_EQ(server.get("/-/healthy").result_int(), 200u);
}

TEST(ApiDeliveries, AreListedAndRetried) {
    RunningServer server;
    DeliveryStatus bssn = a_destination("bssn");
    bssn.delivered = 3;
    bssn.pending = 1;
    bssn.dead = 2;
    bssn.oldest_pending = parse_rfc3339("2024-11-27T06:00:00Z");
    bssn.last_error = "503 from \x01 bssn";
    server.store.destinations.push_back(bssn);
    const auto list = json_of(server.get("/api/v1/deliveries")).at("deliveries").as_array();
    EXPECT_EQ(boost::json::serialize(list),
              "[{\"destination\":\"bssn\",\"delivered\":3,\"pending\":1,\"dead\":2,"
              "\"oldest_pending\":\"2024-11-27T06:00:00.000Z\",\"last_delivered\":null,"
              "\"last_error\":\"503 from \\u0001 bssn\",\"last_human\":null}]");
    EXPECT_EQ(server.ask("POST", "/api/v1/deliveries/bssn:retry").body(),
              "{\"destination\":\"bssn\",\"revived\":3}");
    EXPECT_EQ(server.ask("POST", "/api/v1/deliveries/fbi:retry").result_int(), 404u);
    EXPECT_EQ(server.ask("POST", "/api/v1/deliveries/:retry").result_int(), 404u);
}

TEST(ApiStatus, JoinsTheSensorsStateWithCounts) {
    RunningServer server;
    server.store.add(an_alert());
    server.metrics.alerts.with({"high", "sigma"}).add(2);
    server.health = {.alive = true, .ready = false, .reasons = {"the disk is full"}};
    const auto status = json_of(server.get("/api/v1/status"));
    EXPECT_EQ(status.at("name"), "tps-sensor");
    EXPECT_EQ(status.at("now"), "2024-11-27T06:00:00.000Z");
    EXPECT_EQ(status.at("ready"), false);
    EXPECT_EQ(status.at("alerts").at("stored"), 1);
    EXPECT_EQ(status.at("alerts").at("raised").at("high"), 2);
    const Reply ready = server.get("/-/ready");
    EXPECT_EQ(ready.result_int(), 503u);
    EXPECT_EQ(json_of(ready).at("errors").as_array()[0].at("detail"), "the disk is full");
}

TEST(ApiStream, ResumesAfterTheLastEventSeenAndSendsOneEventAnAlert) {
    RunningServer server;
    for (int i = 0; i < 3; ++i) server.store.add(an_alert("line one\nline two"));
    Client client{server.port};
    client.send("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 1\r\n" +
                bearer(kToken) + "\r\n");
    std::string text;
    client.read_past("id: 3\n", text);
    EXPECT_THAT(text, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(text, HasSubstr("retry: 2000\nid: 1\n\n"));
    EXPECT_FALSE(text.contains("id: 1\nevent"));
    const auto data = text.substr(text.find("data: ") + 6);
    EXPECT_EQ(boost::json::parse(data.substr(0, data.find('\n'))).at("message"),
              "line one\nline two");
}

TEST(ApiStream, StartsAtTheNewestAlertAndHasACap) {
    api::Options options = RunningServer::with_token();
    options.maximum_streams = 1;
    RunningServer server{std::move(options)};
    server.store.add(an_alert("old"));
    Client client{server.port};
    client.send("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\n" + bearer(kToken) + "\r\n");
    std::string text;
    client.read_past("retry: 2000\nid: 1\n\n", text);  // from here on, should it break off
    EXPECT_EQ(server.get("/api/v1/alerts/stream").result_int(), 503u);
    server.on_store([&] { server.store.add(an_alert("new")); });
    client.read_past("id: 2\n", text);
    EXPECT_THAT(text, HasSubstr("id: 2\n"));
    EXPECT_FALSE(text.contains("old"));
}

TEST(ApiStream, AClientThatFallsTooFarBehindIsToldAndGoesOnFromTheNewest) {
    RunningServer server;
    server.store.add(an_alert());
    Client client{server.port};
    client.send("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\n" + bearer(kToken) + "\r\n");
    std::string text;
    client.read_past("retry: 2000\nid: 1\n\n", text);
    server.on_store([&] {
        for (int i = 0; i < 10'500; ++i) server.store.add(an_alert());
    });
    client.read_past("event: lagged", text);
    constexpr std::string_view kLagged = "id: 10501\nevent: lagged\ndata: {\"missed\":";
    const auto lagged = text.find(kLagged);
    ASSERT_NE(lagged, std::string::npos);
    // What it was given before that and what it missed are all there was.
    std::string_view missed = std::string_view{text}.substr(lagged + kLagged.size());
    std::string_view last =
        std::string_view{text}.substr(text.rfind("id: ", lagged - 1) + std::strlen("id: "));
    EXPECT_EQ(parse_number<int>(take_until(missed, '}')).value() +
                  parse_number<int>(take_until(last, '\n')).value(),
              10501);
    server.on_store([&] { server.store.add(an_alert("after that")); });
    client.read_past("id: 10502\n", text);
    EXPECT_THAT(text, HasSubstr("after that"));
    EXPECT_THAT(server.get("/metrics").body(), HasSubstr("kentongan_live_tails_lagged_total 1"));
}

TEST(ApiStream, AllWhoAskTheSameAreGivenTheSame) {
    RunningServer server;
    std::vector<std::unique_ptr<Client>> clients;
    std::vector<std::string> texts(5);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        clients.push_back(std::make_unique<Client>(server.port));
        clients[i]->send(fmt::format("GET /api/v1/alerts/stream{} HTTP/1.1\r\nHost: x\r\n{}\r\n",
                                     i == 4 ? "?q=severity%20:%20high" : "", bearer(kToken)));
        clients[i]->read_past("retry: 2000\nid: 0\n\n", texts[i]);
    }
    server.on_store([&] {
        server.store.add(an_alert("of all"));
        server.store.add(an_alert("second", Severity::high));
    });
    for (std::size_t i = 0; i < texts.size(); ++i) {
        clients[i]->read_past("id: 2\n", texts[i]);
        EXPECT_EQ(texts[i].contains("of all"), i != 4);
        EXPECT_THAT(texts[i], HasSubstr("second"));
    }
}

TEST(ApiAlerts, TheLiveTailIsAlsoOneOfLines) {
    RunningServer server;
    server.on_store([&] {
        server.store.add(an_alert("the first"));
        server.store.add(an_alert("the second"));
    });
    Client client{server.port};
    client.send(
        "GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 1\r\n"
        "Accept: application/x-ndjson\r\n" +
        bearer(kToken) + "\r\n");
    std::string text;
    while (!text.contains("the second")) {
        std::array<char, 4096> piece;
        text.append(piece.data(), client.socket.read_some(asio::buffer(piece)));
    }
    EXPECT_THAT(text, HasSubstr("Content-Type: application/x-ndjson"));
    EXPECT_THAT(text, HasSubstr("{\"sequence\":1}\n"));
    EXPECT_THAT(text, HasSubstr("{\"sequence\":2,\"alert\":{"));
    EXPECT_FALSE(text.contains("the first"));
    EXPECT_FALSE(text.contains("data:"));
}

}  // namespace
}  // namespace kentongan
