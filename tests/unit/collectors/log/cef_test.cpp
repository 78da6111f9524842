#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

TEST(CefFormat, HeaderAndExtensionFillTheFields) {
    Reader read{"cef"};
    const Event& e = read(
        R"(CEF:0|Pagar\|Api|FW-1|7.2|4711|Traffic denied|8|rt=1732699865120 src=203.0.113.9 )"
        R"(spt=40022 dst=10.0.0.5 dpt=443 proto=TCP act=blocked suser=budi santoso duser=root )"
        R"(request=https://kpu.example/a?b\=c&d\=e msg=two words\nand a line cs1Label=Rule Name )"
        R"(cs1=deny all in=512 deviceDirection=0 customKey=x)");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(said(e, "observer.vendor"), "Pagar|Api");
    EXPECT_EQ(said(e, "observer.product"), "FW-1");
    EXPECT_EQ(said(e, "observer.version"), "7.2");
    EXPECT_EQ(said(e, "event.code"), "4711");
    EXPECT_EQ(said(e, "rule.name"), "Traffic denied");
    EXPECT_EQ(said(e, "event.severity"), "8");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "source.port"), "40022");
    EXPECT_EQ(said(e, "destination.ip"), "10.0.0.5");
    EXPECT_EQ(said(e, "destination.port"), "443");
    EXPECT_EQ(said(e, "network.transport"), "tcp");
    EXPECT_EQ(said(e, "event.action"), "blocked");
    EXPECT_EQ(said(e, "user.name"), "budi santoso");
    EXPECT_EQ(said(e, "user.target.name"), "root");
    EXPECT_EQ(said(e, "url.original"), "https://kpu.example/a?b=c&d=e");
    EXPECT_EQ(said(e, "url.query"), "b=c&d=e");
    EXPECT_EQ(said(e, "message"), "two words\nand a line");
    EXPECT_EQ(said(e, "cs1"), "deny all");
    EXPECT_EQ(said(e, "RuleName"), "deny all") << "named by its label";
    EXPECT_EQ(said(e, "source.bytes"), "512");
    EXPECT_EQ(said(e, "network.direction"), "inbound");
    EXPECT_EQ(said(e, "customKey"), "x");
    EXPECT_TRUE(e.logsource.product.empty()) << "a wire format implies no product";
}

TEST(CefFormat, ASyslogHeaderGivesHostAndTime) {
    Reader read{"cef"};
    const Event& e = read("<134>Nov 27 16:31:05 fw-01 CEF:0|v|p|1|id|Name|Very-High|src=fw.local");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(said(e, "host.hostname"), "fw-01");
    EXPECT_EQ(said(e, "event.severity"), "10");
    EXPECT_EQ(said(e, "source.address"), "fw.local");
    EXPECT_EQ(said(e, "message"), "Name");
    read("<134>1 2024-11-27T09:31:05Z fw-02 app - - - CEF:0|v|p|1|id|Name|3|");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(said(read.event, "host.hostname"), "fw-02");
}

TEST(CefFormat, TimesHaveManySpellings) {
    Reader read{"cef"};
    const auto time = [&](std::string_view text) {
        return when(read("CEF:0|v|p|1|i|n|3|rt=" + std::string(text) + " act=x"));
    };
    EXPECT_EQ(time("1732699865120"), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(time("1732699865"), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(time("Nov 27 2024 16:31:05"), "2024-11-27T09:31:05.000Z") << "WIB";
    EXPECT_EQ(time("Nov 27 2024 09:31:05.250 UTC"), "2024-11-27T09:31:05.250Z");
    EXPECT_EQ(time("2024-11-27T16:31:05+07:00"), "2024-11-27T09:31:05.000Z");
}

TEST(CefFormat, LeefOneIsSeparatedByTabs) {
    Reader read{"cef"};
    const Event& e = read(
        "<13>Nov 27 16:31:05 fw LEEF:1.0|Pagar|FW|2|deny|src=203.0.113.9\tdst=10.0.0.5\tsrcPort=5\t"
        "dstPort=22\tusrName=budi s\tproto=UDP\tsev=7\tdevTime=1732699865120\tpolicy=a=b");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(said(e, "observer.vendor"), "Pagar");
    EXPECT_EQ(said(e, "event.code"), "deny");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "destination.port"), "22");
    EXPECT_EQ(said(e, "user.name"), "budi s");
    EXPECT_EQ(said(e, "network.transport"), "udp");
    EXPECT_EQ(said(e, "event.severity"), "7");
    EXPECT_EQ(said(e, "policy"), "a=b");
}

TEST(CefFormat, LeefTwoNamesItsDelimiter) {
    Reader read{"cef"};
    EXPECT_EQ(said(read("LEEF:2.0|v|p|1|e|^|src=203.0.113.9^usrName=a b"), "user.name"), "a b");
    EXPECT_EQ(said(read("LEEF:2.0|v|p|1|e|x5E|src=203.0.113.9^usrName=a b"), "user.name"), "a b");
    EXPECT_EQ(said(read("LEEF:2.0|v|p|1|e||src=203.0.113.9\tusrName=a b"), "user.name"), "a b");
    EXPECT_EQ(said(read("LEEF:2.0|v|p|1|e|src=203.0.113.9\tusrName=a|b"), "user.name"), "a|b");
}

TEST(CefFormat, HalfAHeaderIsUnparsed) {
    Reader read{"cef"};
    for (const std::string_view line :
         {"CEF:0|v|p|1|id|Name", "LEEF:1.0|v|p", "hello", "CEF:", "<34>Nov 27 16:31:05 h app: x",
          R"(CEF:0|v\|p\|1\|id\|n\|3)"}) {
        read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
    }
}

TEST(CefFormat, PairsAreBounded) {
    Reader read{"cef"};
    std::string line = "CEF:0|v|p|1|id|Name|3|";
    for (int i = 0; i < 300; ++i) line += "act=b ";
    EXPECT_LE(read(line).size(), 270u);
    EXPECT_GT(read.context.left_out, 0u);
}

TEST(SyslogFormat, ADevicesCefIsNoLinuxMessage) {
    Reader read{"syslog"};
    const Event& e = read("<134>Nov 27 16:31:05 fw-01 CEF:0|v|p|1|id|Name|5|src=203.0.113.9");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "host.hostname"), "fw-01");
    EXPECT_TRUE(e.logsource.product.empty());
}

}  // namespace
}  // namespace kentongan::log
