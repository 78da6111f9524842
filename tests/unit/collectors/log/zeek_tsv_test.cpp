#include "collectors/log/formats/signs.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

constexpr std::string_view kHeader =
    "#separator \\x09\n"
    "#set_separator\t,\n"
    "#empty_field\t(empty)\n"
    "#unset_field\t-\n";

std::string dns_header() {
    return std::string(kHeader) +
           "#path\tdns\n"
           "#open\t2024-11-27-16-31-05\n"
           "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tanswers\t"
           "TTLs\trejected\tZ\n"
           "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tvector[string]\t"
           "vector[interval]\tbool\tcount\n";
}

TEST(ZeekTsv, ColumnsGetTheirNamesAndTypesFromTheHeader) {
    Reader read{"zeek"};
    const auto all =
        read.all(dns_header() +
                 "1732699865.120345\tC1\t10.0.0.5\t40112\t10.0.0.2\t53\tudp\ta.example\t"
                 "192.0.2.1,b\\x2cc\t60.000000,5.000000\tF\t0\n"
                 "#close\t2024-11-27-17-00-00\n");
    ASSERT_EQ(all.size(), 1u) << "header lines are no events";
    const Event& e = all[0];
    EXPECT_EQ(e.kind, EventKind::dns);
    EXPECT_EQ(to_rfc3339(e.time, 6), "2024-11-27T09:31:05.120345Z");
    EXPECT_EQ(e.logsource.category, "dns");
    EXPECT_EQ(e.logsource.product, "zeek");
    EXPECT_EQ(e.logsource.service, "dns");
    EXPECT_EQ(e.also.category, "network");
    EXPECT_EQ(said(e, "query"), "a.example");
    EXPECT_EQ(said(e, "dns.question.name"), "a.example");
    EXPECT_EQ(said(e, "source.ip"), "10.0.0.5");
    EXPECT_EQ(said(e, "destination.port"), "53");
    EXPECT_EQ(said(e, "rejected"), "false");
    EXPECT_EQ(e.get(*find_field("Z")).type(), Value::Type::integer);
    std::vector<std::string> answers;
    for (std::size_t i = 0; i < e.size(); ++i)
        if (name_of(e.field_at(i)) == "answers") answers.push_back(e.value_at(i).to_string());
    EXPECT_EQ(answers, (std::vector<std::string>{"192.0.2.1", "b,c"}));
}

TEST(ZeekTsv, TheSameRecordAsJsonGivesTheSameEvent) {
    Reader columns{"zeek"};
    FormatOptions options;
    options.path = "dns.log";
    Reader lines{"zeek", options};
    const auto all = columns.all(dns_header() +
                                 "1732699865.120345\tC1\t10.0.0.5\t40112\t10.0.0.2\t53\tudp\ta.b\t"
                                 "192.0.2.1\t60.5\tT\t1\n");
    ASSERT_EQ(all.size(), 1u);
    const Event& json =
        lines(R"({"ts":1732699865.120345,"uid":"C1","id.orig_h":"10.0.0.5","id.orig_p":40112,)"
              R"("id.resp_h":"10.0.0.2","id.resp_p":53,"proto":"udp","query":"a.b",)"
              R"("answers":["192.0.2.1"],"TTLs":[60.5],"rejected":true,"Z":1})");
    EXPECT_EQ(to_json(all[0]), to_json(json));
}

TEST(ZeekTsv, UnsetIsAbsentAndEmptyIsEmpty) {
    Reader read{"zeek"};
    const auto all =
        read.all(dns_header() +
                 "1732699865.1\tC1\t10.0.0.5\t1\t10.0.0.2\t53\tudp\t-\t(empty)\t-\t-\t0\n"
                 "1732699865.1\tC1\t10.0.0.5\t1\t10.0.0.2\t53\tudp\t(empty)\t-\t-\t-\t0\n");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_FALSE(all[0].has(*find_field("query")));
    EXPECT_FALSE(all[0].has(*find_field("answers")));
    EXPECT_TRUE(all[1].has(*find_field("query")));
    EXPECT_EQ(said(all[1], "query"), "");
}

TEST(ZeekTsv, BackslashesComeBackAndUnprintableBytesStayAsLogged) {
    Reader read{"zeek"};
    const auto all = read.all(std::string(kHeader) +
                              "#path\tsmb_files\n"
                              "#fields\tts\tpath\tname\n"
                              "#types\ttime\tstring\tstring\n"
                              "1732699865.1\t\\x5c\\x5cdc\\x5cIPC$\ta\\x00\\xff\n");
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(said(all[0], "path"), "\\\\dc\\IPC$");
    EXPECT_EQ(said(all[0], "name"), "a\\x00\\xff");
    EXPECT_EQ(all[0].logsource.service, "smb_files");
}

TEST(ZeekTsv, ANewHeaderInTheMiddleIsObeyed) {
    Reader read{"zeek"};
    const auto all = read.all(std::string(kHeader) +
                              "#path\tconn\n#fields\tts\tduration\n#types\ttime\tinterval\n"
                              "1732699865.0\t2.5\n"
                              "#fields\tts\tuid\n#types\ttime\tstring\n"
                              "1732699866.0\tC9\n");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(when(all[0]), "2024-11-27T09:31:07.500Z") << "a connection's time is its end";
    EXPECT_EQ(said(all[0], "event.duration"), "2500000000");
    EXPECT_EQ(all[0].also.service, "connection");
    EXPECT_EQ(said(all[1], "uid"), "C9");
}

TEST(ZeekTsv, ReadingFromTheMiddleNeedsTheHeadOfTheFile) {
    Reader blind{"zeek"};
    blind("1732699865.1\t\\x5cx\t-");
    EXPECT_EQ(blind.result, ParseResult::unparsed);
    Reader read{"zeek"};
    read.format().begin(dns_header() + "1732699865.1\tC0\t");
    const Event& e = read("1732699865.1\tC1\t10.0.0.5\t1\t10.0.0.2\t53\tudp\ta.b\t-\t-\t-\t0");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(said(e, "query"), "a.b");
}

TEST(ZeekTsv, TooFewOrTooManyColumnsStayRaw) {
    Reader read{"zeek"};
    const auto all = read.all(std::string(kHeader) +
                              "#path\tssh\n#fields\tts\tuid\n#types\ttime\tstring\n"
                              "1732699865.0\n1732699865.0\ta\tb\nyesterday\ta\n");
    ASSERT_EQ(all.size(), 3u);
    for (const auto& e : all) EXPECT_EQ(e.size(), 0u);
}

TEST(ZeekTsv, PasswordsAreNotKept) {
    Reader read{"zeek"};
    const auto all = read.all(std::string(kHeader) +
                              "#path\tftp\n#fields\tts\tuser\tpassword\n"
                              "#types\ttime\tstring\tstring\n"
                              "1732699865.0\tbudi\trahasia\n");
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].raw(), "1732699865.0\tbudi\t-");
    EXPECT_EQ(to_json(all[0]).find("rahasia"), std::string::npos);
    EXPECT_EQ(said(all[0], "user.name"), "budi");
}

TEST(ZeekTsv, IsRecognisedByItsFirstLine) {
    EXPECT_TRUE(is_zeek_tsv("#separator \\x09"));
    EXPECT_FALSE(is_zeek_tsv("# Time: 2024-11-27T09:31:05Z"));
}

}  // namespace
}  // namespace kentongan::log
