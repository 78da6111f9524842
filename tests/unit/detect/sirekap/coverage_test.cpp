#include "daemon/detect/sirekap/coverage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/detect/sirekap/coverage_journal.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"

namespace kentongan::sirekap {
namespace {

const Timestamp kStart = *parse_rfc3339("2024-11-27T10:00:00Z");  // four hours after the close

std::shared_ptr<const Register> a_list() {
    return std::make_shared<const Register>(
        Register::parse("kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,tps_suffixes\n"
                        "3101021003,ADM. KEP. SERIBU,SELATAN,PULAU PARI,5,001-005\n"
                        "3171011006,JAKARTA PUSAT,GAMBIR,DURI PULO,6,001-004 901-902\n"
                        "3171011002,JAKARTA PUSAT,GAMBIR,CIDENG,2,001 003\n",
                        "tps.csv")
            .value());
}

struct Arrivals : testing::Test {
    Coverage::Outcome receive(std::string_view tps, int page, int at_seconds = 0) {
        return coverage.receive(index(tps), page, kStart + std::chrono::seconds{at_seconds});
    }
    std::uint32_t index(std::string_view tps) {
        return coverage.list().index_of(TpsCode::parse(tps).value()).value();
    }
    Coverage coverage{a_list()};
};

TEST_F(Arrivals, OfATpsCountOnceAtAllLevelsAndInTheWhole) {
    EXPECT_TRUE(receive("3171011006901", 1).first);
    EXPECT_FALSE(receive("3171011006901", 2).first);
    EXPECT_TRUE(receive("3171011002001", 3).first);
    EXPECT_TRUE(receive("3101021003001", 0).first);
    for (const auto& [code, received] : std::map<std::string, std::uint32_t>{{"31", 3},
                                                                             {"3171", 2},
                                                                             {"317101", 2},
                                                                             {"3171011006", 1},
                                                                             {"3171011002", 1},
                                                                             {"3101", 1}})
        EXPECT_EQ(coverage.of(code)->received, received) << code;
    EXPECT_EQ(coverage.at(Coverage::kWhole).received, 3u);
    EXPECT_EQ(coverage.at(Coverage::kWhole).expected, 13u);
    EXPECT_FALSE(coverage.of("32"));
    EXPECT_FALSE(coverage.receive(13, 1, kStart).first);
}

TEST_F(Arrivals, ATpsIsCompleteWithItsLastPageWhateverTheOrder) {
    EXPECT_FALSE(receive("3171011006001", 3).complete);
    EXPECT_FALSE(receive("3171011006001", 1).complete);
    EXPECT_FALSE(receive("3171011006001", 1).complete);
    EXPECT_EQ(coverage.of("3171")->complete, 0u);
    EXPECT_TRUE(receive("3171011006001", 2).complete);
    EXPECT_FALSE(receive("3171011006001", 2).complete);
    EXPECT_EQ(coverage.of("3171")->complete, 1u);
    EXPECT_EQ(coverage.of("3171")->pages, 3u);
    EXPECT_EQ(coverage.of("3171")->again, 2u);
}

TEST_F(Arrivals, WithoutAPageNumberOnlySayThatTheTpsHasSentSomething) {
    for (int i = 0; i < 5; ++i) receive("3171011006001", 0);
    receive("3171011006002", 77);
    EXPECT_EQ(coverage.of("31")->received, 2u);
    EXPECT_EQ(coverage.of("31")->pages, 0u);
    EXPECT_EQ(coverage.of("31")->complete, 0u);
    EXPECT_EQ(coverage.of("31")->again, 4u);
}

TEST_F(Arrivals, SnapshotsAreByLevelAndAreaInOrderOfCode) {
    receive("3171011006901", 1);
    const auto kelurahan = coverage.snapshot(10, "3171");
    ASSERT_EQ(kelurahan.size(), 2u);
    EXPECT_EQ(kelurahan[0].code, "3171011002");
    EXPECT_EQ(kelurahan[0].received, 0u);
    EXPECT_EQ(kelurahan[1].name, "DURI PULO");
    EXPECT_EQ(kelurahan[1].expected, 6u);
    EXPECT_EQ(kelurahan[1].received, 1u);
    EXPECT_EQ(coverage.snapshot(2).size(), 1u);
    EXPECT_TRUE(coverage.snapshot(3).empty());
}

TEST_F(Arrivals, OfTheLastHoursAreKnownForAllButKelurahan) {
    coverage.advance(kStart);
    receive("3171011006001", 1);
    receive("3171011006002", 1);
    coverage.advance(kStart + std::chrono::minutes{30});
    receive("3171011006003", 1, 1800);
    const auto kecamatan =
        static_cast<std::uint32_t>(coverage.list().area("317101") - coverage.list().areas().data());
    EXPECT_EQ(coverage.recent(kecamatan, 1), 1u);
    EXPECT_EQ(coverage.recent(kecamatan, 12), 3u);
    EXPECT_EQ(coverage.recent(Coverage::kWhole, 12), 3u);
    EXPECT_FALSE(coverage.recent(kecamatan + 1, 12));
    coverage.advance(kStart + std::chrono::hours{5});
    EXPECT_EQ(coverage.recent(kecamatan, 48), 0u);
    EXPECT_EQ(coverage.received_by(kecamatan, kStart), 2u);
    EXPECT_EQ(coverage.received_by(Coverage::kWhole, kStart + std::chrono::hours{1}), 3u);
}

TEST_F(Arrivals, GoOnAfterARestart) {
    receive("3171011006901", 2, 10);
    receive("3171011006901", 2, 90);
    receive("3101021003001", 0, 5);
    for (const int page : {1, 2, 3}) receive("3171011002003", page, 20 + page);
    Coverage after{a_list()};
    const auto restored = after.restore(coverage.save());
    ASSERT_TRUE(restored) << restored.error().message;
    for (const auto* code : {"31", "3171", "317101", "3171011006", "3101"}) {
        EXPECT_EQ(after.of(code)->received, coverage.of(code)->received) << code;
        EXPECT_EQ(after.of(code)->complete, coverage.of(code)->complete) << code;
        EXPECT_EQ(after.of(code)->pages, coverage.of(code)->pages) << code;
        EXPECT_EQ(after.of(code)->again, coverage.of(code)->again) << code;
    }
    EXPECT_EQ(after.save(), coverage.save());
    EXPECT_FALSE(after.receive(index("3171011006901"), 1, kStart).first);
}

TEST_F(Arrivals, WhatIsOfAnotherRegisterVersionOrFormIsRefused) {
    Coverage other{
        std::make_shared<const Register>(Register::parse("3171011001001\n", "x").value())};
    EXPECT_FALSE(coverage.restore(other.save()));
    Coverage two_pages{a_list(), 2};
    EXPECT_FALSE(coverage.restore(two_pages.save()));
    EXPECT_FALSE(coverage.restore(""));
    receive("3171011006901", 2);
    const std::string saved = coverage.save();
    for (std::size_t cut = 1; cut < 12; ++cut) {
        Coverage fresh{a_list()};
        EXPECT_FALSE(fresh.restore(saved.substr(0, saved.size() - cut))) << cut;
    }
    Coverage fresh{a_list()};
    EXPECT_FALSE(fresh.restore("1" + saved.substr(1)));
}

struct Journal : Arrivals {
    void take(std::string_view tps, int page, int at_seconds) {
        receive(tps, page, at_seconds);
        journal.note(index(tps), page, kStart + std::chrono::seconds{at_seconds});
        journal.save(coverage, "detector:x", kept);
    }
    std::string restored() {
        Coverage after{a_list()};
        CoverageJournal reading;
        const auto done = reading.restore(kept, "detector:x", after);
        return done ? after.save() : done.error().message;
    }
    CoverageJournal journal;
    std::map<std::string, std::string> kept;
};

TEST_F(Journal, WritesAllOnceThenWhatCame) {
    journal.save(coverage, "detector:x", kept);
    EXPECT_TRUE(kept.empty());
    take("3171011006901", 1, 0);
    EXPECT_EQ(kept.size(), 1u);
    take("3171011006901", 2, 30);
    take("3171011002001", 0, 60);
    take("3171011006901", 2, 90);
    EXPECT_EQ(kept.size(), 4u);
    EXPECT_LT(kept.at("detector:x/2").size(), 30u);
    EXPECT_EQ(restored(), coverage.save());
}

TEST_F(Journal, GoesOnAfterItWasRead) {
    take("3171011006901", 1, 0);
    take("3171011006901", 2, 30);
    Coverage after{a_list()};
    CoverageJournal reading;
    ASSERT_TRUE(reading.restore(kept, "detector:x", after));
    // What it writes first is the whole again; older parts no longer count.
    after.receive(index("3171011002001"), 1, kStart);
    reading.note(index("3171011002001"), 1, kStart);
    reading.save(after, "detector:x", kept);
    EXPECT_EQ(kept.size(), 2u);
    EXPECT_EQ(restored(), after.save());
}

TEST_F(Journal, WritesAllAnewWhenThereAreManyParts) {
    for (int i = 0; i < 5000; ++i) take("3171011006901", 1, i);
    EXPECT_EQ(kept.size(), CoverageJournal::kMostParts + 1);
    EXPECT_THAT(kept.at("detector:x"), testing::StartsWith("2:"));
    EXPECT_EQ(restored(), coverage.save());
}

TEST_F(Journal, OfAnotherRegisterOrDamagedIsRefused) {
    take("3171011006901", 1, 0);
    take("3171011006901", 2, 30);
    auto damaged = kept;
    damaged.at("detector:x/0") = "1://///w==";
    std::swap(kept, damaged);
    EXPECT_THAT(restored(), testing::HasSubstr("damaged"));
    kept["detector:x"] = "2:abc";
    EXPECT_THAT(restored(), testing::HasSubstr("another"));
    kept.clear();
    EXPECT_EQ(restored(), Coverage{a_list()}.save());
}

TEST(Pace, IsTheOneOfTheSurvivalCurve) {
    // remaining = (t / 1 h)^-1, seen from 4 to 7 hours.
    const Progress progress{.expected = 10000,
                            .received = 10000 - 10000 / 7,
                            .recent = 10000 / 4 - 10000 / 7,
                            .hours = 7};
    const auto pace = pace_of(progress);
    ASSERT_TRUE(pace);
    EXPECT_NEAR(pace->c, 1, 0.05);
    const Forecast later = forecast(progress, *pace, 14, 0.95);
    EXPECT_LT(later.low, 1 - 1.0 / 14);  // where the pace lasts; the usual night is slower
    EXPECT_GT(later.high, 1 - 1.0 / 14);
    EXPECT_LT(later.share, 1 - 1.0 / 14);
    EXPECT_GT(later.share, 0.9);
    EXPECT_LT(later.high, 0.99);  // a straight line would be past all of them
}

TEST(Pace, OfASmallAreaLeansOnThatAroundIt) {
    const Progress none{.expected = 12, .received = 3, .recent = 0, .hours = 6};
    EXPECT_EQ(pace_of(none)->c, 0);
    const auto pace = pace_of(none, 0.8);
    EXPECT_GT(pace->c, 0.4);
    EXPECT_LT(pace->c, 0.8);
    EXPECT_FALSE(pace_of({.expected = 12, .received = 3, .recent = 3, .hours = 0.5}));
    EXPECT_FALSE(pace_of({.expected = 0, .hours = 5}));
}

// Jakarta, Pemilu 2024 (measured: TPS with a photograph).
TEST(Forecast, HoldsWhatBecameOfThePemiluNightInItsBand) {
    struct Seen {
        double hours, now, before;
    };
    for (const Seen& seen : {Seen{9, .318, .13}, Seen{11, .428, .255}, Seen{13, .489, .37}}) {
        const Progress progress{
            .expected = 30766,
            .received = static_cast<std::uint32_t>(30766 * seen.now),
            .recent = static_cast<std::uint32_t>(30766 * (seen.now - seen.before)),
            .hours = seen.hours};
        const Forecast later = forecast(progress, pace_of(progress).value(), 24, 0.4);
        EXPECT_LE(later.low, .527) << seen.hours;
        EXPECT_GE(later.high, .527) << seen.hours;
        EXPECT_LT(later.below_target, 0.5) << seen.hours;
    }
}

struct Reports : testing::Test {
    Reports() {
        std::string csv;
        for (int kecamatan = 1; kecamatan <= 2; ++kecamatan)
            for (int tps = 1; tps <= 200; ++tps)
                csv += fmt::format("3171{:02}1001{:03}\n", kecamatan, tps);
        coverage.emplace(std::make_shared<const Register>(Register::parse(csv, "x").value()));
        // The first kecamatan hurries, the second hardly moves.
        for (std::uint32_t minute = 0; minute < 300; ++minute) {
            const Timestamp time = kClose + std::chrono::minutes{minute};
            coverage->advance(time);
            if (minute >= 100 && minute < 280) coverage->receive(minute - 100, 1, time);
            if (minute % 30 == 0) coverage->receive(200 + minute / 30, 1, time);
        }
    }
    const Timestamp kClose = *parse_rfc3339("2024-11-27T06:00:00Z");
    Election election = Election::named("pilkada2024").value();
    std::optional<Coverage> coverage;
};

TEST_F(Reports, FlagTheAreasThatWillHardlyBeThereInTime) {
    const auto report = coverage_report(*coverage, election, "3171");
    ASSERT_TRUE(report);
    ASSERT_EQ(report->rows.size(), 2u);
    const CoverageRow& quick = report->rows[0];
    const CoverageRow& slow = report->rows[1];
    EXPECT_EQ(quick.area.received, 180u);
    EXPECT_EQ(quick.rate_per_hour, 40);  // of 04:00 to 05:00, the last 20 minutes without any
    EXPECT_EQ(quick.flag, "");
    EXPECT_GT(quick.outlook->share, 0.93);
    EXPECT_EQ(slow.area.received, 10u);
    EXPECT_EQ(slow.flag, "at risk");
    EXPECT_GT(slow.outlook->below_target, 0.9);
    EXPECT_EQ(to_rfc3339(slow.target, 0), "2024-11-28T06:00:00Z");
    EXPECT_EQ(report->whole.area.received, 190u);
}

TEST_F(Reports, OfAnEarlierTimeCountWhatWasThereThen) {
    const auto report =
        coverage_report(*coverage, election, "3171", kClose + std::chrono::minutes{190});
    EXPECT_EQ(to_rfc3339(report->time, 0), "2024-11-27T09:10:00Z");
    EXPECT_EQ(report->rows[0].area.received, 91u);
    EXPECT_EQ(report->rows[1].area.received, 7u);
}

TEST_F(Reports, OfALaterTimeForecastIt) {
    const auto soon = coverage_report(*coverage, election, "3171", kClose + std::chrono::hours{6});
    const auto late = coverage_report(*coverage, election, "3171", kClose + std::chrono::hours{48});
    EXPECT_LT(soon->rows[1].outlook->share, late->rows[1].outlook->share);
    EXPECT_EQ(soon->whole.area.received, late->whole.area.received);
}

TEST_F(Reports, GoDownToTheKelurahanAndNoFurther) {
    EXPECT_EQ(coverage_report(*coverage, election, "")->rows.at(0).area.code, "31");
    const auto kelurahan = coverage_report(*coverage, election, "317101");
    EXPECT_EQ(kelurahan->rows.at(0).area.code, "3171011001");
    EXPECT_FALSE(kelurahan->rows.at(0).rate_per_hour);
    EXPECT_TRUE(kelurahan->rows.at(0).outlook);
    EXPECT_TRUE(coverage_report(*coverage, election, "3171011001")->rows.empty());
    EXPECT_FALSE(coverage_report(*coverage, election, "3172"));
}

TEST_F(Reports, SayWhatIsDueOnTheWayToTheTarget) {
    EXPECT_EQ(share_on_the_way(1.9, 24, 0.9), 0);
    EXPECT_NEAR(share_on_the_way(24, 24, 0.9), 0.9, 1e-9);
    EXPECT_NEAR(coverage_report(*coverage, election, "3171")->whole.due, 0.571, 0.002);
}

TEST_F(Reports, ListThePollingStationsOfAKelurahan) {
    const auto now = coverage_report(*coverage, election, "3171011001");
    ASSERT_EQ(now->tps.size(), 200u);
    EXPECT_EQ(now->tps[0].code, "3171011001001");
    EXPECT_EQ(now->tps[0].first, kClose + std::chrono::minutes{100});
    EXPECT_TRUE(now->tps[179].first);
    EXPECT_FALSE(now->tps[180].first);
    const auto then =
        coverage_report(*coverage, election, "3171011001", kClose + std::chrono::minutes{101});
    EXPECT_TRUE(then->tps[1].first);
    EXPECT_FALSE(then->tps[2].first);
    EXPECT_TRUE(coverage_report(*coverage, election, "317101")->tps.empty());
}

TEST_F(Reports, SeriesGoOnToTheTarget) {
    const auto series = *coverage_series(*coverage, election, "3171");
    EXPECT_EQ(series.at("due").as_array().size(), series.at("times").as_array().size());
    EXPECT_EQ(series.at("received").as_array().back(), 190);
    const auto& ahead = series.at("ahead").as_object();
    EXPECT_EQ(ahead.at("times").as_array().back(), "2024-11-28T06:00:00Z");
    EXPECT_EQ(ahead.at("due").as_array().back().to_number<double>(), 360);
    ASSERT_EQ(ahead.at("forecast").as_array().size(), ahead.at("times").as_array().size());
    const auto last = [&](const char* name) {
        return ahead.at(name).as_array().back().to_number<double>();
    };
    EXPECT_LE(last("low"), last("forecast"));
    EXPECT_LT(last("forecast"), last("high"));
    EXPECT_FALSE(coverage_series(*coverage, election, "3172"));
}

TEST_F(Reports, SayInJsonWhatTheyKnow) {
    const auto json = to_json(*coverage_report(*coverage, election, "3171"));
    const auto& slow = json.at("areas").as_array().at(1).as_object();
    EXPECT_EQ(slow.at("area").as_string(), "317102");
    EXPECT_EQ(slow.at("percent").to_number<double>(), 5);
    EXPECT_EQ(slow.at("flag").as_string(), "at risk");
    EXPECT_TRUE(slow.at("forecast").as_object().contains("target_met"));
}

}  // namespace
}  // namespace kentongan::sirekap
