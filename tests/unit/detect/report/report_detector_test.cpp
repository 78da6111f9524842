#include "daemon/detect/report/report_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "daemon/detect/report/rules.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::report {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

const Timestamp kStart = parse_rfc3339("2024-11-27T06:00:00Z").value();

struct Sent {
    std::string sender;
    std::string text = "Angka di papan pengumuman lain dari yang ada di Sirekap";
    std::string tps = "3171011006001";
    std::string category = "numbers";
};

Event a_report(const Sent& sent, Duration after, int number) {
    return an_event()
        .of(EventKind::report)
        .at(kStart + after)
        .in("report:test", static_cast<std::uint64_t>(number))
        .with(Field::report_id, fmt::format("KT-{}", number))
        .with(Field::report_category, sent.category)
        .with(Field::report_sender, sent.sender)
        .with(Field::sirekap_tps, sent.tps)
        .with(Field::message, sent.text)
        .build();
}

std::vector<Finding> of_rule(const RecordingFindings& out, const RulePointer& rule) {
    std::vector<Finding> found;
    for (const Finding& finding : out.all)
        if (finding.rule == rule) found.push_back(finding);
    return found;
}

TEST(ReportDetector, EachReportIsARecordOfItsOwnThatQuotesNobody) {
    ReportDetector detector{{}};
    RecordingFindings out;
    detector.inspect(a_report({"a", "Ini kecurangan besar"}, seconds{0}, 1), out);
    detector.inspect(a_report({"a", "Ini kecurangan besar"}, seconds{1}, 2), out);
    ASSERT_EQ(out.all.size(), 2u);
    EXPECT_EQ(out.all[0].rule->id, "report:numbers");
    EXPECT_EQ(out.all[0].entity, "KT-1");
    EXPECT_EQ(out.all[1].entity, "KT-2");
    EXPECT_THAT(out.all[0].message, HasSubstr("TPS 3171011006001"));
    EXPECT_THAT(out.all[0].message, Not(HasSubstr("kecurangan")));
    EXPECT_THAT(out.all[0].evidence.at(0).excerpt, HasSubstr("kecurangan"));
    EXPECT_EQ(out.all[0].subject.tps, "3171011006001");
}

TEST(ReportDetector, AloneNoReportIsAboveLow) {
    for (const RulePointer& rule : rules()) {
        EXPECT_LE(rule->severity, Severity::low) << rule->id;
        EXPECT_EQ(rule->ruleset, Ruleset::report) << rule->id;
    }
    EXPECT_TRUE(cluster_rule()->advisory);
    EXPECT_TRUE(area_rule()->advisory);
    EXPECT_EQ(received_rule("no such category")->id, "report:other");
}

TEST(ReportDetector, AWaveOfOneTextIsOneCardThatGrows) {
    ReportDetector detector{{}};
    RecordingFindings out;
    for (int i = 0; i < 1000; ++i)
        detector.inspect(a_report({fmt::format("s{}", i),
                                   fmt::format("Sebarkan!!! Angka di TPS {} LAIN dari formulir, "
                                               "tanyakan KPU",
                                               i)},
                                  std::chrono::milliseconds{i * 500}, i),
                         out);
    const auto cards = of_rule(out, cluster_rule());
    ASSERT_GE(cards.size(), 2u);
    EXPECT_LE(cards.size(), 8u);
    EXPECT_EQ(cards[0].entity, "KT-0");
    std::uint64_t count = 0;
    for (const Finding& card : cards) {
        EXPECT_EQ(card.entity, cards[0].entity);
        count += card.count;
    }
    EXPECT_GT(count, 500u);
    EXPECT_EQ(out.all.size(), 1000 + cards.size());
}

TEST(ReportDetector, ACardNeedsTwentyReportsOfTenNewSendersInTenMinutes) {
    const auto cards = [](int reports, int senders, Duration every) {
        ReportDetector detector{{}};
        RecordingFindings out;
        for (int i = 0; i < reports; ++i)
            detector.inspect(a_report({fmt::format("s{}", i % senders)}, i * every, i), out);
        return of_rule(out, cluster_rule()).size();
    };
    EXPECT_EQ(cards(20, 10, seconds{20}), 1u);
    EXPECT_EQ(cards(19, 19, seconds{20}), 0u);
    EXPECT_EQ(cards(20, 9, seconds{20}), 0u);
    EXPECT_EQ(cards(30, 30, seconds{40}), 0u);  // fifteen in any ten minutes
}

TEST(ReportDetector, PeopleHeardBeforeAreNoCampaign) {
    ReportDetector detector{{}};
    RecordingFindings out;
    const std::vector<std::string> texts{"Kotak suara dibuka sebelum waktunya di halaman sekolah",
                                         "Petugas tidak mengizinkan saksi memotret hasil akhirnya"};
    for (int i = 0; i < 20; ++i)
        detector.inspect(a_report({fmt::format("s{}", i),
                                   texts[0] + std::string(static_cast<std::size_t>(i), '!') +
                                       fmt::format(" warga{}x gang{}y", i, i * 7)},
                                  seconds{i}, i),
                         out);
    ASSERT_TRUE(of_rule(out, cluster_rule()).empty());
    for (int i = 0; i < 20; ++i)
        detector.inspect(a_report({fmt::format("s{}", i), texts[1]}, minutes{30} + seconds{i}, i),
                         out);
    EXPECT_TRUE(of_rule(out, cluster_rule()).empty());
}

/// A city of 99 kelurahan with 20 TPS each and a hamlet with 5.
std::vector<Population> a_city() {
    std::vector<Population> out{{"3171011006", "DURI PULO", 5}};
    for (int i = 0; i < 99; ++i) out.push_back({fmt::format("31720110{:02}", i), "", 20});
    return out;
}

TEST(AreaScan, FindsAnExcessInASmallAreaAndNoneInAnEvenSpread) {
    AreaScan scan{a_city(), 0};
    for (std::uint64_t i = 0; i < 200; ++i)
        EXPECT_FALSE(scan.add(kStart + seconds{i}, fmt::format("31720110{:02}", i % 99), i, i));
    std::optional<AreaScan::Excess> found;
    for (std::uint64_t i = 0; i < 8; ++i) {
        ASSERT_FALSE(found) << i;
        found = scan.add(kStart + minutes{10} + seconds{i}, "3171011006", 1000 + i, 1000 + i);
    }
    ASSERT_TRUE(found);
    EXPECT_EQ(found->area->code, "3171011006");
    EXPECT_EQ(found->reports, 8u);
    EXPECT_NEAR(found->expected, 208.0 * 5 / 1985, 1e-9);
    // Kulldorff's ratio for c = 8, C = 208, e = 0.524.
    EXPECT_NEAR(found->ratio,
                8 * std::log(8 / found->expected) + 200 * std::log(200 / (208 - found->expected)),
                1e-9);
}

TEST(AreaScan, ALargeAreaMayGiveMore) {
    std::vector<Population> areas{{"3171011001", "", 500}, {"3171011002", "", 100}};
    AreaScan scan{areas, 0};
    for (std::uint64_t i = 0; i < 60; ++i)
        EXPECT_FALSE(scan.add(kStart + seconds{i}, i % 6 == 5 ? "3171011002" : "3171011001", i, i));
}

TEST(AreaScan, OneSenderOrOneTextCountsOnce) {
    AreaScan scan{a_city(), 0};
    for (std::uint64_t i = 0; i < 100; ++i) {
        EXPECT_FALSE(scan.add(kStart + seconds{i}, "3171011006", 1, i));
        EXPECT_FALSE(scan.add(kStart + seconds{i}, "3171011006", i, 1));
    }
}

TEST(AreaScan, ForgetsAfterSixHours) {
    AreaScan scan{a_city(), 0};
    for (std::uint64_t i = 0; i < 40; ++i)
        EXPECT_FALSE(scan.add(kStart + i * minutes{52}, "3171011006", i, i)) << i;
}

TEST(AreaScan, ByChanceAloneItSeldomSpeaks) {
    // 300 nights of 150 reports spread by chance over a city; p < .001 is asked at each report.
    std::size_t told = 0;
    std::uint64_t state = 7;
    const auto areas = a_city();
    for (int night = 0; night < 300; ++night) {
        AreaScan scan{areas, static_cast<std::uint64_t>(night)};
        for (std::uint64_t i = 0; i < 150; ++i) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            const auto& area = areas[(state >> 33) % areas.size()];
            if (scan.add(kStart + seconds{i}, area.code, i, i)) ++told;
        }
    }
    EXPECT_LE(told, 1u);
}

TEST(AreaScan, IsBoundedAndTheSameEveryTime) {
    const auto run = [] {
        AreaScan scan{a_city(), 3};
        std::string out;
        for (std::uint64_t i = 0; i < 6000; ++i)
            if (const auto found = scan.add(kStart + std::chrono::milliseconds{i},
                                            fmt::format("31720110{:02}", i % 99), i, i))
                out += found->area->code;
        EXPECT_EQ(scan.evicted(), 1000u);
        return out;
    };
    EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace kentongan::report
