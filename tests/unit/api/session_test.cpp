// People log in, and stay so: cookie, CSRF token, and limits to trying.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kRight = R"({"name":"siti","password":"kentongan berbunyi","code":""})";
constexpr std::string_view kWrong = R"({"name":"siti","password":"kentongan diam","code":""})";

api::Options with_account() {
    static const std::string kHash = *api::hash_password("kentongan berbunyi");
    api::Options options = RunningServer::with_token();
    options.accounts = std::make_shared<const api::Accounts>(
        *api::Accounts::parse("siti:analyst:" + kHash + ":\nbudi:agency-bssn:" + kHash + ":\n",
                              "accounts", [](std::string_view) { return true; }));
    return options;
}

struct Session : ::testing::Test {
    Reply log_in(std::string_view body) { return server.post("/api/v1/session", body, ""); }
    /// The Cookie header of somebody who has logged in.
    std::string cookie(std::string_view body = kRight) {
        const std::string set{log_in(body)[http::field::set_cookie]};
        return "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
    }
    Reply get(std::string_view headers, std::string_view target = "/api/v1/session") {
        return Client{server.port}.ask("GET", target, headers);
    }
    unsigned change(std::string_view headers) {
        return server.post("/api/v1/alerts:bulk", R"({"action":"ack","ids":[]})", headers)
            .result_int();
    }
    RunningServer server{with_account()};
};

TEST_F(Session, TheCookieIsForThisSiteAndNoScript) {
    const Reply reply = log_in(kRight);
    EXPECT_EQ(reply.result_int(), 200u);
    const std::string cookie{reply[http::field::set_cookie]};
    EXPECT_TRUE(cookie.starts_with("kentongan_session="));
    for (const auto* attribute : {"; Path=/", "; HttpOnly", "; SameSite=Strict"})
        EXPECT_THAT(cookie, HasSubstr(attribute));
    EXPECT_THAT(cookie, Not(HasSubstr("Secure")));  // this connection is not encrypted
    EXPECT_THAT(cookie, Not(HasSubstr("Domain")));
    server.on_loop([&] { EXPECT_THAT(server.logins, ElementsAre("siti ok")); });
}

TEST_F(Session, ChangesNeedItsCsrfToken) {
    const std::string own = cookie();
    const std::string csrf{json_of(get(own)).at("csrf").as_string()};
    EXPECT_EQ(change(own), 401u);
    EXPECT_EQ(change(own + "X-CSRF-Token: \r\n"), 401u);
    EXPECT_EQ(change(own + "X-CSRF-Token: " + csrf.substr(1) + "\r\n"), 401u);
    const std::string other = cookie();
    EXPECT_EQ(change(other + "X-CSRF-Token: " + csrf + "\r\n"), 401u);
    const unsigned taken = change(own + "X-CSRF-Token: " + csrf + "\r\n");
    EXPECT_EQ(taken, change(bearer(kToken)));
    EXPECT_EQ(get(own, "/api/v1/alerts").result_int(), 200u);  // reading needs none
}

TEST_F(Session, EndsWhenOneLogsOut) {
    const std::string own = cookie();
    const std::string csrf{json_of(get(own)).at("csrf").as_string()};
    const Reply out = Client{server.port}.ask("DELETE", "/api/v1/session",
                                              own + "X-CSRF-Token: " + csrf + "\r\n");
    EXPECT_EQ(out.result_int(), 204u);
    EXPECT_THAT(std::string{out[http::field::set_cookie]}, HasSubstr("Max-Age=0"));
    EXPECT_EQ(get(own).result_int(), 401u);
}

TEST_F(Session, AnAgencyLogsInAsItself) {
    const auto body = json_of(get(cookie(R"({"name":"budi","password":"kentongan berbunyi"})")));
    EXPECT_EQ(body.at("role").as_string(), "agency");
    EXPECT_EQ(body.at("agency").as_string(), "bssn");
}

TEST_F(Session, WhoeverGuessesHasToWait) {
    for (int i = 0; i < api::LoginLimiter::kFree; ++i) EXPECT_EQ(log_in(kWrong).result_int(), 401u);
    const Reply reply = log_in(kRight);
    EXPECT_EQ(reply.result_int(), 429u);
    EXPECT_GE(std::stoi(std::string{reply[http::field::retry_after]}), 1);
    EXPECT_TRUE(reply[http::field::set_cookie].empty());
    // So has everybody at this address, whatever the name.
    EXPECT_EQ(log_in(R"({"name":"budi","password":"kentongan berbunyi"})").result_int(), 429u);
    EXPECT_THAT(server.get("/metrics").body(), HasSubstr("kentongan_logins_total"));
    server.on_loop([&] { server.clock.advance(api::LoginLimiter::kLongest); });
    EXPECT_EQ(log_in(kRight).result_int(), 200u);
}

TEST(ApiLimit, OneClientDoesNotTakeTheOthersRequests) {
    api::Options options = RunningServer::with_token();
    options.requests_a_second = 1;
    RunningServer server{std::move(options)};
    const auto as = [&](api::Role role) {
        return Client{server.port}.ask("GET", "/api/v1/status",
                                       bearer(RunningServer::token_of(role)));
    };
    for (int i = 0; i < 4; ++i) EXPECT_EQ(as(api::Role::viewer).result_int(), 200u);
    const Reply reply = as(api::Role::viewer);
    EXPECT_EQ(reply.result_int(), 429u);
    EXPECT_EQ(reply[http::field::content_type], "application/problem+json");
    EXPECT_EQ(reply[http::field::retry_after], "1");
    EXPECT_EQ(as(api::Role::lead).result_int(), 200u);
    // Without a token it is the address that has its share.
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(Client{server.port}.ask("GET", "/api/v1/status").result_int(), 401u);
    EXPECT_EQ(Client{server.port}.ask("GET", "/api/v1/status").result_int(), 429u);
    EXPECT_THAT(server.get("/metrics").body(), HasSubstr("kentongan_http_limited_total 2"));
    server.on_loop([&] { server.clock.advance(std::chrono::seconds{1}); });
    EXPECT_EQ(as(api::Role::viewer).result_int(), 200u);
    EXPECT_EQ(as(api::Role::viewer).result_int(), 429u);
}

}  // namespace
}  // namespace kentongan
