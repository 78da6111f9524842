// Four generators (detections.md section 3): a crowd, a small botnet, a spoofed flood, a mixture.
#include "daemon/detect/anomaly/flood/http_flood_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T10:00:00Z");
constexpr int kQuietBins = 90;
constexpr int kRamp = 12;    // bins: two minutes
constexpr int kUsual = 100;  // requests in ten seconds
constexpr int kTimes = 20;

IpAddress address(std::uint32_t host) {
    const std::array<std::uint8_t, 4> bytes{
        static_cast<std::uint8_t>(host >> 24), static_cast<std::uint8_t>(host >> 16),
        static_cast<std::uint8_t>(host >> 8), static_cast<std::uint8_t>(host)};
    return IpAddress::v4(bytes);
}

class HttpFloodTest : public testing::Test {
  protected:
    struct Request {
        IpAddress source;
        std::string path;
        std::string agent;
        int status = 200;
    };
    void bin(const std::vector<Request>& requests, int begun, int completed) {
        const Timestamp second = kStart + seconds{10 * bin_++};
        detector_.advance(second, findings_);
        for (std::size_t i = 0; i < requests.size(); ++i)
            detector_.inspect(
                an_event()
                    .of(EventKind::web)
                    .at(second + std::chrono::microseconds{9'000'000 * i / requests.size()})
                    .in("eth0", ++position_)
                    .with(Field::source_ip, requests[i].source)
                    .with(Field::destination_ip, IpAddress::parse("198.51.100.10").value())
                    .with(Field::destination_port, 443)
                    .with(Field::url_path, requests[i].path)
                    .with(Field::user_agent_original, requests[i].agent)
                    .with(Field::http_response_status_code, requests[i].status)
                    .build(),
                findings_);
        TrafficSecond traffic;
        traffic.second = second + seconds{9};
        traffic.source = "eth0";
        traffic.services.push_back({IpAddress::parse("198.51.100.10").value(), 443,
                                    static_cast<std::uint32_t>(begun),
                                    static_cast<std::uint32_t>(completed), 0, 0});
        detector_.inspect(traffic, findings_);
    }
    /// People: 50,000 of them by Zipf's law over 800 networks, a page and three or four assets.
    void people(int requests, std::vector<Request>& out) {
        for (int i = 0; i < requests;) {
            const double u = std::uniform_real_distribution<>{0, 1}(random_);
            const auto rank = static_cast<std::uint32_t>(std::pow(50'000.0, u));
            const IpAddress source = address(0x24500000u + rank % 800 * 256 + rank / 800);
            const std::string agent = fmt::format("Mozilla/5.0 (device {})", rank % 23);
            out.push_back({source, fmt::format("/hasil/{}", rank % 40), agent, 200});
            const int assets = 3 + static_cast<int>(rank % 2);
            for (int a = 0; a < assets; ++a)
                out.push_back({source, fmt::format("/static/{}.js", a), agent, 200});
            i += 1 + assets;
        }
    }
    void quiet() {
        for (int i = 0; i < kQuietBins; ++i) {
            std::vector<Request> requests;
            people(kUsual + static_cast<int>(random_() % 11), requests);
            bin(requests, 110, 108);
        }
        findings_.all.clear();
    }
    void bots(int requests, std::vector<Request>& out) {
        for (int i = 0; i < requests; ++i)
            out.push_back({address(0xC6000000u + static_cast<std::uint32_t>(i % 300) * 1031),
                           "/hasil/1", "python-requests/2.31", i % 3 == 0 ? 503 : 200});
    }
    void mixture(int percent) {
        for (int i = 0; i < 60; ++i) {
            const int times = 1 + (kTimes - 1) * std::min(i, kRamp) / kRamp;
            std::vector<Request> requests;
            people(kUsual * times * (100 - percent) / 100, requests);
            bots(kUsual * times * percent / 100, requests);
            bin(requests, 110 * times, 104 * times);
        }
        detector_.end_of_input(findings_);
    }
    std::size_t count(std::string_view rule, std::optional<Severity> severity = {}) const {
        std::size_t out = 0;
        for (const Finding& finding : findings_.all)
            out += finding.rule->id == rule && (!severity || finding.severity == severity) ? 1 : 0;
        return out;
    }
    /// Bins from `begin` until the first attack; nothing when there was none.
    std::optional<std::int64_t> delay(int begin) const {
        for (const Finding& finding : findings_.all)
            if (finding.rule->id == "anomaly:http-flood" && finding.severity == Severity::critical)
                return (finding.time - kStart) / seconds{10} - begin;
        return std::nullopt;
    }

    HttpFloodDetector detector_{AnomalyOptions{}};
    RecordingFindings findings_;
    std::mt19937 random_{11};
    int bin_ = 0;
    std::uint64_t position_ = 0;
};

TEST_F(HttpFloodTest, ACrowdOfTwentyTimesInTwoMinutesIsACapacityCardAndNoFlood) {
    quiet();
    for (int i = 0; i < 60; ++i) {
        const int times = 1 + (kTimes - 1) * std::min(i, kRamp) / kRamp;
        std::vector<Request> requests;
        people(kUsual * times, requests);
        bin(requests, 110 * times, 106 * times);
    }
    detector_.end_of_input(findings_);
    EXPECT_EQ(count("anomaly:http-flood"), 0u);  // false minutes: none
    ASSERT_GT(count("anomaly:flash-crowd"), 0u);
    EXPECT_EQ(findings_.all[0].rule->severity, Severity::low);
    EXPECT_EQ(findings_.all[0].rule->rule_class, "operations");
}

TEST_F(HttpFloodTest, ThreeHundredBotsOfOneFingerprintAreAnAttackWithinAMinute) {
    quiet();
    for (int i = 0; i < 30; ++i) {
        std::vector<Request> requests;
        people(kUsual, requests);
        bots(kUsual * kTimes, requests);
        bin(requests, 2000, 1950);
    }
    detector_.end_of_input(findings_);
    ASSERT_TRUE(delay(kQuietBins));
    EXPECT_LE(*delay(kQuietBins), 6);
    RecordProperty("bins_until_told", static_cast<int>(*delay(kQuietBins)));
}

TEST_F(HttpFloodTest, FiftyThousandSpoofedSourcesAreAnAttack) {
    quiet();
    for (int i = 0; i < 30; ++i) {
        std::vector<Request> requests;
        people(kUsual, requests);
        for (int each = 0; each < kUsual * kTimes; ++each)
            requests.push_back({address(static_cast<std::uint32_t>(random_())),
                                fmt::format("/{}", random_() % 5), "curl/8", 200});
        bin(requests, 50'000, 2100);
    }
    detector_.end_of_input(findings_);
    ASSERT_TRUE(delay(kQuietBins));
    EXPECT_LE(*delay(kQuietBins), 6);
}

TEST_F(HttpFloodTest, AnAttackThatIsHalfOfACrowdIsWarnedOf) {
    quiet();
    mixture(50);
    EXPECT_GT(count("anomaly:http-flood"), 0u);
}

TEST_F(HttpFloodTest, BotsThatAreThreeTenthsOfACrowdAreAnAttack) {
    quiet();
    mixture(30);
    ASSERT_TRUE(delay(kQuietBins));
    RecordProperty("bins_until_told", static_cast<int>(*delay(kQuietBins)));
    EXPECT_LE(*delay(kQuietBins), 18);
}

// Where it ends: bots that answer well and are a tenth of a crowd move no measure by its step.
TEST_F(HttpFloodTest, BotsThatAreATenthOfACrowdAreToldAsACrowd) {
    quiet();
    mixture(10);
    EXPECT_EQ(count("anomaly:http-flood"), 0u);
    EXPECT_GT(count("anomaly:flash-crowd"), 0u);
}

// Benign: people who look again and again have the assets in their caches.
TEST_F(HttpFloodTest, ACrowdWithFullCachesIsNoFlood) {
    quiet();
    for (int i = 0; i < 60; ++i) {
        const int times = 1 + (kTimes - 1) * std::min(i, kRamp) / kRamp;
        std::vector<Request> requests;
        people(kUsual * times, requests);
        std::vector<Request> cached;
        for (const Request& each : requests)
            if (!each.path.starts_with("/static") || random_() % 10 < 3) cached.push_back(each);
        bin(cached, 110 * times, 106 * times);
    }
    detector_.end_of_input(findings_);
    EXPECT_EQ(count("anomaly:http-flood"), 0u);
}

// Benign: the server cannot keep up and answers a fifth of a crowd with 503.
TEST_F(HttpFloodTest, ACrowdThatAServerCannotServeIsNoFlood) {
    quiet();
    for (int i = 0; i < 60; ++i) {
        const int times = 1 + (kTimes - 1) * std::min(i, kRamp) / kRamp;
        std::vector<Request> requests;
        people(kUsual * times, requests);
        for (Request& each : requests)
            if (times > 15 && random_() % 5 == 0) each.status = 503;
        bin(requests, 110 * times, 106 * times);
    }
    detector_.end_of_input(findings_);
    EXPECT_EQ(count("anomaly:http-flood"), 0u);
    EXPECT_GT(count("anomaly:flash-crowd"), 0u);
}

TEST_F(HttpFloodTest, ServicesAreBoundedAndCounted) {
    for (int i = 0; i < 1000; ++i)
        detector_.inspect(an_event()
                              .of(EventKind::web)
                              .at(kStart)
                              .in(fmt::format("log {}", i))
                              .with(Field::source_ip, address(1))
                              .build(),
                          findings_);
    EXPECT_EQ(detector_.entries(), 256u);
    EXPECT_EQ(detector_.evicted(), 744u);
}

}  // namespace
}  // namespace kentongan::anomaly
