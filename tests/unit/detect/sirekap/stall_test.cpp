#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <random>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/upload_detector.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/project.hpp"

namespace kentongan::sirekap {
namespace {

Timestamp wib(std::string_view text) { return parse_rfc3339(std::string(text) + "+07:00").value(); }

/// Uploads for one TPS after the other, three pages each.
class Uploading {
  public:
    Uploading(std::shared_ptr<const Register> list, std::string_view election,
              std::shared_ptr<const SigningKey> key = nullptr)
        : coverage(std::make_shared<Coverage>(list)),
          detector(coverage, {Election::named(election).value(), 25, key, "sensor-1"}) {}

    void upload(Timestamp time, std::string_view race) {
        std::size_t& sent = race == "pdpr" ? others_ : sent_;
        const auto page = static_cast<std::int64_t>(sent % 3 + 1);
        // Neighbours in the register do not upload one after the other.
        const std::size_t tps = sent++ / 3 * 7919 % coverage->list().size();
        detector.inspect(
            an_event()
                .of(EventKind::upload)
                .at(time)
                .in("sirekap.json", position_++)
                .with(Field::sirekap_tps,
                      coverage->list().tps_at(static_cast<std::uint32_t>(tps)).to_string())
                .with(Field::sirekap_page, page)
                .with(Field::sirekap_race, race)
                .with(Field::sirekap_account, fmt::format("kpps-{}", tps))
                .build(),
            findings);
    }
    /// Spread over a minute, each second told.
    void minute(Timestamp begin, int count, std::string_view race = "ppwp") {
        for (int i = 0; i < count; ++i) {
            const Timestamp time = begin + std::chrono::seconds{60 * i / count};
            detector.advance(time, findings);
            upload(time, race);
        }
        if (count == 0) detector.advance(begin, findings);
    }
    std::vector<Finding> stalls() const {
        std::vector<Finding> out;
        for (const Finding& finding : findings.all)
            if (finding.rule->id == "sirekap:upload-stall") out.push_back(finding);
        return out;
    }

    std::shared_ptr<Coverage> coverage;
    UploadDetector detector;
    RecordingFindings findings;

  private:
    std::size_t sent_ = 0;
    std::size_t others_ = 0;
    std::uint64_t position_ = 0;
};

struct Minute {
    Timestamp begin{};
    int ppwp = 0;
    int pdpr = 0;
};

/// The minutes with arrivals in Kepulauan Seribu and one kecamatan of Jakarta.
std::vector<Minute> real_arrivals() {
    std::vector<Minute> out;
    const auto csv = read_file(shared_folder() /
                               "data/sirekap/pemilu2024/upload_arrivals_per_minute_fixture.csv");
    if (!csv) return out;
    std::string_view rest = *csv;
    (void)take_until(rest, '\n');
    while (!rest.empty()) {
        std::string_view line = take_until(rest, '\n');
        const auto time = wib(std::string(take_until(line, ',')) + ":00");
        const int ppwp = parse_number<int>(take_until(line, ',')).value();
        out.push_back({time, ppwp, parse_number<int>(trim(line)).value()});
    }
    return out;
}

std::shared_ptr<const Register> real_list() {
    const auto csv =
        read_file(shared_folder() / "data/sirekap/pemilu2024/dki_ppwp_20240317_fixture.csv");
    std::string list = "tps\n";
    std::string_view rest = csv.value();
    (void)take_until(rest, '\n');
    while (!rest.empty()) {
        std::string_view line = take_until(rest, '\n');
        list += std::string(take_until(line, ',')) + "\n";
    }
    return std::make_shared<const Register>(Register::parse(list, "x").value());
}

void replay(const std::vector<Minute>& minutes, Timestamp until, Uploading& night) {
    Timestamp now = minutes.front().begin;
    for (const Minute& minute : minutes) {
        if (minute.begin >= until) break;
        for (; now < minute.begin; now += std::chrono::minutes{1}) night.minute(now, 0);
        night.minute(minute.begin, minute.ppwp, "ppwp");
        night.minute(minute.begin, minute.pdpr, "pdpr");
    }
    for (; now < until; now += std::chrono::minutes{1}) night.minute(now, 0);
}

TEST(RealArrivals, OfFebruary2024ShowTheOutageAndNoOther) {
    const auto minutes = real_arrivals();
    if (minutes.empty()) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    Uploading night{real_list(), "pemilu2024"};
    replay(minutes, wib("2024-02-16T01:00:00"), night);
    const auto stalls = night.stalls();
    ASSERT_GE(stalls.size(), 2u);
    EXPECT_GE(stalls[0].time, wib("2024-02-14T16:03:00"));
    EXPECT_LE(stalls[0].time, wib("2024-02-14T16:13:00"));
    EXPECT_EQ(stalls[0].entity, "31");
    EXPECT_THAT(stalls[0].message, testing::HasSubstr("stopped"));
    EXPECT_THAT(stalls[0].message,
                testing::EndsWith("This is a matter of availability, not a change of data"));
    EXPECT_EQ(stalls[0].rule->rule_class, "operations");
    EXPECT_GE(stalls[1].time, wib("2024-02-14T18:43:00"));
    EXPECT_LE(stalls[1].time, wib("2024-02-14T18:53:00"));
    EXPECT_THAT(stalls[1].message, testing::HasSubstr("flow again"));
    for (std::size_t i = 2; i < stalls.size(); ++i)
        ADD_FAILURE() << to_rfc3339(stalls[i].time + std::chrono::hours{7}, 0) << " "
                      << stalls[i].message;
}

// --- generated nights

/// As many TPS as Jakarta had in February 2024, in 44 kecamatan of six kabupaten/kota.
std::shared_ptr<const Register> jakarta(std::size_t tps = 30766) {
    std::string list = "tps\n";
    const std::vector<std::pair<std::string, std::size_t>> kabupaten{
        {"3101", 2}, {"3171", 8}, {"3172", 6}, {"3173", 8}, {"3174", 10}, {"3175", 10}};
    std::size_t made = 0;
    std::size_t kecamatan = 0;
    for (const auto& [code, count] : kabupaten)
        for (std::size_t i = 1; i <= count; ++i) {
            const std::size_t until = ++kecamatan * tps / 44;
            for (std::size_t number = 0; made < until; ++made, ++number)
                list += fmt::format("{}{:02}{:04}{:03}\n", code, i, 1001 + number / 100,
                                    number % 100 + 1);
        }
    return std::make_shared<const Register>(Register::parse(list, "x").value());
}

/// Photographs of two races an hour, as measured (sirekap.md, 4.4); what lies between is drawn as
/// a straight line.
double per_minute_in_february(Timestamp time) {
    static const std::vector<std::pair<std::string_view, double>> kHours{
        {"2024-02-14T18:45:00", 14000}, {"2024-02-14T19:30:00", 26053},
        {"2024-02-14T20:30:00", 34718}, {"2024-02-14T21:30:00", 36718},
        {"2024-02-14T22:30:00", 38235}, {"2024-02-14T23:30:00", 33698},
        {"2024-02-15T00:30:00", 28025}, {"2024-02-15T02:30:00", 12513},
        {"2024-02-15T04:30:00", 2694},  {"2024-02-15T08:30:00", 600},
        {"2024-02-15T19:30:00", 600}};
    for (std::size_t i = 1; i < kHours.size(); ++i) {
        const Timestamp from = wib(kHours[i - 1].first);
        const Timestamp to = wib(kHours[i].first);
        if (time < from || time >= to) continue;
        const double share = to_seconds(time - from) / to_seconds(to - from);
        return (kHours[i - 1].second + share * (kHours[i].second - kHours[i - 1].second)) / 60;
    }
    return 0;
}

/// The minutes around the outage, in photographs of the first race.
double per_minute_at_the_outage(Timestamp time, std::mt19937& random) {
    const auto between = [&](int low, int high) {
        return static_cast<double>(
            low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1)));
    };
    if (time < wib("2024-02-14T15:00:00")) return time >= wib("2024-02-14T14:00:00") ? 3.4 : 0;
    if (time < wib("2024-02-14T15:50:00")) return 0.4;
    if (time < wib("2024-02-14T16:01:00")) return between(137, 399);
    if (time < wib("2024-02-14T16:02:00")) return 563;
    if (time == wib("2024-02-14T16:22:00")) return 242;
    if (time == wib("2024-02-14T17:53:00") || time == wib("2024-02-14T17:54:00")) return 46;
    if (time < wib("2024-02-14T18:43:00")) return between(0, 6);
    if (time < wib("2024-02-14T18:44:00")) return 7;
    if (time < wib("2024-02-14T18:45:00")) return 44;
    return -1;
}

TEST(GeneratedNight, OfJakartaShowsTheOutageAndNothingInTheDeclineOfTheNight) {
    std::mt19937 random{20240214};
    Uploading night{jakarta(), "pemilu2024"};
    for (Timestamp now = wib("2024-02-14T13:00:00"); now < wib("2024-02-15T18:00:00");
         now += std::chrono::minutes{1}) {
        double mean = per_minute_at_the_outage(now, random);
        if (mean < 0) mean = per_minute_in_february(now);
        std::poisson_distribution<int> count{std::max(mean, 1e-9)};
        night.minute(now, count(random));
    }
    const auto stalls = night.stalls();
    ASSERT_EQ(stalls.size(), 2u) << (stalls.empty() ? "" : stalls.back().message);
    EXPECT_GE(stalls[0].time, wib("2024-02-14T16:03:00"));
    EXPECT_LE(stalls[0].time, wib("2024-02-14T16:13:00"));
    EXPECT_GE(stalls[1].time, wib("2024-02-14T18:43:00"));
    EXPECT_LE(stalls[1].time, wib("2024-02-14T18:53:00"));
}

/// A night in the manner of the Pilkada: 94 % of the TPS five hours after the close, and nearly all
/// by one in the morning. `silent`: whether an area has no network at that time.
template <class Silent>
void pilkada_night(Uploading& night, Silent silent) {
    std::mt19937 random{20241127};
    std::uniform_real_distribution<double> share{0, 1};
    const Register& list = night.coverage->list();
    std::vector<std::pair<Timestamp, std::uint32_t>> uploads;
    const Timestamp close = wib("2024-11-27T13:00:00");
    for (std::uint32_t tps = 0; tps < list.size(); ++tps) {
        // remaining = (t / 1 h) ^ -1.8
        const double hours = std::pow(1 - share(random), -1 / 1.8);
        Duration after{static_cast<std::int64_t>(hours * 3600e9)};
        for (int page = 0; page < 3; ++page, after += std::chrono::seconds{40 + random() % 120})
            if (after < std::chrono::hours{24}) uploads.emplace_back(close + after, tps);
    }
    std::ranges::sort(uploads);
    std::map<std::uint32_t, std::int64_t> pages;
    for (auto [time, tps] : uploads) {
        const std::string code = list.tps_at(tps).to_string();
        if (silent(code, time)) continue;
        night.detector.advance(time, night.findings);
        night.detector.inspect(an_event()
                                   .of(EventKind::upload)
                                   .at(time)
                                   .in("sirekap.json", 1)
                                   .with(Field::sirekap_tps, code)
                                   .with(Field::sirekap_page, ++pages[tps])
                                   .with(Field::sirekap_account, "kpps" + code)
                                   .build(),
                               night.findings);
    }
    night.detector.advance(close + std::chrono::hours{24}, night.findings);
}

TEST(GeneratedNight, ThatFinishesQuicklyIsNoStop) {
    Uploading night{jakarta(14835), "pilkada2024"};
    pilkada_night(night, [](std::string_view, Timestamp) { return false; });
    EXPECT_GT(night.coverage->at(Coverage::kWhole).complete, 14500u);
    for (const Finding& finding : night.stalls()) ADD_FAILURE() << finding.message;
}

TEST(GeneratedNight, WithOneKabupatenMutedTellsOfThatOneAlone) {
    Uploading night{jakarta(14835), "pilkada2024"};
    pilkada_night(night, [](std::string_view code, Timestamp time) {
        return code.starts_with("3173") && time >= wib("2024-11-27T15:30:00") &&
               time < wib("2024-11-27T17:30:00");
    });
    const auto stalls = night.stalls();
    ASSERT_FALSE(stalls.empty());
    EXPECT_EQ(stalls[0].entity, "3173");
    EXPECT_GE(stalls[0].time, wib("2024-11-27T16:00:00"));
    EXPECT_LE(stalls[0].time, wib("2024-11-27T16:15:00"));
    for (const Finding& finding : stalls) EXPECT_EQ(finding.entity, "3173") << finding.message;
    EXPECT_EQ(stalls.back().severity, Severity::info);
    EXPECT_LE(stalls.back().time, wib("2024-11-27T18:00:00"));
    EXPECT_EQ(stalls.size(), 2u);
}

TEST(GeneratedNight, WithThreeKabupatenMutedTellsOfTheProvinceOnce) {
    Uploading night{jakarta(14835), "pilkada2024"};
    pilkada_night(night, [](std::string_view code, Timestamp time) {
        const bool muted =
            code.starts_with("3171") || code.starts_with("3172") || code.starts_with("3173");
        return muted && time >= wib("2024-11-27T15:30:00") && time < wib("2024-11-27T17:30:00");
    });
    const auto stalls = night.stalls();
    ASSERT_EQ(stalls.size(), 2u);
    EXPECT_EQ(stalls[0].entity, "31");
    EXPECT_THAT(stalls[0].message, testing::HasSubstr("in 3 kabupaten/kota together"));
    EXPECT_THAT(stalls[1].message, testing::HasSubstr("flow again"));
}

// --- causes

/// An hour and a half of uploads, then none; what `hear` adds is asked each second.
struct Stopped {
    template <class Hear>
    explicit Stopped(Hear hear, std::shared_ptr<const SigningKey> key = nullptr)
        : night(jakarta(3000), "pilkada2024", std::move(key)) {
        const Timestamp begin = wib("2024-11-27T14:00:00");
        for (int second = 0; second < 5400 + 1500; ++second) {
            const Timestamp now = begin + std::chrono::seconds{second};
            night.detector.advance(now, night.findings);
            const bool stopped = second >= 5400;
            if (!stopped && second % 2 == 0) night.upload(now, "");
            hear(now, stopped, night);
        }
    }
    std::string message() const {
        return night.stalls().empty() ? "" : night.stalls().front().message;
    }
    Uploading night;
};

void a_second(Uploading& night, std::string_view log, Timestamp now, std::uint32_t requests,
              std::uint32_t server_errors) {
    LogSecond second;
    second.second = now;
    second.source = log;
    second.last = {log, 1};
    second.events = requests;
    LogSecond::Route route;
    route.name = std::make_shared<const std::string>("/upload");
    route.requests = requests;
    route.server_errors = server_errors;
    second.routes.push_back(route);
    if (requests != 0) night.detector.inspect(second, night.findings);
}

TEST(Cause, IsOurOutageWhenRequestsEndInServerErrors) {
    const Stopped stopped{[](Timestamp now, bool over, Uploading& night) {
        a_second(night, "nginx", now, 10, over ? 8 : 0);
    }};
    EXPECT_THAT(stopped.message(), testing::HasSubstr("Probable cause: our outage (90 %; 80 % of"));
}

TEST(Cause, IsUpstreamWhenRequestsNoLongerCome) {
    const Stopped stopped{[](Timestamp now, bool over, Uploading& night) {
        if (!over || now.time_since_epoch() % std::chrono::seconds{20} == Duration{0})
            a_second(night, "sirekap.json", now, over ? 1 : 10, 0);
    }};
    EXPECT_THAT(stopped.message(), testing::HasSubstr("Probable cause: upstream outage (70 %"));
}

TEST(Cause, IsAnAttackWhenRequestsOrHalfOpenConnectionsFlood) {
    const Stopped requests{[](Timestamp now, bool over, Uploading& night) {
        a_second(night, "nginx", now, over ? 300 : 10, over ? 200 : 0);
    }};
    EXPECT_THAT(requests.message(), testing::HasSubstr("Probable cause: attack (70 %"));
    const Stopped connections{[](Timestamp now, bool over, Uploading& night) {
        TrafficSecond second;
        second.second = now;
        second.services.push_back(
            {*IpAddress::parse("192.0.2.1"), 443, over ? 9000u : 50u, over ? 100u : 50u, 0, 500});
        night.detector.inspect(second, night.findings);
    }};
    EXPECT_THAT(connections.message(), testing::HasSubstr("Probable cause: attack (80 %"));
}

TEST(Cause, IsABlindSensorWhenOnlyTheLogOfUploadsIsSilent) {
    const Stopped stopped{[](Timestamp now, bool over, Uploading& night) {
        a_second(night, "nginx", now, 10, 0);
        if (!over) a_second(night, "sirekap.json", now, 1, 0);
    }};
    EXPECT_THAT(stopped.message(), testing::HasSubstr("Probable cause: sensor blind (70 %"));
}

/// Two hours in which requests and uploads die down together, and what is made of the second.
Judgement dying_down(int local_hour, std::uint32_t server_errors = 0) {
    StallSigns signs;
    const Timestamp begin = wib("2024-11-28T00:00:00");
    signs.upload_from(intern_text("sirekap.json"));
    for (int minute = 0; minute < 120; ++minute) {
        LogSecond second;
        second.second = begin + std::chrono::minutes{minute};
        second.source = intern_text("sirekap.json");
        second.events = minute < 60 ? 100 : 5;
        LogSecond::Route route;
        route.name = std::make_shared<const std::string>("/upload");
        route.requests = static_cast<std::uint32_t>(second.events);
        route.server_errors = minute < 60 ? 0 : server_errors;
        second.routes.push_back(route);
        signs.take(second);
    }
    return signs.judge(
        {begin + std::chrono::minutes{60}, begin + std::chrono::minutes{120}, true, local_hour});
}

TEST(Cause, IsAQuietHourAtNightWhenNothingElseIsWrong) {
    const Judgement night = dying_down(2);
    EXPECT_EQ(night.cause, StallCause::quiet_hour);
    EXPECT_EQ(night.confidence, 40);
    ASSERT_EQ(night.reasons.size(), 2u);
    EXPECT_EQ(night.reasons[0], "5 requests a minute after 100 before");
    EXPECT_EQ(dying_down(5).cause, StallCause::quiet_hour);
    EXPECT_EQ(dying_down(6).cause, StallCause::upstream_outage);
    EXPECT_EQ(dying_down(2, 4).cause, StallCause::our_outage);
}

TEST(Cause, ThatBecomesClearLaterIsToldOnceMore) {
    const Stopped stopped{[](Timestamp now, bool over, Uploading& night) {
        const bool late = now >= wib("2024-11-27T15:36:00");
        if (!over) a_second(night, "nginx", now, 10, 0);
        if (over && late) a_second(night, "nginx", now, 20, 20);
    }};
    const auto stalls = stopped.night.stalls();
    ASSERT_EQ(stalls.size(), 2u);
    EXPECT_THAT(stalls[1].message, testing::HasSubstr("Probable cause: our outage (90 %"));
}

TEST(StallRecord, IsSignedAndSaysAvailability) {
    const auto key = std::make_shared<const SigningKey>(SigningKey::generate());
    const auto nothing = [](Timestamp, bool, Uploading&) {};
    const Stopped stopped{nothing, key};
    const auto stalls = stopped.night.stalls();
    ASSERT_EQ(stalls.size(), 1u);
    const Evidence& record = stalls[0].evidence.at(0);
    EXPECT_EQ(record.kind, "statement");
    EXPECT_LE(record.excerpt.size(), 1024u);
    EXPECT_EQ(record.sha256, sha256_hex(record.excerpt));
    const auto json = boost::json::parse(record.excerpt);
    EXPECT_EQ(json.at("key").as_string(), key->id());
    const auto at = record.excerpt.find("\"statement\":") + 12;
    const std::string body = record.excerpt.substr(at, record.excerpt.size() - at - 1);
    EXPECT_TRUE(
        verify_signature(key->public_text(), body, std::string(json.at("signature").as_string())));
    EXPECT_EQ(json.at("statement").at("nature").as_string(), "availability, not a change of data");
    EXPECT_EQ(json.at("statement").at("observer").as_string(), "sensor-1");
    const Stopped unsigned_one{nothing};
    EXPECT_FALSE(boost::json::parse(unsigned_one.night.stalls().at(0).evidence.at(0).excerpt)
                     .as_object()
                     .contains("signature"));
}

// --- surges

struct Surge : testing::Test {
    void uploads(int minutes, int a_minute, std::string_view account, std::string_view device) {
        for (int i = 0; i < minutes * a_minute; ++i) {
            const Timestamp time = now_ + std::chrono::milliseconds{60'000 / a_minute * i};
            detector.advance(time, findings);
            const std::string number = std::to_string(sent_);
            const auto named = [&](std::string_view name) {
                return name == "many" ? "n" + number : std::string(name);
            };
            detector.inspect(an_event()
                                 .of(EventKind::upload)
                                 .at(time)
                                 .in("sirekap.json", 1)
                                 .with(Field::sirekap_tps,
                                       coverage->list().tps_at(sent_++ * 7919 % 3000).to_string())
                                 .with(Field::sirekap_account, named(account))
                                 .with(Field::sirekap_device, named(device))
                                 .build(),
                             findings);
        }
        now_ += std::chrono::minutes{minutes};
        detector.advance(now_, findings);
    }
    std::vector<Finding> of(std::string_view rule) const {
        std::vector<Finding> out;
        for (const Finding& finding : findings.all)
            if (finding.rule->id == rule) out.push_back(finding);
        return out;
    }
    std::shared_ptr<Coverage> coverage = std::make_shared<Coverage>(jakarta(3000));
    UploadDetector detector{coverage, {}};
    RecordingFindings findings;
    Timestamp now_ = wib("2024-11-27T15:00:00");
    std::uint32_t sent_ = 0;
};

TEST_F(Surge, OfOneDeviceIsTold) {
    uploads(90, 10, "many", "many");
    EXPECT_TRUE(of("sirekap:upload-surge").empty());
    uploads(5, 100, "many", "d-1");
    const auto surges = of("sirekap:upload-surge");
    ASSERT_FALSE(surges.empty());
    EXPECT_THAT(surges[0].message, testing::HasSubstr("from 1 device"));
    EXPECT_THAT(surges[0].message, testing::StartsWith("Inconsistency in Sirekap data: "));
}

TEST_F(Surge, OfPhonesThatComeBackIsAShiftForThePictureOnly) {
    uploads(90, 10, "many", "many");
    uploads(20, 100, "many", "many");
    EXPECT_TRUE(of("sirekap:upload-surge").empty());
    const auto shifts = of("sirekap:rate-shift");
    ASSERT_FALSE(shifts.empty());
    EXPECT_EQ(shifts[0].rule->severity, Severity::info);
}

TEST_F(Surge, AnEvenRateIsNeither) {
    uploads(300, 10, "many", "many");
    EXPECT_TRUE(of("sirekap:upload-surge").empty());
    for (const Finding& finding : of("sirekap:rate-shift")) ADD_FAILURE() << finding.message;
}

}  // namespace
}  // namespace kentongan::sirekap
