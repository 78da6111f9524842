#include "collectors/zeek/frame.hpp"

#include <gtest/gtest.h>

#include "collectors/zeek/bridge/backoff.hpp"
#include "collectors/zeek/bridge/outbox.hpp"
#include "collectors/zeek/message.hpp"

namespace kentongan::zeek {
namespace {

TEST(ZeekFrame, LengthIsFourBytesBigEndian) {
    std::string out;
    append_frame(out, std::string(300, 'x'));
    EXPECT_EQ(out.substr(0, 4), std::string("\0\0\x01\x2c", 4));
}

TEST(ZeekFrame, FramesComeOutWholeWhateverThePieces) {
    std::string bytes;
    for (const auto* json : {"{}", R"({"a":1})", R"({"b":"c"})"}) append_frame(bytes, json);
    FrameReader reader;
    std::vector<std::string> seen;
    for (const char byte : bytes) {
        reader.feed({&byte, 1});
        while (const auto frame = reader.next()) seen.emplace_back(*frame);
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"{}", R"({"a":1})", R"({"b":"c"})"}));
    EXPECT_FALSE(reader.broken());
}

TEST(ZeekFrame, AnImpossibleLengthBreaksTheReaderForGood) {
    for (const auto& bytes : {std::string(4, '\0'), std::string("GET / HTTP/1.1\r\n")}) {
        FrameReader reader;
        reader.feed(bytes);
        EXPECT_FALSE(reader.next());
        EXPECT_TRUE(reader.broken());
        reader.feed(std::string("\0\0\0\x02{}", 6));
        EXPECT_FALSE(reader.next());
    }
    FrameReader small{8};
    small.feed(std::string("\0\0\0\x09", 4));
    EXPECT_FALSE(small.next());
    EXPECT_TRUE(small.broken());
}

TEST(ZeekMessage, ARecordIsAnEventWithItsRawFormWithoutSecrets) {
    MessageReader reader;
    Event event;
    const auto message = reader.read(
        R"({"topic":"/kentongan/zeek/log","event":"Kentongan::log","stream":"FTP::LOG",)"
        R"("node":"worker-1","record":{"ts":1.5,"user":"a","password":"rahasia"},"received_ns":1})",
        event);
    EXPECT_EQ(message.kind, Message::Kind::event);
    EXPECT_EQ(event.text(Field::zeek_node), "worker-1");
    EXPECT_EQ(event.text(Field::user_name), "a");
    EXPECT_EQ(event.raw(), R"({"ts":1.5E0,"user":"a"})");
}

TEST(ZeekMessage, AnyOtherEventKeepsItsNameAndArguments) {
    MessageReader reader;
    Event event;
    const auto message =
        reader.read(R"({"topic":"/kentongan/x","event":"Our::event","args":["a",1]})", event);
    EXPECT_EQ(message.kind, Message::Kind::event);
    EXPECT_EQ(event.logsource.service, "event");
    EXPECT_EQ(event.text(*find_field("event")), "Our::event");
    EXPECT_EQ(event.text(*find_field("args")), "a");
}

TEST(ZeekMessage, HelloAndStatusAreRead) {
    MessageReader reader;
    Event event;
    const auto hello = reader.read(R"({"hello":{"peer":"127.0.0.1:9999"}})", event);
    EXPECT_EQ(hello.kind, Message::Kind::hello);
    EXPECT_EQ(hello.peer, "127.0.0.1:9999");
    const auto status = reader.read(R"({"status":{"dropped":3,"undecodable":-1}})", event);
    EXPECT_EQ(status.kind, Message::Kind::status);
    EXPECT_EQ(status.dropped, 3u);
    EXPECT_EQ(status.undecodable, 0u);
}

TEST(ZeekMessage, WhatTheBridgeNeverWritesIsMalformed) {
    MessageReader reader;
    Event event;
    for (const auto* json : {"", "{", "[]", "{}", "null", R"({"event":1})", R"({"hello":1})",
                             R"({"record":{"ts":1}})", "{\"event\":\"\xff\",\"args\":[]}"})
        EXPECT_EQ(reader.read(json, event).kind, Message::Kind::malformed) << json;
    EXPECT_EQ(reader.read(R"({"event":"x","record":{"ts":"never"}})", event).kind,
              Message::Kind::no_record);
}

TEST(BridgeOutbox, DropsTheNewestWhenFullAndSendsCutFramesAgain) {
    bridge::Outbox outbox{20};
    EXPECT_TRUE(outbox.push("{\"a\":1}"));   // 11 bytes as a frame
    EXPECT_FALSE(outbox.push("{\"b\":1}"));  // would be 22
    EXPECT_TRUE(outbox.push("{}"));          // 17
    EXPECT_EQ(outbox.next_piece(1).size(), 11u);
    EXPECT_EQ(outbox.next_piece(100).size(), 17u);
    EXPECT_EQ(outbox.written(14), 1u);
    EXPECT_EQ(outbox.next_piece(100), std::string("\0\0\0\x02{}", 6));
    EXPECT_TRUE(outbox.push("{\"b\":1}"));
    EXPECT_EQ(outbox.written(17), 2u);
    EXPECT_TRUE(outbox.empty());
}

TEST(BridgeBackoff, DoublesUpToAHalfMinuteAndStartsAgainAfterSuccess) {
    bridge::Backoff backoff{"127.0.0.1:9999"};
    const auto first = backoff.next();
    EXPECT_GE(first.count(), 1000);
    EXPECT_LT(first.count(), 1250);
    EXPECT_EQ(backoff.next(), first * 2);
    for (int i = 0; i < 10; ++i) EXPECT_LE(backoff.next().count(), 37'500);
    backoff.succeeded();
    EXPECT_EQ(backoff.next(), first);
}

}  // namespace
}  // namespace kentongan::zeek
