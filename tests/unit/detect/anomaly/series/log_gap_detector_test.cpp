#include "daemon/detect/anomaly/series/log_gap_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

class LogGapTest : public testing::Test {
  protected:
    explicit LogGapTest(bool live = false) : detector_(options(live)) {}
    static AnomalyOptions options(bool live) {
        AnomalyOptions out;
        out.live = live;
        return out;
    }
    void at(Timestamp now) {
        now_ = now;
        detector_.advance(now_, found_);
    }
    void wait(Duration duration) {
        const auto until = now_ + duration;
        while (now_ < until) at(now_ + seconds{1});
    }
    void line(std::string_view log, std::uint32_t events = 1) {
        LogSecond second = a_second(log);
        second.events = events;
        detector_.inspect(second, found_);
    }
    LogSecond a_second(std::string_view log) {
        LogSecond out;
        out.second = now_;
        out.source = log;
        out.events = 1;
        out.last = {"/var/log/auth.log", ++position_};
        out.line = "line " + std::to_string(position_);
        return out;
    }
    /// A line of each log every `pause`.
    void lines(std::vector<std::string_view> logs, Duration pause, int count) {
        for (int i = 0; i < count; ++i) {
            for (const auto log : logs) line(log);
            wait(pause);
        }
    }
    const std::vector<Finding>& found() const { return found_.all; }

    LogGapDetector detector_;
    Timestamp now_ = *parse_rfc3339("2024-11-27T11:00:00Z");
    std::uint64_t position_ = 0;
    RecordingFindings found_;
};

TEST_F(LogGapTest, TellsOfALogThatFallsSilentAndOfItsReturn) {
    lines({"log:auth"}, seconds{2}, 500);
    ASSERT_TRUE(found().empty());
    wait(seconds{57});
    EXPECT_TRUE(found().empty());
    wait(seconds{10});
    ASSERT_EQ(found().size(), 1u);
    const Finding& gap = found()[0];
    EXPECT_EQ(gap.rule->id, "anomaly:log-gap");
    EXPECT_EQ(gap.rule->severity, Severity::high);
    EXPECT_EQ(gap.entity, "log:auth");
    EXPECT_THAT(gap.message, StartsWith("log:auth has been silent for 61 s; of 499 pauses before, "
                                        "99 of 100 took at most 2 s"));
    ASSERT_EQ(gap.evidence.size(), 1u);
    EXPECT_EQ(gap.evidence[0].source, "/var/log/auth.log");
    EXPECT_EQ(gap.evidence[0].offset, 500u);
    EXPECT_EQ(gap.evidence[0].excerpt, "line 500");
    wait(hours{1});
    EXPECT_EQ(found().size(), 1u);
    line("log:auth");
    ASSERT_EQ(found().size(), 2u);
    EXPECT_EQ(found()[1].severity, Severity::info);
    EXPECT_THAT(found()[1].message, StartsWith("log:auth is heard again after 61 min"));
}

TEST_F(LogGapTest, APauseThatWasToldIsNotOrdinaryFromThenOn) {
    lines({"log:auth"}, seconds{2}, 500);
    wait(minutes{10});
    lines({"log:auth"}, seconds{2}, 100);
    wait(seconds{70});
    EXPECT_EQ(found().size(), 3u);
}

TEST_F(LogGapTest, ASlowLogIsJudgedByItsOwnRhythm) {
    std::mt19937_64 random{5};  // NOLINT
    std::exponential_distribution<double> pause{1.0 / 30};
    for (int i = 0; i < 2000; ++i) {
        line("log:cron");
        wait(seconds{1 + static_cast<int>(pause(random))});
    }
    EXPECT_TRUE(found().empty());
    wait(hours{2});
    EXPECT_EQ(found().size(), 1u);
}

TEST_F(LogGapTest, AJobThatWritesMuchOnceAnHourIsNoLogThatFellSilent) {
    for (int hour = 0; hour < 30; ++hour) {
        lines({"log:backup"}, seconds{1}, 300 + hour % 5);
        wait(minutes{54} + seconds{hour % 7});
    }
    EXPECT_TRUE(found().empty());
}

TEST_F(LogGapTest, ALogOfWhichLittleIsKnownMayBeSilent) {
    lines({"log:auth"}, seconds{8}, 99);
    wait(hours{3});
    EXPECT_TRUE(found().empty());
}

TEST_F(LogGapTest, ARecordedLogThatEndedIsNotSilent) {
    lines({"log:a", "log:b"}, seconds{1}, 900);
    LogSecond last = a_second("log:a");
    last.ended = true;
    detector_.inspect(last, found_);
    lines({"log:b"}, seconds{1}, 900);
    EXPECT_TRUE(found().empty());
    EXPECT_EQ(detector_.entries(), 1u);
}

TEST_F(LogGapTest, AllLogsSilentTogetherAreOneFindingAboutTheHost) {
    lines({"log:a", "log:b", "log:c"}, seconds{1}, 900);
    lines({"log:slow"}, seconds{1}, 1);
    wait(minutes{5});
    ASSERT_EQ(found().size(), 1u);
    EXPECT_EQ(found()[0].entity, "all logs");
    EXPECT_THAT(found()[0].message, HasSubstr("All 3 logs have been silent for 61 s"));
    EXPECT_EQ(found()[0].evidence.size(), 3u);
    line("log:b");
    ASSERT_EQ(found().size(), 2u);
    EXPECT_THAT(found()[1].message, HasSubstr("heard again after 5 min"));
    // The two that stay away are told for themselves, a minute later.
    lines({"log:b"}, seconds{1}, 90);
    ASSERT_EQ(found().size(), 4u);
    EXPECT_EQ(found()[2].entity, "log:a");
    EXPECT_EQ(found()[3].entity, "log:c");
}

TEST_F(LogGapTest, OneSilentLogAmongOthersIsToldAlone) {
    lines({"log:a", "log:b", "log:c"}, seconds{1}, 900);
    lines({"log:a", "log:c"}, seconds{1}, 120);
    ASSERT_EQ(found().size(), 1u);
    EXPECT_EQ(found()[0].entity, "log:b");
}

TEST_F(LogGapTest, AHoleInARecordingIsFoundWhenTimeJumpsOverIt) {
    lines({"log:a"}, seconds{1}, 900);
    at(now_ + hours{1});
    line("log:a");
    ASSERT_EQ(found().size(), 2u);
    EXPECT_THAT(found()[1].message, HasSubstr("60 min"));
}

TEST_F(LogGapTest, TellsOfAClockThatIsSetBackOnceInTenMinutes) {
    lines({"log:app"}, seconds{1}, 200);
    LogSecond back = a_second("log:app");
    back.second = now_ - hours{1};
    back.stepped_back = hours{1};
    detector_.inspect(back, found_);
    ASSERT_EQ(found().size(), 1u);
    EXPECT_EQ(found()[0].rule->id, "anomaly:log-clock");
    EXPECT_THAT(found()[0].message, StartsWith("The time of log:app went back by 60 min"));
    wait(seconds{30});
    detector_.inspect(back, found_);
    EXPECT_EQ(found().size(), 1u);
    wait(seconds{50});
    // With an own clock an hour behind it is not silent.
    for (int i = 0; i < 300; ++i) {
        LogSecond behind = a_second("log:app");
        behind.second -= hours{1};
        detector_.inspect(behind, found_);
        wait(seconds{1});
    }
    EXPECT_EQ(found().size(), 1u);
}

TEST_F(LogGapTest, ALogThatIsUsuallyOutOfOrderHasNoClockThatWasSet) {
    for (int i = 0; i < 300; ++i) {
        LogSecond second = a_second("log:conn");
        second.lateness = seconds{i % 40};
        second.stepped_back = i % 10 == 0 && i > 150 ? seconds{45} : seconds{0};
        detector_.inspect(second, found_);
        wait(seconds{1});
    }
    EXPECT_TRUE(found().empty());
}

class LiveLogGapTest : public LogGapTest {
  protected:
    LiveLogGapTest() : LogGapTest(true) {}
};

TEST_F(LiveLogGapTest, AJumpOfTheClockIsNoSilence) {
    lines({"log:a", "log:b"}, seconds{1}, 900);
    at(now_ + hours{7});  // a source that held event time back has caught up
    line("log:a");
    wait(seconds{30});
    EXPECT_TRUE(found().empty());
    lines({"log:a"}, seconds{1}, 60);
    ASSERT_EQ(found().size(), 1u);
    EXPECT_EQ(found()[0].entity, "log:b");
}

}  // namespace
}  // namespace kentongan::anomaly
