#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

FormatOptions at(std::string path) {
    FormatOptions out;
    out.path = std::move(path);
    return out;
}

std::string docker(std::string_view text, std::string_view stream = "stdout") {
    return R"({"log":")" + std::string(text) + R"(","stream":")" + std::string(stream) +
           R"(","time":"2024-11-27T09:31:05.123456789Z"})" + "\n";
}

constexpr std::string_view kAccess =
    R"(203.0.113.9 - - [27/Nov/2024:16:31:06 +0700] \"GET /a?b=\u003cscript\u003e HTTP/1.1\" 200 5 \"-\" \"x\")";

TEST(ContainerFormat, DockersLineIsReadByTheFormatInside) {
    Reader read{"container:nginx", at("/var/lib/docker/containers/ab12/ab12-json.log")};
    const auto events = read.all(docker(std::string(kAccess) + "\\n"));
    ASSERT_EQ(events.size(), 1u);
    const Event& e = events[0];
    EXPECT_EQ(e.kind, EventKind::web);
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "url.query"), "b=<script>") << "what Docker escaped is no part of the line";
    EXPECT_EQ(when(e), "2024-11-27T09:31:06.000Z") << "the line's own time";
    EXPECT_EQ(said(e, "container.id"), "ab12");
    EXPECT_EQ(said(e, "log.iostream"), "stdout");
    EXPECT_EQ(e.logsource.service, "nginx");
    EXPECT_TRUE(e.raw().starts_with("203.0.113.9 - - ["));
}

TEST(ContainerFormat, LongLinesComeInPiecesByStream) {
    Reader read{"container:json"};
    const auto events = read.all(docker(R"({\"a\":\"one )") + docker("complaint\\n", "stderr") +
                                 docker(R"(two\"}\n)") + docker(R"({\"a\":\"three\"}\n)"));
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(said(events[0], "a"), "one two");
    EXPECT_EQ(said(events[1], "message"), "complaint") << "not JSON, kept as it was written";
    EXPECT_EQ(said(events[1], "log.iostream"), "stderr");
    EXPECT_EQ(said(events[2], "a"), "three");
}

TEST(ContainerFormat, CriLinesSayWhetherTheyAreWhole) {
    Reader read{"container:syslog", at("/var/log/containers/web-7d4_pemilu_nginx-0a1b2c.log")};
    const auto events = read.all(
        "2024-11-27T16:31:05.5+07:00 stdout P Nov 27 16:31:05 h app[3]: \n"
        "2024-11-27T16:31:05.6+07:00 stderr F other\n"
        "2024-11-27T16:31:05.7+07:00 stdout F hello\n");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(said(events[0], "message"), "hello");
    EXPECT_EQ(said(events[0], "process.name"), "app");
    EXPECT_EQ(said(events[0], "container.name"), "nginx");
    EXPECT_EQ(said(events[0], "container.id"), "0a1b2c");
    EXPECT_EQ(said(events[0], "orchestrator.namespace"), "pemilu");
    EXPECT_EQ(said(events[0], "orchestrator.resource.name"), "web-7d4");
    EXPECT_EQ(said(events[1], "message"), "other");
    EXPECT_EQ(when(events[1]), "2024-11-27T09:31:05.600Z") << "the runtime's time";
}

TEST(ContainerFormat, PodFoldersNameTheirContainer) {
    Reader read{"container", at("/var/log/pods/pemilu_web-7d4_0a-1b/nginx/0.log")};
    const Event& e = read("2024-11-27T16:31:05.6+07:00 stderr F hello");
    EXPECT_EQ(said(e, "orchestrator.namespace"), "pemilu");
    EXPECT_EQ(said(e, "orchestrator.resource.name"), "web-7d4");
    EXPECT_EQ(said(e, "container.name"), "nginx");
    EXPECT_EQ(said(e, "message"), "hello");
    EXPECT_EQ(read.result, ParseResult::parsed);
}

TEST(ContainerFormat, LinesInsideAreJoinedAsTheirFormatWants) {
    Reader read{"container:nginx"};
    const auto events = read.all(docker("2024/11/27 16:31:05 [error] 8#8: one\\n", "stderr") +
                                 docker("\\tat two\\n", "stderr") +
                                 docker("2024/11/27 16:31:06 [error] 8#8: three\\n", "stderr"));
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(said(events[0], "message"), "one\n\tat two");
    EXPECT_EQ(said(events[1], "message"), "three");
}

TEST(ContainerFormat, AuditRecordsInsideGiveAllTheirEvents) {
    Reader read{"container:audit"};
    const auto events = read.all(
        docker("type=SYSCALL msg=audit(1732699865.120:1): arch=c000003e syscall=59 success=yes "
               "items=0 exe=\\\"/bin/id\\\"\\n") +
        docker("type=PROCTITLE msg=audit(1732699865.120:1): proctitle=\\\"id\\\"\\n"));
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(events[2].logsource.category, "process_creation");
    EXPECT_EQ(said(events[2], "log.iostream"), "stdout");
}

TEST(ContainerFormat, AutoFindsTheFormatInside) {
    Reader read{"auto"};
    const auto events = read.all(docker(std::string(kAccess) + "\\n"));
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(read.format().name(), "container");
    EXPECT_EQ(events[0].kind, EventKind::web);
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "2024-11-27T16:31:05.6+07:00 stderr F ";
    Reader again{"auto"};
    again(deep);
    EXPECT_EQ(again.format().name(), "container") << "one container, not a thousand";
}

TEST(ContainerFormat, OtherLinesAreUnparsed) {
    Reader read{"container"};
    for (const std::string_view line :
         {"hello", "{}", R"({"log":"x","stream":"stdout"})", R"({"log":"\u00","stream":"stdout",)",
          R"({"log":"x","stream":"pipe","time":"2024-11-27T09:31:05Z"})",
          "2024-11-27T16:31:05.6+07:00 stdout X hello", "2024-11-27T16:31:05.6+07:00 stdout"}) {
        read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
        EXPECT_EQ(read.event.raw(), line);
    }
    EXPECT_FALSE(make_format("container:container"));
    EXPECT_FALSE(make_format("container:ngnix"));
    EXPECT_FALSE(make_format("nginx:json"));
}

TEST(ContainerFormat, EveryEscapeIsUndone) {
    Reader read{"container:json"};
    const auto events = read.all(docker(R"(a\tb\\\"\u00e9\ud83d\ude00\ud800\n)"));
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(said(events[0], "message"), "a\tb\\\"\u00e9\U0001F600\uFFFD");
}

}  // namespace
}  // namespace kentongan::log
