#include "collectors/zeek/value.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace kentongan::zeek {
namespace {

using boost::json::parse;

TEST(ZeekValue, IntervalsAreNumbersOrWords) {
    EXPECT_DOUBLE_EQ(*read_interval(parse("8.219")), 8.219);
    EXPECT_DOUBLE_EQ(*read_interval(parse("\"8.219\"")), 8.219);
    EXPECT_NEAR(*read_interval(parse("\"8.0 secs 219.0 msecs 12.0 usecs\"")), 8.219012, 1e-9);
    EXPECT_DOUBLE_EQ(*read_interval(parse("\"1.0 day 2.0 hrs 1.0 min\"")), 93660);
    EXPECT_DOUBLE_EQ(*read_interval(parse("\"-1.0 sec\"")), -1);
}

TEST(ZeekValue, WhatIsNoIntervalIsNothing) {
    for (const auto* text : {"\"\"", "\"8.0\\u0000secs\"", "\"8.0 parsecs\"", "\"secs\"", "\"inf\"",
                             "\"1 sec and more\"", "null", "[]", "true"})
        EXPECT_FALSE(read_interval(parse(text))) << text;
}

TEST(ZeekValue, PortsAreNumbersTextOrObjects) {
    EXPECT_EQ(read_port(parse("53")), 53);
    EXPECT_EQ(read_port(parse("\"53\"")), 53);
    EXPECT_EQ(read_port(parse("\"53/udp\"")), 53);
    EXPECT_EQ(read_port(parse(R"({"port":53,"proto":"udp"})")), 53);
    for (const auto* text : {"65536", "-1", "\"x\"", "{}", R"({"port":{"port":1}})", "1.5", "null"})
        EXPECT_FALSE(read_port(parse(text))) << text;
}

}  // namespace
}  // namespace kentongan::zeek
