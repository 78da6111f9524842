// Every route × no token, a wrong one, the right one; and methods, headers, counts.
#include "daemon/api/routes.hpp"
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

/// A path that the route's pattern matches and that exists in the fake store.
std::string example_of(std::string_view pattern) {
    std::string path{pattern};
    const auto put = [&](std::string_view name, std::string_view value) {
        if (const auto at = path.find(name); at != std::string::npos)
            path.replace(at, name.size(), value);
    };
    put("{id}", "01J00000000000000000000001");
    put("{destination}", "bssn");
    put("{sequence}", "7");
    return path;
}

struct Access : ::testing::TestWithParam<api::Route> {
    Access() {
        server.store.add(an_alert());
        server.store.destinations.push_back(a_destination("bssn"));
        server.store.sent.emplace_back().message.sequence = 7;
    }
    unsigned status(std::string_view headers) {
        const api::Route& route = GetParam();
        Client client{server.port};
        client.send(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\n{}\r\n", route.method,
                                example_of(route.pattern), headers));
        http::response_parser<http::empty_body> parser;
        http::read_header(client.socket, client.buffer, parser);
        EXPECT_EQ(parser.get()["X-Content-Type-Options"], "nosniff");
        EXPECT_THAT(std::string{parser.get()["Content-Security-Policy"]},
                    HasSubstr("default-src 'self'"));
        EXPECT_THAT(std::string{parser.get()["Content-Security-Policy"]},
                    HasSubstr("frame-ancestors 'none'"));
        EXPECT_EQ(parser.get()["Referrer-Policy"], "no-referrer");
        EXPECT_TRUE(parser.get()["Access-Control-Allow-Origin"].empty());
        return parser.get().result_int();
    }
    RunningServer server;
};

TEST_P(Access, IsGivenToTheRightTokenOnly) {
    const auto& [method, pattern] = std::pair{GetParam().method, GetParam().pattern};
    const bool open = GetParam().access == api::Access::open;
    EXPECT_EQ(open, (!pattern.starts_with("/api") && pattern != "/-/reload") ||
                        pattern == "/api/v1/openapi.json" ||
                        (method == "POST" && pattern == "/api/v1/session"));
    const unsigned refused = open ? status(bearer(kToken)) : 401;
    EXPECT_EQ(status(""), refused);
    EXPECT_EQ(status(bearer("a-wrong-token-of-the-tests-01234")), refused);
    EXPECT_EQ(status(bearer(kToken.substr(1))), refused);
    EXPECT_EQ(status(bearer("")), refused);
    EXPECT_EQ(status(fmt::format("Authorization: Basic {}\r\n", kToken)), refused);
    EXPECT_NE(status(bearer(kToken)), 401);
    EXPECT_NE(status(bearer(kToken)), 403);
    if (method == "GET" && !pattern.contains("cases/{id}") &&
        !pattern.contains("searches/{name}") && !pattern.contains("actions"))
        EXPECT_EQ(status(bearer(kToken)), 200);
}

TEST_P(Access, IsGivenToItsLeastRoleAndThoseAbove) {
    if (GetParam().access == api::Access::open) return;
    for (int role = 0; role <= static_cast<int>(api::Role::admin); ++role) {
        const auto who = static_cast<api::Role>(role);
        const unsigned answer = status(bearer(RunningServer::token_of(who)));
        EXPECT_EQ(answer == 403, who < GetParam().least) << name_of(who) << " " << answer;
        EXPECT_NE(answer, 401);
    }
}

/// But for an agency's word that it has read what it was sent, which changes nothing of the alert.
TEST(ApiAccess, NoRoleBelowAnalystChangesAnything) {
    for (const api::Route& route : api::routes())
        if (route.method != "GET" && route.pattern != "/api/v1/session" &&
            !route.pattern.ends_with(":seen"))
            EXPECT_GE(route.least, api::Role::analyst) << route.pattern;
}

INSTANTIATE_TEST_SUITE_P(Routes, Access,
                         ::testing::ValuesIn(api::routes().begin(), api::routes().end()),
                         [](const auto& info) {
                             std::string name = std::string{info.param.method};
                             for (const char c : info.param.pattern)
                                 if (std::isalnum(static_cast<unsigned char>(c))) name += c;
                             return name + std::to_string(info.index);
                         });

TEST(ApiAccess, WithoutConfiguredTokensNobodyHasAccessAndTheAnswerSaysWhy) {
    RunningServer server{api::Options{}};
    const Reply reply = server.get("/api/v1/alerts");
    EXPECT_EQ(reply.result_int(), 401u);
    EXPECT_EQ(reply[http::field::content_type], "application/problem+json");
    EXPECT_EQ(reply[http::field::www_authenticate], "Bearer realm=\"kentongan\"");
    EXPECT_THAT(reply.body(), HasSubstr("api.token_file"));
}

TEST(ApiAccess, UnknownPathsBelowApiNeedATokenToo) {
    RunningServer server;
    EXPECT_EQ(Client{server.port}.ask("GET", "/api/v1/secret").result_int(), 401u);
    EXPECT_EQ(server.get("/api/v1/secret").result_int(), 404u);
    EXPECT_EQ(Client{server.port}.ask("GET", "/nothing").result_int(), 404u);
    EXPECT_EQ(Client{server.port}.ask("GET", "/api%2Fv1%2Falerts").result_int(), 404u);
    EXPECT_EQ(Client{server.port}.ask("GET", "//api/v1/alerts").result_int(), 404u);
}

TEST(ApiAccess, ReplacedTokensHoldFromTheNextRequestOn) {
    RunningServer server;
    Client client{server.port};
    EXPECT_EQ(client.ask("GET", "/api/v1/status", bearer(kToken)).result_int(), 200u);
    server.on_loop([&] {
        api::Tokens tokens;
        tokens.add("another-token-0123456789");
        server.server->replace_tokens(std::move(tokens));
    });
    EXPECT_EQ(client.ask("GET", "/api/v1/status", bearer(kToken)).result_int(), 401u);
    EXPECT_EQ(client.ask("GET", "/api/v1/status", bearer("another-token-0123456789")).result_int(),
              200u);
}

TEST(ApiAccess, OtherMethodsAreToldWhichOnesThereAre) {
    RunningServer server;
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "XYZZY"}) {
        const Reply reply = server.ask(method, "/api/v1/alerts");
        EXPECT_EQ(reply.result_int(), 405u) << method;
        EXPECT_EQ(reply[http::field::allow], "GET, HEAD") << method;
    }
    EXPECT_EQ(server.get("/api/v1/deliveries/bssn:retry")[http::field::allow], "POST");
}

TEST(ApiAccess, HeadAnswersAsGetDoesWithoutTheBody) {
    RunningServer server;
    Client client{server.port};
    const Reply get = client.ask("GET", "/-/ready");
    const Reply head = client.ask("HEAD", "/-/ready");
    EXPECT_EQ(head.result_int(), 200u);
    EXPECT_EQ(head.body(), "");
    EXPECT_EQ(head[http::field::content_length], get[http::field::content_length]);
    EXPECT_EQ(client.ask("GET", "/-/ready").body(), "{\"ready\":true}");  // still in step
}

TEST(ApiAccess, RequestsAreCountedByRouteAndStatusClass) {
    RunningServer server;
    server.get("/api/v1/alerts/01J1");
    server.get("/api/v1/alerts/01J2");
    server.get("/x/y");
    const std::string metrics = server.get("/metrics").body();
    EXPECT_THAT(metrics, HasSubstr("kentongan_http_requests_total{route=\"/api/v1/alerts/{id}\","
                                   "status=\"4xx\"} 2"));
    EXPECT_THAT(metrics, HasSubstr("{route=\"none\",status=\"4xx\"} 1"));
}

TEST(ApiAccess, AReloadIsAskedForByAnAdministratorOnTheMachine) {
    RunningServer server;
    const auto reloads = [&] {
        int out = 0;
        server.on_loop([&] { out = server.reloads; });
        return out;
    };
    EXPECT_EQ(Client{server.port}.ask("POST", "/-/reload").result_int(), 401u);
    const auto lead = bearer(RunningServer::token_of(api::Role::lead));
    EXPECT_EQ(Client{server.port}.ask("POST", "/-/reload", lead).result_int(), 403u);
    EXPECT_EQ(reloads(), 0);
    EXPECT_EQ(server.ask("POST", "/-/reload").result_int(), 202u);
    EXPECT_EQ(reloads(), 1);
}

TEST(ApiAccess, TheMetricsListenerServesNothingElse) {
    api::Options options = RunningServer::with_token();
    options.metrics_only = true;
    RunningServer server{std::move(options)};
    EXPECT_EQ(server.get("/metrics").result_int(), 200u);
    EXPECT_EQ(server.get("/-/healthy").result_int(), 200u);
    EXPECT_EQ(server.get("/api/v1/alerts").result_int(), 404u);
    EXPECT_EQ(server.get("/").result_int(), 404u);
}

TEST(ApiEvidence, ExportsAndHandsOverInTheCallersName) {
    RunningServer server;
    const std::string analyst = bearer(RunningServer::token_of(api::Role::analyst));
    EXPECT_EQ(server.post("/api/v1/evidence?id=a&why=court", "", analyst).body(), "a package");
    EXPECT_EQ(server.post("/api/v1/evidence?id=a&why=court&who=boss", "", analyst).result_int(),
              400u);
    const auto hand_over = [&](char digit) {
        return server.post(
            "/api/v1/evidence:handover",
            fmt::format(R"({{"package":"{}","alerts":["a"],"to":"polri","why":"w"}})",
                        std::string(64, digit)),
            analyst);
    };
    EXPECT_EQ(hand_over('a').result_int(), 200u);
    EXPECT_EQ(hand_over('b').result_int(), 404u);
    EXPECT_EQ(hand_over('x').result_int(), 400u);
    server.on_loop([&] {
        EXPECT_EQ(server.exported,
                  (std::vector<std::string>{"analyst court", "analyst > polri w"}));
    });
}

}  // namespace
}  // namespace kentongan
