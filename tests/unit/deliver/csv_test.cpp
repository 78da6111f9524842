#include "daemon/deliver/format/csv.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace kentongan {
namespace {

TEST(Csv, ACellIsNeverAFormula) {
    EXPECT_EQ(csv_cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    EXPECT_EQ(csv_cell("+1"), "\"'+1\"");
    EXPECT_EQ(csv_cell("-2+3|cmd"), "\"'-2+3|cmd\"");
    EXPECT_EQ(csv_cell("@SUM(A1)"), "\"'@SUM(A1)\"");
    EXPECT_EQ(csv_cell("  =1"), "\"'  =1\"");
    EXPECT_EQ(csv_cell("\t=1")[0], '\\');
    EXPECT_EQ(csv_cell("a=1"), "a=1");
}

TEST(Csv, ACellStaysOneCellOfOneLine) {
    EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_cell("say \"ah\""), "\"say \"\"ah\"\"\"");
    EXPECT_EQ(csv_cell("one\r\ntwo").find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(csv_cell(""), "");
}

TEST(Csv, ARowHasACellForEachColumn) {
    const auto alert = boost::json::parse(
        R"({"@timestamp":"2024-11-27T06:00:00Z","event":{"id":"01J"},"rule":{"id":"r","name":"R"},
            "message":"=1","user":{"name":"-x"},"kentongan":{"count":3}})");
    const std::string row = csv_row(alert.as_object());
    EXPECT_EQ(row, "2024-11-27T06:00:00Z,,,,,,r,R,\"'=1\",,,\"'-x\",,,,,,3,01J");
    const std::string head = csv_head();
    EXPECT_EQ(std::count(head.begin(), head.end(), ','), std::count(row.begin(), row.end(), ','));
}

}  // namespace
}  // namespace kentongan
