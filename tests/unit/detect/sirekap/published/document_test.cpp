#include "daemon/detect/sirekap/published/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/file.hpp"
#include "tests/support/project.hpp"

namespace kentongan::sirekap::published {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view kPilkada =
    R"({"mode":"hhcw","tungsura":{"chart":{"1000023":7,"1000024":3,
 "progres":{"total":41,"persen":99.93,"progres":40}},"table":{
 "310102":{"psu":"Reguler","1000023":5,"1000024":3,"progres":{"total":20,"persen":100,"progres":20},"status_progress":true},
 "310101":{"psu":"Reguler","1000023":2,"1000024":0,"progres":{"total":20,"persen":95.0,"progres":20},"status_progress":true},
 "310103":{"psu":"Reguler","progres":{"total":1,"persen":0,"progres":0},"status_progress":false}}},
 "psu":"Reguler","progres":{"total":41,"progres":40},"ts":"2024-11-28 10:00:05"})";

std::string error_of(std::string_view json) {
    const auto result = Document::parse(json);
    return result ? "" : result.error().message;
}
std::vector<std::string> oddities(const Document& document) {
    std::vector<std::string> out;
    for (const Oddity& oddity : document.oddities)
        out.push_back(std::string(name_of(oddity.kind)) + ": " + oddity.where);
    return out;
}

TEST(PublishedDocument, ReadsAnAreaOfThePilkada) {
    const auto read = Document::parse(kPilkada);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->level, Document::Level::area);
    EXPECT_TRUE(read->pilkada);
    EXPECT_EQ(*read->chart, (Votes{{1000023, 7}, {1000024, 3}}));
    EXPECT_EQ(read->progress, (Progress{41, 40}));
    ASSERT_EQ(read->rows.size(), 3u);
    EXPECT_EQ(read->rows[0].code, "310101");
    EXPECT_EQ(read->rows[2].votes, Votes{});
    EXPECT_FALSE(read->rows[2].counted);
    EXPECT_EQ(read->rows[1].progress, (Progress{20, 20}));
    EXPECT_EQ(read->made, parse_rfc3339("2024-11-28T03:00:05Z"));
    EXPECT_THAT(oddities(*read), IsEmpty());
}

TEST(PublishedDocument, ReadsATpsWithTheLiteralKeyNullAndPagesThatAreMissing) {
    const auto read = Document::parse(R"({"chart":{"null":null,"100025":72,"100026":109},
        "images":["https://a/b.jpg",null,null],"administrasi":null,"psu":null,
        "ts":"2024-02-15 00:46:45","status_suara":true,"status_adm":false})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->level, Document::Level::tps);
    EXPECT_FALSE(read->has_mode);
    EXPECT_EQ(*read->chart, (Votes{{100025, 72}, {100026, 109}}));
    EXPECT_THAT(read->images, ElementsAre("https://a/b.jpg", "", ""));
    EXPECT_FALSE(read->administration);
    EXPECT_EQ(read->status_votes, true);
    EXPECT_EQ(read->status_administration, false);
    EXPECT_THAT(oddities(*read), IsEmpty());
}

TEST(PublishedDocument, AChartWithNothingButTheKeyNullIsAChart) {
    const auto read = Document::parse(
        R"({"chart":{"null":null},"images":null,"administrasi":null,"psu":null,"ts":"x",
            "status_suara":true,"status_adm":false})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->chart, Votes{});
    EXPECT_FALSE(read->made);
    EXPECT_THAT(oddities(*read), ElementsAre("wrong type: ts"));
}

TEST(PublishedDocument, WrongTypesAreNamedAndTheRestIsRead) {
    const auto read = Document::parse(R"({"mode":7,"chart":{"100025":"72","100026":109.0,"x":1,
        "100027":-5,"100028":99999999999999999999,"100029":1.5,"persen":"9"},
        "table":{"31":[],"3x":{},"11":{"100025":1}},"neu":1,"ts":20240215})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read->chart, (Votes{{100026, 109}, {100027, -5}}));
    EXPECT_EQ(read->rows.size(), 1u);
    EXPECT_THAT(
        oddities(*read),
        testing::UnorderedElementsAre(
            "unknown key: chart.x", "unknown key: neu", "wrong type: chart.*",
            "wrong type: chart.persen", "wrong type: mode", "wrong type: table.*", "wrong type: ts",
            "missing key: table.*.status_progress", "not a code: table.3x"));
}

TEST(PublishedDocument, WhatIsNoResultIsAnErrorThatSaysWhy) {
    EXPECT_THAT(error_of("{\"ts\":"), StartsWith("not JSON at byte 6"));
    EXPECT_THAT(error_of(std::string_view{"{\0}", 3}), StartsWith("not JSON"));
    EXPECT_THAT(error_of("{} {}"), StartsWith("not JSON"));
    EXPECT_EQ(error_of("[]"), "not a JSON object");
    EXPECT_EQ(error_of("{\"ts\":\"2024-02-15 00:46:45\"}"),
              "neither an area's file (table) nor a TPS's (images, administrasi)");
    EXPECT_EQ(error_of(R"({"table":)" + std::string(100, '[') + std::string(100, ']') + "}"),
              "nested deeper than 16 levels");
    EXPECT_EQ(error_of(std::string(Document::kMaximumBytes + 1, ' ')),
              "larger than 33554432 bytes");
}

TEST(PublishedDocument, OdditiesAreBounded) {
    std::string json = R"({"table":{},"chart":{)";
    for (int i = 0; i < 500; ++i) json += "\"k" + std::to_string(i) + "\":1,";
    const auto read = Document::parse(json + "\"persen\":1},\"ts\":\"2024-02-15 00:46:45\"}");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->oddities.size(), Document::kMaximumOddities);
}

TEST(PublishedDocument, KnowsCodes) {
    for (const auto* code : {"31", "3171", "317101", "3171011006", "3171011006001", "99AA010001"})
        EXPECT_TRUE(is_code(code)) << code;
    for (const auto* code : {"", "0", "3", "317", "31710110060012", "31A1", "../1", "99aa010001"})
        EXPECT_FALSE(is_code(code)) << code;
}

TEST(PublishedDocument, ReadsEveryRealFileWithoutAnOddity) {
    const auto folder = shared_folder() / "data/sirekap";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        if (entry.path().extension() != ".json" || name.starts_with("wilayah") ||
            name.starts_with("paslon"))
            continue;
        const auto read = Document::parse(read_file(entry.path()).value());
        ASSERT_TRUE(read) << entry.path() << ": " << read.error().message;
        EXPECT_THAT(oddities(*read), IsEmpty()) << entry.path();
        EXPECT_TRUE(read->made) << entry.path();
        if (read->level == Document::Level::tps && read->status_votes)
            EXPECT_EQ(*read->status_votes, read->chart.has_value()) << entry.path();
        ++files;
    }
    EXPECT_EQ(files, 97 + 5 + 21);
}

}  // namespace
}  // namespace kentongan::sirekap::published
