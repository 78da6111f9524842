#include "collectors/packet/stream/reassembler.hpp"

#include <gtest/gtest.h>

namespace kentongan::packet {
namespace {

TEST(PacketReassembler, TheFirstCopyWinsAndHolesAreFilled) {
    Reassembler stream(0xFFFFFFFE);  // numbers wrap
    EXPECT_FALSE(stream.add(3, as_bytes("fgh")).conflict);
    EXPECT_TRUE(stream.add(1, as_bytes("dXXXX")).conflict);
    EXPECT_TRUE(stream.has_gap());
    EXPECT_TRUE(stream.add(0xFFFFFFFE, as_bytes("abcYYY")).room);
    std::string all;
    while (stream.head() != nullptr) all += stream.take().bytes;
    EXPECT_EQ(all, "abcdXfgh");
    EXPECT_EQ(stream.next(), 6u);
    EXPECT_EQ(stream.held_bytes(), 0u);
    EXPECT_TRUE(stream.add(0, as_bytes("old")).room);
    EXPECT_EQ(stream.head(), nullptr);
}

TEST(PacketReassembler, ARepetitionIsToldFromAForgeryAlsoWhenItWasDelivered) {
    Reassembler stream(0);
    stream.pass(as_bytes("hello"));
    stream.pass(as_bytes("world"));
    EXPECT_FALSE(stream.add(0, as_bytes("hello")).conflict);
    EXPECT_FALSE(stream.add(0, as_bytes("helloworldmore")).conflict);
    EXPECT_TRUE(stream.add(5, as_bytes("wOrld")).conflict);
    EXPECT_FALSE(stream.add(9, as_bytes("\0")).conflict) << "a keep-alive";
}

TEST(PacketReassembler, WhatWaitsIsBounded) {
    Reassembler stream(0);
    const std::string chunk(10000, 'x');
    std::uint32_t at = 1;
    while (stream.add(at, as_bytes(chunk)).room) at += 10000;
    EXPECT_GT(at, 200'000u);
    EXPECT_LE(stream.held_bytes(), Reassembler::kMaximumBytes);
    EXPECT_TRUE(stream.add(2u << 20, as_bytes("far")).room);  // outside any window: ignored
}

TEST(PacketReassembler, AHoleCanBeGivenUp) {
    Reassembler stream(100);
    EXPECT_TRUE(stream.add(110, as_bytes("later")).room);
    EXPECT_EQ(stream.skip_to(105), 5u);
    EXPECT_EQ(stream.skip_to(200), 5u) << "no further than what waits";
    EXPECT_EQ(stream.take().bytes, "later");
    EXPECT_EQ(stream.skip_hole(), 0u);
}

}  // namespace
}  // namespace kentongan::packet
