#include "daemon/ledger/canonical_json.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <boost/json.hpp>
#include <charconv>
#include <cstdint>

namespace kentongan::ledger {
namespace {

namespace json = boost::json;

std::string canonical(std::string_view text) {
    const auto out = canonical_json(json::parse(text));
    return out ? *out : "error: " + out.error().message;
}

/// The nearest double, which the parser of Boost 1.81 misses by a unit now and then.
double nearest(std::string_view text) {
    double out = 0;
    EXPECT_EQ(std::from_chars(text.begin(), text.end(), out).ec, std::errc{});
    return out;
}

TEST(CanonicalJson, SampleOfSection3_2_2) {
    json::value sample = json::parse(
        "{\"numbers\":[],\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
        "\"literals\":[null,true,false]}");
    for (const auto* number :
         {"333333333.33333329", "1E30", "4.50", "2e-3", "0.000000000000000000000000001"})
        sample.as_object()["numbers"].as_array().emplace_back(nearest(number));
    EXPECT_EQ(canonical_json(sample).value(),
              "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,"
              "1e-27],\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(CanonicalJson, MembersAreInTheOrderOfUtf16AsInSection3_2_3) {
    EXPECT_EQ(canonical("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\","
                        "\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
                        "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
                        "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}"),
              "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
              "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro "
              "Sign\",\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\","
              "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(CanonicalJson, NumbersAreThoseOfAppendixB) {
    const std::pair<std::uint64_t, std::string_view> samples[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (const auto& [bits, text] : samples)
        EXPECT_EQ(number_text(std::bit_cast<double>(bits)), text) << std::hex << bits;
}

TEST(CanonicalJson, WholeNumbersThatADoubleDoesNotHoldAreRefused) {
    EXPECT_EQ(canonical("9007199254740992"), "9007199254740992");
    EXPECT_TRUE(canonical("9007199254740993").starts_with("error"));
    EXPECT_TRUE(canonical("18446744073709551615").starts_with("error"));
    EXPECT_TRUE(canonical("-9007199254740993").starts_with("error"));
}

TEST(CanonicalJson, TextThatIsNotUtf8IsRefused) {
    EXPECT_FALSE(canonical_json(json::value(json::string("\xC3\x28"))));
    EXPECT_FALSE(canonical_json(json::value(json::string("\xED\xA0\x80"))));  // a lone surrogate
}

TEST(CanonicalJson, DeepNestingIsRefusedBeforeTheStackEnds) {
    json::value deep = 1;
    for (int i = 0; i < 100; ++i) deep = json::array{std::move(deep)};
    EXPECT_FALSE(canonical_json(deep));
}

}  // namespace
}  // namespace kentongan::ledger
