// A01 and A02 from packets to findings: guessing that only the wire shows, without any log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/packet/sensor.hpp"
#include "daemon/detect/anomaly/brute_force_detector.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "tests/support/event_builder.hpp"
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
    /// Of another source: a server's log.
    void log(std::string_view program, std::string_view user, bool right, Timestamp time) {
        emit(an_event()
                 .of(EventKind::auth)
                 .at(time)
                 .in("/var/log/auth.log")
                 .with(Field::source_ip, *IpAddress::parse("192.0.2.66"))
                 .with(Field::user_name, user)
                 .with(Field::process_name, program)
                 .with(Field::event_outcome, right ? "success" : "failure")
                 .build());
    }
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

    void log(std::string_view program, std::string_view user, bool right = false) {
        sink_.log(program, user, right, time_);
    }
    std::uint64_t told_failures() {
        std::uint64_t out = 0;
        sensor_.finish(sink_);
        sink_.detector.advance(time_ + std::chrono::hours{1}, sink_.findings);
        for (const Finding& finding : sink_.findings.all)
            if (finding.rule->id == brute_force_rule()->id) out += finding.count;
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

TEST_F(GuessingOnTheWire, IsNoGuessingWhenALogTellsTheSameFewAttempts) {
    for (int i = 0; i < 9; ++i) {
        ftp_login("admin", false);
        log("vsftpd", "admin");
    }
    EXPECT_TRUE(rules().empty());
}

TEST_F(GuessingOnTheWire, CountsOnceWhatALogTellsAsWell) {
    for (int i = 0; i < 15; ++i) {
        if (i % 2 == 0) log("vsftpd", "admin");  // before the wire, and after it
        ftp_login("admin", false);
        if (i % 2 != 0) log("vsftpd", "admin");
    }
    EXPECT_EQ(told_failures(), 15u);
}

TEST_F(GuessingOnTheWire, AttemptsThatAreNoLongerComparedAreCounted) {
    for (int i = 0; i < 32; ++i) log("vsftpd", "admin");
    EXPECT_EQ(sink_.detector.evicted(), 0u);
    for (int i = 0; i < 8; ++i) log("vsftpd", "admin");
    EXPECT_EQ(sink_.detector.evicted(), 8u);
}

TEST_F(GuessingOnTheWire, CountsWhatOnlyOneOfTheTwoSaw) {
    for (int i = 0; i < 12; ++i) {
        ftp_login("admin", false);
        if (i < 4) log("vsftpd", "admin");
    }
    EXPECT_EQ(told_failures(), 12u);
}

TEST_F(GuessingOnTheWire, AtOneServiceAndInTheLogOfAnotherAreTwoAttempts) {
    for (int i = 0; i < 6; ++i) {
        ftp_login("admin", false);
        log("sshd", "admin");
    }
    EXPECT_EQ(told_failures(), 12u);
}

TEST_F(GuessingOnTheWire, LongBeforeTheLogIsAnotherAttempt) {
    for (int i = 0; i < 5; ++i) ftp_login("admin", false);
    time_ += AttemptWitnesses::kApart;
    for (int i = 0; i < 10; ++i) log("vsftpd", "admin");
    EXPECT_EQ(told_failures(), 10u);
}

TEST_F(GuessingOnTheWire, TheUserThatOnlyTheLogKnowsIsHeard) {
    for (int i = 0; i < 30; ++i) {
        ftp_login("", false);
        log("vsftpd", "user" + std::to_string(i));
    }
    ftp_login("", true);
    log("vsftpd", "ani", true);
    EXPECT_THAT(rules(), Contains(password_spraying_rule()->id));
    std::string logins;
    for (const Finding& finding : sink_.findings.all)
        if (finding.rule->id == login_after_guessing_rule()->id) logins += finding.message;
    EXPECT_THAT(logins, testing::HasSubstr("'ani'"));
}

TEST_F(GuessingOnTheWire, ASlipAndThenTheRightPasswordIsNothing) {
    ftp_login("ani", false);
    ftp_login("ani", true);
    EXPECT_TRUE(rules().empty());
}

}  // namespace
}  // namespace kentongan::anomaly
