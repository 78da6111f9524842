#include "collectors/zeek/value.hpp"

#include <gtest/gtest.h>

namespace kentongan::zeek {
namespace {

Value text(std::string_view of) { return Value::of(of); }

TEST(ZeekValue, IntervalsAreNumbersOrWords) {
    EXPECT_DOUBLE_EQ(*read_interval(Value::of(8.219)), 8.219);
    EXPECT_DOUBLE_EQ(*read_interval(text("8.219")), 8.219);
    EXPECT_NEAR(*read_interval(text("8.0 secs 219.0 msecs 12.0 usecs")), 8.219012, 1e-9);
    EXPECT_DOUBLE_EQ(*read_interval(text("1.0 day 2.0 hrs 1.0 min")), 93660);
    EXPECT_DOUBLE_EQ(*read_interval(text("-1.0 sec")), -1);
}

TEST(ZeekValue, WhatIsNoIntervalIsNothing) {
    using namespace std::string_view_literals;
    for (const auto of :
         {""sv, "8.0\0secs"sv, "8.0 parsecs"sv, "secs"sv, "inf"sv, "1 sec and more"sv})
        EXPECT_FALSE(read_interval(text(of))) << of;
    EXPECT_FALSE(read_interval(Value{}));
    EXPECT_FALSE(read_interval(Value::of(true)));
}

TEST(ZeekValue, PortsAreNumbersOrText) {
    EXPECT_EQ(read_port(Value::of(std::int64_t{53})), 53);
    EXPECT_EQ(read_port(text("53")), 53);
    EXPECT_EQ(read_port(text("53/udp")), 53);
    for (const auto of : {"65536", "-1", "x", "", "1.5"}) EXPECT_FALSE(read_port(text(of))) << of;
    EXPECT_FALSE(read_port(Value::of(std::int64_t{65536})));
    EXPECT_FALSE(read_port(Value::of(1.5)));
    EXPECT_FALSE(read_port(Value{}));
}

}  // namespace
}  // namespace kentongan::zeek
