#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

TEST(AccessJson, NginxVariableNamesMakeTheSameWebEvent) {
    Reader read{"nginx"};
    const Event& e =
        read(R"({"time_iso8601":"2024-11-27T16:31:05+07:00","remote_addr":"203.0.113.9",)"
             R"("remote_user":"","request":"GET /info.php?id=1%27 HTTP/1.1","status":"404",)"
             R"("body_bytes_sent":"512","http_referer":"","http_user_agent":"curl/8.0",)"
             R"("http_host":"sirekap.example:8443","http_x_forwarded_for":"198.51.100.7",)"
             R"("request_time":"0.250","upstream_addr":"10.0.0.9:80"})");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(e.kind, EventKind::web);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(e.logsource.category, "webserver");
    EXPECT_EQ(e.logsource.service, "nginx");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_FALSE(e.has(Field::user_name));
    EXPECT_EQ(said(e, "http.request.method"), "GET");
    EXPECT_EQ(said(e, "url.path"), "/info.php");
    EXPECT_EQ(said(e, "url.query"), "id=1%27");
    EXPECT_EQ(said(e, "http.version"), "1.1");
    EXPECT_EQ(e.get(Field::http_response_status_code).integer(), 404);
    EXPECT_EQ(e.get(Field::http_response_body_bytes).integer(), 512);
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "user_agent.original"), "curl/8.0");
    EXPECT_FALSE(e.has(Field::http_request_referrer));
    EXPECT_EQ(said(e, "url.domain"), "sirekap.example");
    EXPECT_EQ(said(e, "network.forwarded_ip"), "198.51.100.7");
    EXPECT_EQ(said(e, "event.duration"), "250000000");
    EXPECT_EQ(said(e, "upstream_addr"), "10.0.0.9:80");
}

TEST(AccessJson, PathAndQueryApartAreOneTarget) {
    Reader read{"apache"};
    const Event& e =
        read(R"({"time":"27/Nov/2024:16:31:05 +0700","client":"203.0.113.9","method":"POST",)"
             R"("uri":"/login.php","query":"next=/admin","status":200,"bytes":5,"user_agent":""})");
    EXPECT_EQ(said(e, "url.original"), "/login.php?next=/admin");
    EXPECT_EQ(said(e, "http.request.method"), "POST");
    EXPECT_TRUE(e.has(Field::user_agent_original)) << "the client sent none";
    EXPECT_EQ(said(e, "user_agent.original"), "");
    EXPECT_EQ(e.logsource.service, "apache");
}

TEST(AccessJson, CaddysAndTraefiksObjectsAreUnderstood) {
    Reader caddy{"nginx"};
    const Event& c = caddy(
        R"({"level":"info","ts":1732699865.5,"logger":"http.log.access","msg":"handled request",)"
        R"("request":{"remote_ip":"203.0.113.9","remote_port":"4711","proto":"HTTP/2.0",)"
        R"("method":"GET","host":"kpu.example","uri":"/a?b=c","headers":{"User-Agent":["x"]}},)"
        R"("duration":0.01,"size":12,"status":200})");
    EXPECT_EQ(caddy.result, ParseResult::parsed);
    EXPECT_EQ(said(c, "url.original"), "/a?b=c");
    EXPECT_EQ(said(c, "source.port"), "4711");
    EXPECT_EQ(said(c, "http.version"), "2.0");
    EXPECT_EQ(said(c, "user_agent.original"), "x");
    EXPECT_EQ(said(c, "event.duration"), "10000000");
    Reader traefik{"nginx"};
    const Event& t =
        traefik(R"({"ClientHost":"203.0.113.9","DownstreamStatus":502,"Duration":1000000,)"
                R"("RequestMethod":"GET","RequestPath":"/x","RequestHost":"kpu.example",)"
                R"("RequestProtocol":"HTTP/1.1","StartUTC":"2024-11-27T09:31:05.1Z"})");
    EXPECT_EQ(when(t), "2024-11-27T09:31:05.100Z");
    EXPECT_EQ(said(t, "url.path"), "/x");
    EXPECT_EQ(said(t, "event.duration"), "1000000");
    EXPECT_EQ(said(t, "http.response.status_code"), "502");
}

TEST(AccessJson, ObjectsWithoutARequestAreUnparsed) {
    Reader read{"nginx"};
    for (const std::string_view line : {R"({"a":1})", R"({"status":200})", "{", R"({"uri":"/x"})",
                                        R"({"request":{"deep":[1,2]}})"}) {
        read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
        EXPECT_EQ(read.event.logsource.service, "nginx");
    }
}

TEST(NginxError, NamesItsClientAndItsRequest) {
    Reader read{"nginx"};
    const Event& e = read(
        R"x(2024/11/27 16:31:05 [error] 812#813: *37 open() "/srv/www/.env" failed (2: No such file )x"
        R"x(or directory), client: 203.0.113.9, server: sirekap.example, request: "GET /.env HTTP/1.1", )x"
        R"x(upstream: "http://10.0.0.9:80/.env", host: "sirekap.example")x");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(e.kind, EventKind::log) << "the access log has the request";
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z") << "WIB, as no zone is stated";
    EXPECT_EQ(said(e, "log.level"), "error");
    EXPECT_EQ(said(e, "process.pid"), "812");
    EXPECT_EQ(said(e, "process.thread.id"), "813");
    EXPECT_EQ(said(e, "nginx.error.connection_id"), "37");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "url.domain"), "sirekap.example");
    EXPECT_EQ(said(e, "nginx.error.request"), "GET /.env HTTP/1.1");
    EXPECT_EQ(said(e, "nginx.error.upstream"), "http://10.0.0.9:80/.env");
    EXPECT_TRUE(said(e, "message").starts_with("open() \"/srv"));
    EXPECT_EQ(e.logsource.service, "nginx");
    EXPECT_EQ(e.logsource.category, "webserver_error");
    EXPECT_FALSE(e.has(Field::url_original)) << "rules on requests must not see it twice";
}

TEST(NginxError, ShortLinesAndOtherZonesAreRead) {
    Reader read{"nginx"};
    read.context.zone = std::chrono::seconds{0};
    EXPECT_EQ(when(read("2024/11/27 16:31:05 [notice] 1#1: signal process started")),
              "2024-11-27T16:31:05.000Z");
    EXPECT_EQ(said(read.event, "message"), "signal process started");
    read("2024/11/27 16:31:05 [emerg] bind() failed");
    EXPECT_EQ(said(read.event, "message"), "bind() failed");
    for (const std::string_view line :
         {"2024/11/27 16:31:05", "2024/13/27 16:31:05 [error] x", "2024/11/27 16:31:05 error"}) {
        read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
    }
}

TEST(NginxError, WhatAnApplicationWroteInSeveralLinesIsOneRecord) {
    Reader read{"nginx"};
    const auto events = read.all(
        "2024/11/27 16:31:05 [error] 8#8: *1 FastCGI sent in stderr: \"PHP message: PHP Fatal "
        "error:  Uncaught Error in /srv/a.php:3\n"
        "Stack trace:\n"
        "#0 {main}\" while reading upstream, client: 203.0.113.9, server: x\n"
        "2024/11/27 16:31:06 [warn] 8#8: second\n"
        "10.0.0.1 - - [27/Nov/2024:16:31:07 +0700] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n");
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(said(events[0], "source.ip"), "203.0.113.9");
    EXPECT_TRUE(said(events[0], "message").contains("Stack trace:\n#0"));
    EXPECT_EQ(said(events[1], "message"), "second");
    EXPECT_EQ(events[2].kind, EventKind::web);
}

TEST(ApacheError, BothGenerationsAreRead) {
    Reader read{"apache"};
    const Event& e = read(
        "[Wed Nov 27 16:31:05.123456 2024] [core:error] [pid 812:tid 140703] [client "
        "203.0.113.9:40022] AH00126: Invalid URI in request GET /../../etc/passwd HTTP/1.1");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(to_rfc3339(e.time, 6), "2024-11-27T09:31:05.123456Z");
    EXPECT_EQ(said(e, "log.level"), "error");
    EXPECT_EQ(said(e, "apache.error.module"), "core");
    EXPECT_EQ(said(e, "process.pid"), "812");
    EXPECT_EQ(said(e, "process.thread.id"), "140703");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "source.port"), "40022");
    EXPECT_EQ(said(e, "event.code"), "AH00126");
    EXPECT_TRUE(said(e, "message").starts_with("AH00126: Invalid"));
    EXPECT_EQ(e.logsource.service, "apache");
    read("[Wed Nov  6 16:31:05 2024] [error] [client 2001:db8::7] File does not exist: /srv/x");
    EXPECT_EQ(when(read.event), "2024-11-06T09:31:05.000Z");
    EXPECT_EQ(said(read.event, "source.ip"), "2001:db8::7");
    EXPECT_EQ(said(read.event, "log.level"), "error");
    EXPECT_EQ(when(read("[2024-11-27 16:31:05.120000 +0800] [core:notice] [pid 1:tid 2] x")),
              "2024-11-27T08:31:05.120Z");
    read("[Wed Nov 27 16:31:05.1 2024] [core:error] x");
    EXPECT_EQ(read.result, ParseResult::unparsed);
    read(
        "[Wed Nov 27 16:31:05.123456 2024] [:error] [pid 8] [client 2001:db8::7:40022] "
        "(2)No such file or directory: AH00529: x");
    EXPECT_EQ(said(read.event, "source.ip"), "2001:db8::7");
    EXPECT_EQ(said(read.event, "event.code"), "AH00529");
}

TEST(ApacheError, ModSecurityNamesItsRule) {
    Reader read{"apache"};
    const Event& e = read(
        "[Wed Nov 27 16:31:05.123456 2024] [security2:error] [pid 8] [client 203.0.113.9:4] "
        "[client 203.0.113.9] ModSecurity: Access denied with code 403 (phase 2). detected SQLi "
        "[file \"/etc/crs/REQUEST-942.conf\"] [line \"45\"] [id \"942100\"] [msg \"SQL "
        "Injection\"] "
        "[hostname \"sirekap.example\"] [uri \"/login\"] [unique_id \"x\"]");
    EXPECT_EQ(said(e, "rule.id"), "942100");
    EXPECT_EQ(said(e, "rule.name"), "SQL Injection");
    EXPECT_EQ(said(e, "url.path"), "/login");
    EXPECT_EQ(said(e, "event.action"), "waf-denied");
}

TEST(WebServer, TimesThatStepBackStayAsTheyAre) {
    Reader read{"nginx"};
    EXPECT_EQ(when(read("2024/11/27 16:31:05 [error] 1#1: a")), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(when(read("2024/11/27 16:30:05 [error] 1#1: b")), "2024-11-27T09:30:05.000Z");
}

}  // namespace
}  // namespace kentongan::log
