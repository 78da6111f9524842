#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

TEST(JsonFormat, NestedKeysBecomeDottedFields) {
    Reader read{"json"};
    const Event& e = read(
        R"({"ts":1732699865.25,"level":"warn","a":{"b":[1,{"c":true}],"d":null},"source":{"ip":"10.0.0.1"}})");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.250Z");
    EXPECT_EQ(said(e, "level"), "warn");
    EXPECT_EQ(said(e, "a.b"), "1");
    EXPECT_EQ(said(e, "a.b.c"), "true");
    EXPECT_EQ(e.get(*find_field("a.d")).type(), Value::Type::null);
    EXPECT_TRUE(e.has(*find_field("a.d")));
    EXPECT_EQ(e.get(Field::source_ip).type(), Value::Type::ip);
    EXPECT_FALSE(e.has(*intern_field("ts"))) << "the time is no field as well";
}

TEST(JsonFormat, EverySpellingOfTheTimeIsRead) {
    Reader read{"json"};
    for (const std::string_view time :
         {R"("2024-11-27T09:31:05Z")", R"("2024-11-27 16:31:05")", R"("2024-11-27T16:31:05+0700")",
          "1732699865", "1732699865000", "1732699865000000", "1732699865000000000",
          R"("1732699865")", R"("27/Nov/2024:16:31:05 +0700")"})
        EXPECT_EQ(when(read(R"({"time":)" + std::string(time) + "}")), "2024-11-27T09:31:05.000Z")
            << time;
    for (const std::string_view time : {"-1", "1e300", "0", "true", R"("x")", R"("")", "1e-400"})
        EXPECT_EQ(read(R"({"time":)" + std::string(time) + "}").time, read.context.reference)
            << time;
}

TEST(JsonFormat, TheBestTimeKeyWinsWhateverTheOrder) {
    Reader read{"json"};
    EXPECT_EQ(
        when(read(R"({"ts":1,"@timestamp":"2024-11-27T09:31:05Z","time":"2020-01-01T00:00:00Z"})")),
        "2024-11-27T09:31:05.000Z");
}

TEST(JsonFormat, TheFieldMapRenamesAndMayNameTheTime) {
    FormatOptions options;
    options.fields = {{"klien.alamat", "source.ip"},
                      {"waktu", "@timestamp"},
                      {"uri", "url.original"},
                      {"cara", "http.request.method"}};
    Reader read{"json", options};
    const Event& e = read(
        R"({"waktu":"2024-11-27T09:31:05Z","klien":{"alamat":"10.0.0.1"},"uri":"/a.php?b=c","cara":"GET"})");
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(said(e, "source.ip"), "10.0.0.1");
    EXPECT_EQ(said(e, "url.query"), "b=c");
    EXPECT_EQ(e.kind, EventKind::web);
}

TEST(JsonFormat, CapsHoldAndAreCounted) {
    Reader read{"json"};
    std::string wide = "{";
    for (int i = 0; i < 600; ++i) wide += (i ? ",\"k" : "\"k") + std::to_string(i % 7) + "\":1";
    read(wide + "}");
    EXPECT_LE(read.event.size(), 512u);
    std::string array = R"({"a":[)";
    for (int i = 0; i < 600; ++i) array += i ? ",1" : "1";
    read(array + "]}");
    EXPECT_EQ(read.event.size(), 512u);
    EXPECT_EQ(read.context.left_out, 88u);
    std::string deep;
    for (int i = 0; i < 30; ++i) deep += R"({"d":)";
    read(deep + "1" + std::string(30, '}'));
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(read.event.size(), 0u);
    EXPECT_EQ(read.context.left_out, 89u);
    read(R"({")" + std::string(200, 'n') + R"(":1})");
    EXPECT_EQ(read.context.left_out, 90u);
}

TEST(JsonFormat, WhatIsNoObjectIsUnparsedAndKept) {
    Reader read{"json"};
    for (const std::string_view line : {"[1]", "3", "{", R"({"a":1} x)", "", "\xff", R"({"a":1)"}) {
        if (line.empty()) continue;
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
        EXPECT_EQ(e.raw(), line);
        EXPECT_EQ(e.size(), 0u);
    }
}

TEST(EventsFormat, OurOwnJsonComesBackAsTheSameEvent) {
    Reader read{"events"};
    const std::string line =
        R"({"@timestamp":"2024-11-27T09:31:05.120Z","kind":"auth","logsource":{"product":"linux","service":"sshd"},"event.outcome":"failure","source.ip":"10.0.0.1","source.port":22,"x":[1,2]})";
    EXPECT_EQ(to_json(read(line)), line);
    EXPECT_EQ(read.event.kind, EventKind::auth);
    EXPECT_EQ(read.event.logsource.service, "sshd");
}

TEST(EventsFormat, SigmaNamesStayAsTheyAreAndUtcTimeIsUtc) {
    Reader read{"events"};
    const Event& e = read(
        R"({"UtcTime":"2024-11-27 09:31:05.120","logsource":{"category":"process_creation","product":"windows"},"CommandLine":"whoami","EventID":1})");
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(said(e, "CommandLine"), "whoami");
    EXPECT_EQ(said(e, "EventID"), "1");
    EXPECT_EQ(e.logsource.category, "process_creation");
    EXPECT_FALSE(e.has(*intern_field("logsource.category")));
}

TEST(EventsFormat, KindFollowsFromEcsFields) {
    Reader read{"events"};
    EXPECT_EQ(read(R"({"event":{"category":["authentication"],"outcome":"failure"}})").kind,
              EventKind::auth);
    EXPECT_EQ(read(R"({"logsource":{"category":"webserver"},"c-uri":"/x"})").kind, EventKind::web);
    EXPECT_EQ(read(R"({"dns":{"question":{"name":"a.example"}}})").kind, EventKind::dns);
    EXPECT_EQ(read(R"({"a":1})").kind, EventKind::log);
}

constexpr std::string_view kUpload =
    R"({"time":"2024-11-27T16:31:05.120+07:00","level":"info","event":"formc-image.upload",)"
    R"("requestId":"r-1","account":"kpps.001","device":"d-9","ip":"10.8.0.1","kodeTps":"3171011001001",)"
    R"("jenisImage":"C1","noLembar":2,"idImage":"i-5","namaFile":"3171011001001-20241127-163104--u.jpg",)"
    R"("fileHash":"ABCDEF","http":{"method":"POST","route":"/kpps/pkwkp/formc-image/upload","status":200},)"
    R"("bytes":345678,"duration_ms":12.5})";

TEST(SirekapFormat, ASuccessfulUploadIsAnUploadEvent) {
    Reader read{"sirekap"};
    const Event& e = read(kUpload);
    EXPECT_EQ(e.kind, EventKind::upload);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(e.logsource.product, "sirekap");
    EXPECT_EQ(e.logsource.service, "upload");
    EXPECT_EQ(said(e, "sirekap.tps"), "3171011001001");
    EXPECT_EQ(e.get(Field::sirekap_page).integer(), 2);
    EXPECT_EQ(said(e, "sirekap.form"), "C1");
    EXPECT_EQ(said(e, "sirekap.image"), "i-5");
    EXPECT_EQ(said(e, "sirekap.file_hash"), "abcdef");
    EXPECT_EQ(said(e, "sirekap.account"), "kpps.001");
    EXPECT_EQ(said(e, "user.name"), "kpps.001");
    EXPECT_EQ(said(e, "sirekap.device"), "d-9");
    EXPECT_EQ(said(e, "source.ip"), "10.8.0.1");
    EXPECT_EQ(e.get(Field::http_response_status_code).integer(), 200);
    EXPECT_EQ(said(e, "url.path"), "/kpps/pkwkp/formc-image/upload");
    EXPECT_EQ(e.get(Field::event_duration).integer(), 12'500'000);
    EXPECT_EQ(said(e, "event.outcome"), "success");
}

std::string changed(std::string_view from, std::string_view to) {
    std::string line(kUpload);
    return line.replace(line.find(from), from.size(), to);
}

TEST(SirekapFormat, AFailedUploadOrAWrongTpsCodeIsAWebRequest) {
    Reader read{"sirekap"};
    EXPECT_EQ(read(changed(R"("status":200)", R"("status":502)")).kind, EventKind::web);
    EXPECT_EQ(read.event.logsource.category, "webserver");
    EXPECT_EQ(said(read.event, "event.outcome"), "failure");
    for (const std::string_view code :
         {"317101100100", "31710110010011", "317101100100x", "3171011001000", "0071011001001",
          "3100011001001", "3171001001001", "3171010000001"}) {
        EXPECT_EQ(read(changed("3171011001001\",\"jenis", std::string(code) + "\",\"jenis")).kind,
                  EventKind::web)
            << code;
        EXPECT_FALSE(read.event.has(Field::sirekap_tps)) << code;
        EXPECT_EQ(said(read.event, "kodeTps"), code);
    }
}

TEST(SirekapFormat, LoginsAreAuthEvents) {
    Reader read{"sirekap"};
    const auto line = [](int status) {
        return R"({"time":"2024-11-27T16:31:05+07:00","event":"auth.login","account":"kpps.001","ip":"10.8.0.1","http":{"method":"POST","route":"/auth/login","status":)" +
               std::to_string(status) + "}}";
    };
    EXPECT_EQ(read(line(401)).kind, EventKind::auth);
    EXPECT_EQ(said(read.event, "event.outcome"), "failure");
    EXPECT_EQ(said(read.event, "event.action"), "auth.login");
    EXPECT_EQ(read.event.logsource.service, "auth");
    EXPECT_EQ(said(read(line(200)), "event.outcome"), "success");
    EXPECT_EQ(read(line(502)).kind, EventKind::web) << "no word about the password";
}

TEST(SirekapFormat, AnyOtherCallKeepsItsBodyAndUnknownKeys) {
    Reader read{"sirekap"};
    const Event& e = read(
        R"({"time":"2024-11-27T16:31:05+07:00","event":"formc-image.kesesuaian","service":"recap","isSesuai":false,"komentar":"x","http":{"method":"POST","route":"/a?q=1' OR 1=1","status":200},"body":"komentar=<script>"})");
    EXPECT_EQ(e.kind, EventKind::web);
    EXPECT_EQ(e.logsource.service, "recap") << "a service that is stated wins";
    EXPECT_EQ(said(e, "http.request.body.content"), "komentar=<script>");
    EXPECT_EQ(said(e, "url.query"), "q=1' OR 1=1");
    EXPECT_EQ(said(e, "isSesuai"), "false");
}

TEST(SirekapFormat, WhatAnAccountDidToWhomAndFromWhereHasFieldsOfItsOwn) {
    Reader read{"sirekap"};
    const Event& e = read(
        R"({"time":"2024-11-27T20:31:05+07:00","event":"rekap.edit","account":"ppk.317101","session":"s-7","role":"ppk","scope":"317101","area":"317102","targetAccount":"kpps.9","targetRole":"admin","approver":"kpu.3171","reason":"pleno-317101","statusFrom":"verified","statusTo":"final","object":"dpt","rows":40,"subject":"9f2c","deviceKnown":false,"attested":true,"asn":7713,"country":"ID","ageSeconds":7200,"offline":true,"sinceOpenMs":900,"targetDevice":"hp-9","transaction":"7001","lat":-6.1754,"lon":106.8272,"isSesuai":false})");
    EXPECT_EQ(e.logsource.service, "recap");
    const std::pair<std::string_view, std::string_view> expected[] = {
        {"sirekap.session", "s-7"},
        {"user.roles", "ppk"},
        {"sirekap.scope", "317101"},
        {"sirekap.area", "317102"},
        {"user.target.name", "kpps.9"},
        {"sirekap.target_role", "admin"},
        {"sirekap.approver", "kpu.3171"},
        {"event.reason", "pleno-317101"},
        {"sirekap.status_from", "verified"},
        {"sirekap.status_to", "final"},
        {"db.object", "dpt"},
        {"db.rows", "40"},
        {"sirekap.subject", "9f2c"},
        {"sirekap.device_known", "false"},
        {"sirekap.app_attested", "true"},
        {"source.as.number", "7713"},
        {"source.geo.country_iso_code", "ID"},
        {"sirekap.age_seconds", "7200"},
        {"sirekap.offline", "true"},
        {"sirekap.since_open_ms", "900"},
        {"sirekap.target_device", "hp-9"},
        {"db.transaction", "7001"},
        {"sirekap.latitude", "-6.1754"},
        {"sirekap.longitude", "106.8272"},
        {"isSesuai", "false"}};
    for (const auto& [field, value] : expected) EXPECT_EQ(said(e, field), value) << field;
    EXPECT_EQ(read(R"({"event":"otp.request","subject":"9f2c"})").logsource.service, "auth");
}

TEST(AutoFormat, RecognisesEachFormatByItsFirstLine) {
    const auto settled = [](std::string_view line, std::string path = {}) {
        Reader read{"auto", {.path = std::move(path), .fields = {}, .resumed = {}}};
        read("# a comment");
        EXPECT_EQ(read.result, ParseResult::unparsed);
        read(line);
        return std::string(read.format().name());
    };
    const std::string access =
        R"(10.0.0.1 - - [27/Nov/2024:16:31:05 +0700] "GET / HTTP/1.1" 200 5)";
    EXPECT_EQ(settled(access), "nginx");
    EXPECT_EQ(settled(access, "/var/log/apache2/access.log"), "apache");
    EXPECT_EQ(settled("Nov 27 16:31:05 h sshd[1]: x"), "syslog");
    EXPECT_EQ(settled("<34>1 2024-11-27T09:31:05Z h a - - - x"), "syslog");
    EXPECT_EQ(settled(kUpload), "sirekap");
    EXPECT_EQ(settled(R"({"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1"})"), "zeek");
    EXPECT_EQ(settled(R"({"logsource":{"product":"linux"},"a":1})"), "events");
    EXPECT_EQ(settled(R"({"msg":"x"})"), "json");
    EXPECT_EQ(settled("2024/11/27 16:31:05 [error] 8#8: x"), "nginx");
    EXPECT_EQ(settled("[Wed Nov 27 16:31:05 2024] [error] x"), "apache");
    const std::string object =
        R"({"remote_addr":"10.0.0.1","request":"GET / HTTP/1.1","status":1})";
    EXPECT_EQ(settled(object), "nginx");
    EXPECT_EQ(settled(object, "/var/log/httpd/access.json"), "apache");
    EXPECT_EQ(settled(R"({"__REALTIME_TIMESTAMP":"1","MESSAGE":"x"})"), "journal");
    EXPECT_EQ(settled("type=SYSCALL msg=audit(1732699865.120:37): arch=c000003e"), "audit");
    EXPECT_EQ(settled("node=jkt-01 type=LOGIN msg=audit(1732699865.120:37): pid=1"), "audit");
    EXPECT_EQ(settled("CEF:0|a|b|c|d|e|5|src=10.0.0.1"), "cef");
    EXPECT_EQ(settled("<34>Nov 27 16:31:05 fw LEEF:1.0|a|b|c|d|src=10.0.0.1"), "cef");
    EXPECT_EQ(settled("2024-11-27T09:31:05.1Z stdout F x"), "container");
    EXPECT_EQ(settled(R"({"log":"x\n","stream":"stdout","time":"2024-11-27T09:31:05.1Z"})"),
              "container");
}

TEST(AutoFormat, JoinsLinesAsTheFormatItFoundDoes) {
    Reader read{"auto"};
    EXPECT_EQ(read.all("2024/11/27 16:31:05 [error] 8#8: one\ntwo\n").size(), 1u);
    EXPECT_EQ(read.all("three\n").size(), 1u);
}

TEST(AutoFormat, ChangesItsMindAfterTwentyMisfitsInARow) {
    Reader read{"auto"};
    read("Nov 27 16:31:05 h sshd[1]: x");
    for (int i = 0; i < 19; ++i)
        EXPECT_EQ((read(R"({"msg":"x"})"), read.result), ParseResult::unparsed);
    EXPECT_EQ(said(read(R"({"msg":"x"})"), "msg"), "x");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(read.event.raw(), R"({"msg":"x"})");
}

TEST(ZeekFormat, TheStreamComesFromPathOrTheFilesName) {
    const std::string conn =
        R"("ts":1732699865.25,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":40000,"id.resp_h":"10.0.0.2","id.resp_p":443,"proto":"tcp","conn_state":"S0"})";
    for (const std::string_view path :
         {"/logs/conn.09:00:00-10:00:00.log", "json_streaming_conn.1.log", "conn.log"}) {
        Reader read{"zeek", {.path = std::string(path), .fields = {}, .resumed = {}}};
        const Event& e = read("{" + conn);
        EXPECT_EQ(read.result, ParseResult::parsed) << path;
        EXPECT_EQ(e.kind, EventKind::conn) << path;
        EXPECT_EQ(said(e, "source.ip"), "10.0.0.1");
        EXPECT_EQ(e.logsource.product, "zeek");
        EXPECT_EQ(e.logsource.service, "conn");
    }
    Reader read{"zeek"};
    read(R"({"_path":"conn",)" + conn);
    EXPECT_EQ(read.event.kind, EventKind::conn);
    EXPECT_EQ(when(read.event), "2024-11-27T09:31:05.250Z");
    read("#separator \\x09");
    EXPECT_EQ(read.result, ParseResult::blank) << "a header is no event";
    read("no record");
    EXPECT_EQ(read.result, ParseResult::unparsed);
    EXPECT_EQ(read.event.logsource.product, "zeek");
}

TEST(EventsFormat, SigmasNamesOfTheSubjectAreGivenInEcsToo) {
    Reader read{"events"};
    const Event& e = read(R"({"c-ip":"203.0.113.9","User":"www-data","CommandLine":"id"})");
    EXPECT_EQ(said(e, "c-ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "user.name"), "www-data");
    read(R"({"c-ip":"203.0.113.9","source.ip":"192.0.2.1"})");
    EXPECT_EQ(said(read.event, "source.ip"), "192.0.2.1");
}

TEST(EventsFormat, AHeartbeatCannotComeFromOutside) {
    Reader read{"events"};
    EXPECT_NE(read(R"({"kind":"heartbeat"})").kind, EventKind::heartbeat);
    EXPECT_EQ(read(R"({"kind":"auth"})").kind, EventKind::auth);
}

TEST(ZeekFormat, APasswordIsNeitherAFieldNorInTheRawRecord) {
    Reader read{"zeek"};
    const Event& e =
        read(R"({"_path":"ftp","ts":1732699865.25,"user":"budi","password":"hunter2"})");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(to_json(e).find("hunter2"), std::string::npos);
    EXPECT_EQ(e.raw().find("hunter2"), std::string_view::npos);
    EXPECT_NE(e.raw().find("budi"), std::string_view::npos);
}

TEST(Formats, AnUnknownNameSuggestsTheNearest) {
    const auto result = make_format("ngnix");
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().message.find("\"nginx\""), std::string::npos);
    EXPECT_EQ(result.error().code, ErrorCode::usage);
    EXPECT_FALSE(make_format("zzzzzzzzzzzz").has_value());
    for (const auto& info : formats()) EXPECT_EQ((*make_format(info.name))->name(), info.name);
}

TEST(Formats, ZonesAreOffsets) {
    EXPECT_EQ(parse_zone("+07:00")->count(), 25200);
    EXPECT_EQ(parse_zone("-0330")->count(), -12600);
    EXPECT_EQ(parse_zone("+9")->count(), 32400);
    EXPECT_EQ(parse_zone("Z")->count(), 0);
    for (const std::string_view wrong : {"", "WIB", "+", "+2500", "+07:60", "+07:0x", "+070000"})
        EXPECT_FALSE(parse_zone(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace kentongan::log
