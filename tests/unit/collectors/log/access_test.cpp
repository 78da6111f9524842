#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

TEST(AccessFormat, CombinedLineFillsTheWebFields) {
    Reader read{"nginx"};
    const Event& e = read(
        R"(203.0.113.9 - budi [27/Nov/2024:16:31:05 +0700] "GET /info.php?id=1' HTTP/1.1" 200 512 )"
        R"("https://kpu.go.id/" "Mozilla/5.0 \x22x\x22")");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(e.kind, EventKind::web);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(e.logsource.category, "webserver");
    EXPECT_EQ(e.logsource.service, "nginx");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(e.get(Field::source_ip).type(), Value::Type::ip);
    EXPECT_EQ(said(e, "user.name"), "budi");
    EXPECT_EQ(said(e, "http.request.method"), "GET");
    EXPECT_EQ(said(e, "url.original"), "/info.php?id=1'");
    EXPECT_EQ(said(e, "url.path"), "/info.php");
    EXPECT_EQ(said(e, "url.query"), "id=1'");
    EXPECT_EQ(said(e, "url.extension"), "php");
    EXPECT_EQ(said(e, "http.version"), "1.1");
    EXPECT_EQ(e.get(Field::http_response_status_code).integer(), 200);
    EXPECT_EQ(e.get(Field::http_response_body_bytes).integer(), 512);
    EXPECT_EQ(said(e, "http.request.referrer"), "https://kpu.go.id/");
    EXPECT_EQ(said(e, "user_agent.original"), R"(Mozilla/5.0 \x22x\x22)");
    EXPECT_EQ(said(e, "event.outcome"), "success");
    EXPECT_TRUE(e.raw().starts_with("203.0.113.9 - budi"));
}

TEST(AccessFormat, CommonLineHasNoAgentWhileADashIsAnEmptyOne) {
    Reader read{"apache"};
    EXPECT_FALSE(read(R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] "GET / HTTP/1.0" 304 -)")
                     .has(Field::user_agent_original));
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_FALSE(read.event.has(Field::http_response_body_bytes));
    const Event& dash =
        read(R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] "GET / HTTP/1.0" 404 5 "-" "-")");
    EXPECT_TRUE(dash.has(Field::user_agent_original));
    EXPECT_EQ(said(dash, "user_agent.original"), "");
    EXPECT_FALSE(dash.has(Field::http_request_referrer));
    EXPECT_EQ(said(dash, "event.outcome"), "failure");
}

TEST(AccessFormat, AVirtualHostInFrontIsTheDomain) {
    Reader read{"apache"};
    const Event& e = read(
        R"(sirekap.example:443 2001:db8::7 - - [27/Nov/2024:16:31:05 +0700] "GET /a HTTP/1.1" 200 1 "-" "x")");
    EXPECT_EQ(said(e, "url.domain"), "sirekap.example");
    EXPECT_EQ(said(e, "source.ip"), "2001:db8::7");
    EXPECT_FALSE(e.has(Field::user_name));
}

TEST(AccessFormat, AClientLoggedByNameIsAnAddress) {
    Reader read{"apache"};
    const Event& e =
        read(R"(host.example - - [27/Nov/2024:16:31:05 +0700] "GET /a HTTP/1.1" 200 1)");
    EXPECT_EQ(said(e, "source.address"), "host.example");
    EXPECT_FALSE(e.has(Field::source_ip));
}

TEST(AccessFormat, UserNamesMayHoldSpacesAndBrackets) {
    Reader read{"apache"};
    const Event& e =
        read(R"(10.0.0.1 - a [b] c [27/Nov/2024:16:31:05 +0700] "GET /a HTTP/1.1" 401 1)");
    EXPECT_EQ(said(e, "user.name"), "a [b] c");
}

TEST(AccessFormat, BrokenRequestsKeepWhatWasSent) {
    Reader read{"nginx"};
    const auto line = [](std::string_view request) {
        return R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] ")" + std::string(request) +
               R"(" 400 150 "-" "-")";
    };
    EXPECT_EQ(said(read(line(R"(\x16\x03\x01\x00\xEE)")), "url.original"),
              R"(\x16\x03\x01\x00\xEE)");
    EXPECT_FALSE(read.event.has(Field::http_request_method));
    EXPECT_EQ(read.event.kind, EventKind::web);
    EXPECT_FALSE(read(line("-")).has(Field::url_original));
    EXPECT_FALSE(read(line("")).has(Field::url_original));
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(said(read(line("GET /a b c HTTP/1.1")), "url.original"), "/a b c");
    EXPECT_EQ(said(read(line("GET /old")), "url.path"), "/old");
    EXPECT_FALSE(read.event.has(Field::http_version));
    EXPECT_EQ(said(read(line(R"(GET /?q=\"x\" HTTP/1.1)")), "url.query"), R"(q=\"x\")");
    EXPECT_EQ(said(read(line(R"(GET /?q="x" HTTP/1.1)")), "url.query"), R"(q="x")")
        << "a writer that does not escape";
}

TEST(AccessFormat, AbsoluteAndConnectRequestsNameTheirHost) {
    Reader read{"nginx"};
    const auto line = [](std::string_view request) {
        return R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] ")" + std::string(request) +
               R"(" 400 150 "-" "-")";
    };
    read(line("GET http://evil.example:8080/a.php?x HTTP/1.1"));
    EXPECT_EQ(said(read.event, "url.domain"), "evil.example");
    EXPECT_EQ(said(read.event, "url.path"), "/a.php");
    read(line("CONNECT evil.example:443 HTTP/1.1"));
    EXPECT_EQ(said(read.event, "url.domain"), "evil.example");
}

TEST(AccessFormat, TrailingFieldsAreTolerated) {
    Reader read{"nginx"};
    read(
        R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] "GET / HTTP/1.1" 200 5 "-" "ua" "1.2.3.4" rt=0.1)");
    EXPECT_EQ(said(read.event, "user_agent.original"), "ua");
    read(R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] "GET / HTTP/1.1" 200 5 0.003)");
    EXPECT_EQ(read.result, ParseResult::parsed);
}

TEST(AccessFormat, RequestTimesAndForwardedAddressesBehindAreKept) {
    Reader read{"nginx"};
    const auto line = [](std::string_view extra) {
        return R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] "GET / HTTP/1.1" 200 5 "-" "ua" )" +
               std::string(extra);
    };
    read(line(R"("203.0.113.9, 10.0.0.2" 0.125 0.120)"));
    EXPECT_EQ(said(read.event, "network.forwarded_ip"), "203.0.113.9");
    EXPECT_EQ(said(read.event, "event.duration"), "125000000");
    read(line(R"(rt=1.500 uct="0.001" urt="1.400")"));
    EXPECT_EQ(said(read.event, "event.duration"), "1500000000");
    read(line(R"("-" 4711)"));
    EXPECT_FALSE(read.event.has(Field::event_duration)) << "a whole number could be anything";
    EXPECT_FALSE(read.event.has(Field::network_forwarded_ip));
    for (const std::string_view cut : {R"(")", R"("1.2.3.4)", "", " ", R"(" ")"}) {
        read(line(cut));
        EXPECT_EQ(read.result, ParseResult::parsed) << cut;
    }
    read(line(R"("not, an address")"));
    EXPECT_FALSE(read.event.has(Field::network_forwarded_ip));
    EXPECT_EQ(read.result, ParseResult::parsed);
}

TEST(AccessFormat, AnythingElseIsALogEventThatKeepsItsRoute) {
    Reader read{"nginx"};
    const Event& e = read("nginx: configuration file test is successful");
    EXPECT_EQ(read.result, ParseResult::unparsed);
    EXPECT_EQ(e.kind, EventKind::log);
    EXPECT_EQ(e.logsource.service, "nginx");
    EXPECT_EQ(e.raw(), "nginx: configuration file test is successful");
    EXPECT_EQ(e.time, read.context.reference);
    read(R"(10.0.0.1 - - [31/Feb/2024:16:31:05 +0700] "GET / HTTP/1.1" 200 5)");
    EXPECT_EQ(read.result, ParseResult::unparsed);
    read("   \r");
    EXPECT_EQ(read.result, ParseResult::blank);
}

}  // namespace
}  // namespace kentongan::log
