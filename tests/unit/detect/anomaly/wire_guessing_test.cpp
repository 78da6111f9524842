// A01 and A02 from packets to findings: guessing that only the wire shows, without any log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/packet/sensor.hpp"
#include "daemon/detect/anomaly/brute_force_detector.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/packet_builder.hpp"

namespace kentongan::anomaly {
namespace {

using testing::Contains;
using testing::Not;

const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

class GuessingSink final : public EventSink {
  public:
    void emit(const Event& event) override {
        detector.advance(event.time, findings);
        if (detector.wants(event.kind)) detector.inspect(event, findings);
    }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp, std::optional<Bookmark>) override { co_return; }
    bool offer(Timestamp) override { return true; }

    BruteForceDetector detector{AnomalyOptions{}};
    RecordingFindings findings;
};

class GuessingOnTheWire : public testing::Test {
  protected:
    void play(const TcpConversation& talk) {
        for (const TimedFrame& frame : talk.frames())
            sensor_.packet({1, frame.time, as_bytes(frame.bytes), frame.bytes.size()}, sink_);
    }
    /// One connection in which a password is tried, a second after the last one.
    void ftp_login(std::string_view user, bool right) {
        TcpConversation talk({"192.0.2.66", port_++}, {"198.51.100.5", 2121}, time_);
        time_ += std::chrono::seconds{1};
        play(talk.handshake()
                 .server_says("220 ready\r\n")
                 .client_says("USER " + std::string(user) + "\r\n")
                 .server_says("331 password please\r\n")
                 .client_says("PASS " + std::to_string(port_) + "\r\n")
                 .server_says(right ? "230 logged in\r\n" : "530 Login incorrect.\r\n")
                 .close());
    }
    std::vector<std::string> rules() {
        sensor_.finish(sink_);
        sink_.detector.advance(time_ + std::chrono::hours{1}, sink_.findings);
        std::vector<std::string> out;
        for (const Finding& finding : sink_.findings.all) out.push_back(finding.rule->id);
        return out;
    }

    packet::Sensor sensor_{"eth0", {}, 1};
    GuessingSink sink_;
    std::uint16_t port_ = 40000;
    Timestamp time_ = kStart;
};

TEST_F(GuessingOnTheWire, IsToldAndSoIsTheLoginThatFollows) {
    for (int i = 0; i < 30; ++i) ftp_login("admin", false);
    ftp_login("admin", true);
    const auto found = rules();
    EXPECT_THAT(found, Contains(brute_force_rule()->id));
    EXPECT_THAT(found, Contains(login_after_guessing_rule()->id));
    EXPECT_THAT(found, Not(Contains(password_spraying_rule()->id)));
}

TEST_F(GuessingOnTheWire, OfManyUsersIsSpraying) {
    for (int i = 0; i < 30; ++i) ftp_login("user" + std::to_string(i), false);
    EXPECT_THAT(rules(), Contains(password_spraying_rule()->id));
}

TEST_F(GuessingOnTheWire, ASlipAndThenTheRightPasswordIsNothing) {
    ftp_login("ani", false);
    ftp_login("ani", true);
    EXPECT_TRUE(rules().empty());
}

}  // namespace
}  // namespace kentongan::anomaly
