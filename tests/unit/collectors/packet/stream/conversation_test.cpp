#include "collectors/packet/stream/conversation.hpp"

#include <gtest/gtest.h>

#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

/// Writes down what it is given: "o:hello r:world o-5".
class Script final : public Dissector {
  public:
    explicit Script(std::string& log) : log_(log) {}
    Outcome bytes(Side from, Bytes data, const Moment&, ProtocolSink&) override {
        log_ += (from == Side::originator ? " o:" : " r:") + std::string(as_text(data));
        return Outcome::more;
    }
    Outcome gap(Side from, std::uint64_t size, const Moment&, ProtocolSink&) override {
        log_ += (from == Side::originator ? " o-" : " r-") + std::to_string(size);
        return Outcome::more;
    }
    void end(const Moment&, ProtocolSink&) override {}
    std::size_t held_bytes() const override { return 0; }

  private:
    std::string& log_;
};

struct PacketConversation : testing::Test {
    PacketConversation() { talk.dissector = std::make_unique<Script>(log); }
    Verdict from_client(std::uint32_t at, std::uint32_t ack, std::string_view data,
                        std::size_t cut = 0) {
        return talk.segment({Side::originator, at, ack, as_bytes(data), cut}, {}, {}, out);
    }
    Verdict from_server(std::uint32_t at, std::uint32_t ack, std::string_view data) {
        return talk.segment({Side::responder, at, ack, as_bytes(data), 0}, {}, {}, out);
    }

    std::string log;
    EventWriter writer{"test"};
    ProtocolEvents out{writer};
    Flow flow;
    Conversation talk{flow, false, 100, 500};
};

TEST_F(PacketConversation, AnAnswerWaitsForWhatItAnswers) {
    EXPECT_EQ(from_server(500, 103, "yes"), Verdict::more);
    EXPECT_EQ(log, "");
    EXPECT_EQ(from_client(100, 500, "one"), Verdict::more);
    EXPECT_EQ(log, " o:one r:yes");
}

TEST_F(PacketConversation, EndsThatWaitForEachOtherInTurnAreReadInTheOrderTheySpoke) {
    EXPECT_EQ(from_client(100, 503, "two"), Verdict::more);
    EXPECT_EQ(from_server(503, 103, "three"), Verdict::more);
    EXPECT_EQ(log, "");
    EXPECT_EQ(from_server(500, 100, "one"), Verdict::more);
    EXPECT_EQ(log, " r:one o:two r:three");
}

TEST_F(PacketConversation, WhatTheCaptureCutIsAGap) {
    EXPECT_EQ(from_client(100, 500, "head", 6), Verdict::more);
    EXPECT_EQ(from_client(110, 500, "next"), Verdict::more);
    EXPECT_EQ(log, " o:head o-6 o:next");
    EXPECT_EQ(talk.gap_bytes, 6u);
}

TEST_F(PacketConversation, AHoleIsGivenUpWhenTooMuchWaitsBehindIt) {
    const std::string chunk(60'000, 'x');
    for (std::uint32_t i = 0; i < 5; ++i)
        EXPECT_EQ(from_client(110 + i * 60'000, 500, chunk), Verdict::more);
    EXPECT_TRUE(log.starts_with(" o-10 o:xxx"));
    EXPECT_EQ(talk.waiting_bytes(), 0u);
}

TEST_F(PacketConversation, OneDirectionAloneIsReadWithTheOtherAsAGap) {
    const std::string chunk(60'000, 'x');
    for (std::uint32_t i = 0; i < 6; ++i)
        EXPECT_EQ(from_server(500 + i * 60'000, 150, chunk), Verdict::more);
    EXPECT_TRUE(log.starts_with(" o-50 r:xxx"));
}

TEST_F(PacketConversation, WhatWaitsAtTheEndIsReadWithItsHoles) {
    EXPECT_EQ(from_client(110, 505, "late"), Verdict::more);
    EXPECT_EQ(from_server(500, 120, "hello"), Verdict::more);
    talk.drain_rest({}, {}, out);
    EXPECT_EQ(log, " o-10 r:hello o:late");
}

TEST_F(PacketConversation, AnAcknowledgementBeyondAnyWindowHoldsNothingUp) {
    EXPECT_EQ(from_server(500, 100 + (2u << 20), "hello"), Verdict::more);
    EXPECT_EQ(log, " r:hello");
}

}  // namespace
}  // namespace kentongan::packet
