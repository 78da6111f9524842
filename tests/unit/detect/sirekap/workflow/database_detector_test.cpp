#include "daemon/detect/sirekap/workflow/database_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kTables = WorkflowOptions{}.result_tables;

class Statement : public EventBuilder {
  public:
    Statement(double at, std::string_view operation, std::string_view object,
              std::string_view statement = {}) {
        of(EventKind::log)
            .at(kNight + Duration{static_cast<std::int64_t>(at * 1e9)})
            .in("/var/log/postgresql.csv")
            .from({"database", "postgresql", "sql"});
        if (!operation.empty()) with(Field::db_operation, operation);
        if (!object.empty()) with(Field::db_object, object);
        if (!statement.empty()) with(Field::db_statement, statement);
    }
    Statement& by(std::string_view user, std::string_view ip, std::string_view application = {}) {
        with(Field::user_name, user);
        with(Field::source_ip, *IpAddress::parse(ip));
        if (!application.empty()) with(Field::db_application, application);
        return *this;
    }
};

Statement app_write(double at, std::string_view request) {
    Statement out{at, "INSERT", "public.hasil_tps"};
    out.by("sirekap_app", "10.10.0.12", fmt::format("sirekap-api/{}", request));
    return out;
}
Doing call(double at, std::string_view request) {
    Doing out{"formc-image.upload", at};
    out.by("kpps-1", "kpps").with(Field::http_request_id, request);
    return out;
}

struct Join : testing::Test, Watched<DatabaseDetector> {
    explicit Join(WorkflowOptions options = {})
        : Watched{DatabaseDetector{std::make_shared<const WorkflowOptions>(std::move(options))},
                  {}} {}
    std::uint64_t counted(std::string_view name) const {
        for (const auto& count : detector.counts())
            if (count.name == name) return count.total;
        return 0;
    }
    void go_on_until(double at) {
        detector.advance(kNight + Duration{static_cast<std::int64_t>(at * 1e9)}, findings);
    }
    /// A quarter of an hour in which the application works: a call and its write every 20 s.
    double a_quarter_hour() {
        double at = 0;
        for (int i = 0; i < 45; ++i, at += 20) {
            take(call(at, fmt::format("req-{}", i)));
            take(app_write(at + 0.2, fmt::format("req-{}", i)));
        }
        return at;
    }
};

TEST_F(Join, TheApplicationAtWorkIsSilent) {
    const double at = a_quarter_hour();
    take(call(at + 40, "req-last"));
    go_on_until(at + 50);
    EXPECT_TRUE(findings.all.empty());
    EXPECT_EQ(counted("writes"), 45u);
    EXPECT_EQ(counted("linked"), 43u);  // those of the first half minute are not judged
}

TEST_F(Join, AWriteInItsNameWithoutItsEventIsCritical) {
    const double at = a_quarter_hour();
    take(app_write(at, "req-forged"));
    for (int i = 1; i < 5; ++i) take(call(at + 10 * i, fmt::format("req-b{}", i)));
    EXPECT_TRUE(findings.all.empty()) << "its event may still come";
    go_on_until(at + 60);
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().rule->id, "sirekap:database-write");
    EXPECT_EQ(last().rule->severity, Severity::critical);
    EXPECT_EQ(last().message,
              "Inconsistency in Sirekap data: results were written to the database (INSERT of "
              "public.hasil_tps) in the name of the application, which has no event of it within "
              "30 s");
}

TEST_F(Join, TheEventMayComeAfterTheWrite) {
    double at = a_quarter_hour();
    take(app_write(at, "req-x"));
    take(call(at + 25, "req-x"));
    take(call(at + 40, "req-y"));
    go_on_until(at + 60);
    EXPECT_TRUE(findings.all.empty());
    take(app_write(at + 70, "req-z"));
    take(call(at + 110, "req-z"));
    go_on_until(at + 140);
    EXPECT_EQ(findings.all.size(), 1u) << "40 s are too long";
}

TEST_F(Join, ALogOfTheApplicationThatFallsSilentAccusesNobody) {
    const double at = a_quarter_hour();
    for (int i = 0; i < 50; ++i) take(app_write(at + i, fmt::format("req-lost-{}", i)));
    for (int minute = 0; minute < 20; ++minute) go_on_until(at + 60.0 * minute);
    EXPECT_TRUE(findings.all.empty());
    EXPECT_EQ(detector.entries(), 0u);
    EXPECT_GE(counted("unjudged"), 50u);
}

TEST_F(Join, ALogThatLagsIsWaitedFor) {
    const double at = a_quarter_hour();
    take(app_write(at, "req-x"));
    go_on_until(at + 300);
    EXPECT_EQ(detector.entries(), 3u) << "it and the two before it";
    detector.inspect(call(at + 1, "req-x").build(), findings);  // arrives five minutes late
    detector.inspect(call(at + 40, "req-y").build(), findings);
    go_on_until(at + 301);
    EXPECT_EQ(detector.entries(), 0u);
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Join, OneOfTwoLogsThatLagsIsWaitedFor) {
    const double at = a_quarter_hour();
    detector.inspect(call(at - 5, "req-other").in("/var/log/sirekap-2.json").build(), findings);
    take(app_write(at, "req-of-two"));
    take(call(at + 60, "req-of-one"));
    go_on_until(at + 70);
    EXPECT_EQ(detector.entries(), 2u) << "it and the one before it";
    detector.inspect(call(at + 1, "req-of-two").in("/var/log/sirekap-2.json").build(), findings);
    LogSecond second;
    second.source = intern_text("/var/log/sirekap-2.json");
    second.second = kNight + std::chrono::seconds{static_cast<int>(at) + 60};
    detector.inspect(second, findings);
    go_on_until(at + 72);
    EXPECT_EQ(detector.entries(), 0u);
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Join, AfterARestartTheFirstWritesAreNotJudged) {
    take(app_write(0, "req-before"));
    for (int i = 1; i < 10; ++i) take(call(10.0 * i, fmt::format("req-{}", i)));
    go_on_until(100);
    EXPECT_TRUE(findings.all.empty());
    EXPECT_EQ(counted("unjudged"), 1u);
}

TEST_F(Join, KeysThatNeverLinkedAnythingProveNothing) {
    for (int i = 0; i < 60; ++i) {
        take(call(20.0 * i, fmt::format("req-{}", i)));
        take(app_write(20.0 * i + 1, fmt::format("another-numbering-{}", i)));
    }
    go_on_until(1300);
    EXPECT_TRUE(findings.all.empty());
    EXPECT_GT(counted("unjudged"), 50u);
}

TEST_F(Join, TransactionsAndTpsLinkAsWell) {
    for (int i = 0; i < 50; ++i) {
        const double at = 20.0 * i;
        const auto tps = fmt::format("3171011001{:03}", i);
        take(Doing{"rekap.edit", at, tps}.with("db.transaction", fmt::format("{}", 7000 + i)));
        take(Statement{at + 1, "UPDATE", "public.hasil_tps",
                       fmt::format("UPDATE hasil_tps SET paslon_1 = 1 WHERE kode_tps = '{}'", tps)}
                 .by("sirekap_app", "10.10.0.12")
                 .with(Field::postgresql_transaction_id, fmt::format("{}", 7000 + i)));
    }
    EXPECT_TRUE(findings.all.empty());
    take(Statement{1000, "UPDATE", "public.hasil_tps",
                   "UPDATE hasil_tps SET paslon_1 = 1 WHERE kode_tps = '3171011009001'"}
             .by("sirekap_app", "10.10.0.12")
             .with(Field::postgresql_transaction_id, "9999"));
    take(Doing{"rekap.edit", 1040, "3171011001001"});
    go_on_until(1100);
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().entity, "3171011009001");
    EXPECT_EQ(last().subject.tps, "3171011009001");
}

TEST_F(Join, APersonOrAStrangeHostIsToldAtOnce) {
    take(Statement{0, "UPDATE", "public.hasil_tps",
                   "UPDATE hasil_tps SET paslon_1 = 300 WHERE kode_tps = '3171011001001'"}
             .by("yusuf", "10.20.0.17", "psql"));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().entity, kTps);
    EXPECT_THAT(last().message, HasSubstr("(UPDATE of public.hasil_tps) by 'yusuf' from "
                                          "10.20.0.17, which is no account of the application"));
    take(Statement{1, "UPDATE", "public.hasil_tps"}.by("sirekap_app", "10.20.0.17"));
    EXPECT_THAT(last().message, HasSubstr("which is no host of the application"));
    EXPECT_EQ(findings.all.size(), 2u);
}

TEST_F(Join, OtherTablesReadingAndFailedStatementsAreNoWritesOfResults) {
    take(Statement{0, "UPDATE", "public.pengaturan"}.by("yusuf", "10.20.0.17"));
    take(Statement{0, "SELECT", "public.hasil_tps"}.by("yusuf", "10.20.0.17"));
    take(Statement{0, "UPDATE", "public.hasil_tps"}
             .by("yusuf", "10.20.0.17")
             .with(Field::event_outcome, "failure"));
    EXPECT_TRUE(findings.all.empty());
    EXPECT_EQ(counted("writes"), 0u);
}

TEST(JoinInAWindow, AMigrationIsOneCard) {
    WorkflowOptions options;
    options.windows = ChangeWindows{
        {{"CW-7", kNight, kNight + std::chrono::hours{1}, {}, {"migrasi"}, "migration", "KPU RI"}}};
    Watched<DatabaseDetector> at{DatabaseDetector{std::make_shared<const WorkflowOptions>(options)},
                                 {}};
    for (int i = 0; i < 100; ++i)
        at.take(Statement{1.0 * i, "UPDATE", "public.hasil_tps"}.by("migrasi", "10.20.0.17"));
    ASSERT_EQ(at.findings.all.size(), 1u);
    EXPECT_EQ(at.last().rule->id, "sirekap:ordered-change");
    at.take(Statement{101, "UPDATE", "public.hasil_tps"}.by("yusuf", "10.20.0.17"));
    EXPECT_EQ(at.count("sirekap:database-write"), 1u) << "not in the window";
}

TEST(JoinWithAFullTable, AccusesNobodyNearTheGap) {
    WorkflowOptions options;
    options.table_entries = 1;
    Watched<DatabaseDetector> at{DatabaseDetector{std::make_shared<const WorkflowOptions>(options)},
                                 {}};
    for (int i = 0; i < 200; ++i) at.take(call(5.0 * i, fmt::format("req-{}", i)));
    at.take(app_write(950, "req-forgotten"));
    at.take(call(1000, "req-a"));
    at.detector.advance(kNight + std::chrono::seconds{1010}, at.findings);
    EXPECT_GT(at.detector.evicted(), 0u);
    EXPECT_TRUE(at.findings.all.empty());
}

TEST(WritesResults, ReadsStatementsWhereNoObjectIsNamed) {
    const auto writes = [](std::string_view statement) {
        return writes_results(Statement{0, "", "", statement}.build(), kTables);
    };
    EXPECT_TRUE(writes("UPDATE hasil_tps SET a = 1"));
    EXPECT_TRUE(writes("update only \"public\".\"suara_c\" set a=1"));
    EXPECT_TRUE(writes("INSERT INTO `sirekap`.`rekap_2024` VALUES (1)"));
    EXPECT_TRUE(writes("DELETE FROM formc_image WHERE id = 1"));
    EXPECT_TRUE(writes("TRUNCATE TABLE tungsura"));
    EXPECT_TRUE(writes("/* tidy */ UPDATE hasil SET a = 1"));
    EXPECT_FALSE(writes("SELECT * FROM hasil_tps"));
    EXPECT_FALSE(writes("UPDATE pengaturan SET note = 'into hasil_tps'"));
    EXPECT_FALSE(writes("INSERT INTO log SELECT * FROM hasil_tps"));
    EXPECT_FALSE(writes("UPDATE hasilnya SET a = 1"));
    EXPECT_FALSE(writes(""));
}

TEST(KeysOf, AreFoundInCommentsNamesAndParameters) {
    const auto keys = [](std::string_view statement, std::string_view application) {
        return keys_of(
            Statement{0, "UPDATE", "hasil", statement}.by("app", "10.10.0.1", application).build());
    };
    EXPECT_EQ(keys("UPDATE hasil /*requestId='r-81f2',route='x'*/", "api").request, "r-81f2");
    EXPECT_EQ(keys("UPDATE hasil /* request_id: r-81f2 */", "api").request, "");
    EXPECT_EQ(keys("UPDATE hasil", "sirekap-api/r-81f2").request, "r-81f2");
    EXPECT_EQ(keys("UPDATE hasil", "psql/15.3").request, "") << "a version";
    EXPECT_EQ(keys("UPDATE hasil", "api/v3.1.0").request, "");
    EXPECT_EQ(keys("… WHERE kode = '3171011001001'", "api").tps, "3171011001001");
    EXPECT_EQ(keys("… IN ('3171011001001', '3171011001002')", "api").tps, "");
    EXPECT_EQ(keys("… WHERE nik = '3171010101010001'", "api").tps, "") << "sixteen digits";
    EXPECT_TRUE(keys("", "").empty());
}

}  // namespace
}  // namespace kentongan::sirekap
