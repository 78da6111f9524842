// The real snapshots of 28 November 2024, and copies of them in which numbers were changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/base/file.hpp"
#include "daemon/detect/sirekap/published/published_detector.hpp"
#include "tests/support/project.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/detect/sirekap/published/snapshots.hpp"

namespace kentongan::sirekap::published {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kTimes{"t1_1128T0100", "t2_1128T1000", "t3_1128T1300_zeroed"};

class PilkadaSnapshots : public testing::Test {
  protected:
    void SetUp() override {
        if (!fs::exists(real_ / kTimes[0])) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
        copy_again();
    }
    void copy_again() {
        for (const auto& time : kTimes) {
            fs::create_directories(copy_ / time);
            for (const auto& entry : fs::directory_iterator(real_ / time))
                ASSERT_TRUE(write_file(fs::path(copy_ / time) / entry.path().filename(),
                                       read_file(entry.path()).value()));
        }
    }
    void remove(std::size_t time) { fs::remove_all(copy_ / kTimes[time]); }

    /// Lets `edit` change the numbers (chart and table) of a file in some snapshots.
    template <class Edit>
    void change(const std::vector<std::size_t>& times, const std::string& code, Edit edit) {
        for (const std::size_t time : times) {
            const fs::path path = fs::path(copy_ / kTimes[time]) / ("pkwkp_31_" + code + ".json");
            json::value file = json::parse(read_file(path).value());
            edit(file.at("tungsura").as_object());
            ASSERT_TRUE(write_file(path, json::serialize(file)));
        }
    }
    static void add(json::value& to, std::int64_t votes) {
        auto& cell = to.as_object().at("1000023");
        cell = cell.as_int64() + votes;
    }
    std::vector<Finding> run() {
        PublishedDetector detector;
        return findings_of_folder(detector, copy_.name());
    }
    /// One low finding or more, then exactly one critical one.
    static std::string only_critical(const std::vector<Finding>& findings) {
        std::vector<std::string> critical;
        for (const Finding& finding : findings)
            if (finding.severity.value_or(finding.rule->severity) == Severity::critical)
                critical.push_back(finding.message);
        EXPECT_EQ(critical.size(), 1u) << testing::PrintToString(critical);
        return critical.empty() ? "" : critical.front();
    }

    fs::path real_ = shared_folder() / "data/sirekap/pilkada2024";
    TemporaryFolder copy_;
};

TEST_F(PilkadaSnapshots, AddUpAndTheirWithdrawalIsOneEvent) {
    const auto findings = run();
    EXPECT_THAT(told(findings, "sirekap:aggregate-mismatch"), IsEmpty());
    const auto withdrawn = told(findings, "sirekap:tabulation-withdrawn");
    ASSERT_EQ(withdrawn.size(), 1u);
    EXPECT_EQ(withdrawn[0],
              "medium: Inconsistency in Sirekap data: pkwkp: every published number of votes went "
              "to 0, in 5 files, while the number of TPS counted did not fall: the tabulation was "
              "withdrawn");
    EXPECT_EQ(findings.size(), 1u);
}

TEST_F(PilkadaSnapshots, WithARegisterAreSilentToo) {
    const auto csv = read_file(real_ / "dki_tps_per_kelurahan.csv").value();
    PublishedDetector detector{
        std::make_shared<const Register>(Register::parse(csv, "register").value())};
    const auto findings = findings_of_folder(detector, copy_.name());
    EXPECT_EQ(findings.size(), 1u);
}

TEST_F(PilkadaSnapshots, AThousandVotesInAKabupatensRowAreOneCriticalAlertAfterTheSecond) {
    const auto inject = [](json::object& numbers) { add(numbers.at("table").at("3173"), 1000); };
    change({0, 1}, "31", inject);
    const auto message = only_critical(run());
    EXPECT_EQ(
        message,
        "Inconsistency in Sirekap data: pkwkp of 3173: the file of pkwkp of 31 (of 2024-11-28 "
        "10:00:05) gives it +1,000 votes (candidate 1000023 +1,000) apart from what its own "
        "file (of 2024-11-28 00:00:00) gives, in 2 snapshots in a row");
    EXPECT_EQ(told(run(), "sirekap:aggregate-mismatch").size(), 2u);
}

TEST_F(PilkadaSnapshots, OneSnapshotAloneIsLow) {
    remove(1);
    remove(2);
    change({0}, "31", [](json::object& numbers) { add(numbers.at("table").at("3173"), 1000); });
    const auto findings = run();
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, Severity::low);
    EXPECT_EQ(findings[0].entity, "pkwkp 3173");
    EXPECT_EQ(findings[0].subject.area, "3173");
}

TEST_F(PilkadaSnapshots, AThousandVotesInTheRowAndTheTotalOfTheProvince) {
    change({0, 1}, "31", [](json::object& numbers) {
        add(numbers.at("table").at("3173"), 1000);
        add(numbers.at("chart"), 1000);
    });
    EXPECT_THAT(only_critical(run()), HasSubstr("pkwkp of 3173: the file of pkwkp of 31"));
}

TEST_F(PilkadaSnapshots, AThousandVotesInAKabupatensOwnTotal) {
    for (const std::string code : {"3171", "3172", "3173", "3174", "3175", "3101"}) {
        copy_again();
        change({0, 1}, code, [](json::object& numbers) { add(numbers.at("chart"), 1000); });
        EXPECT_THAT(only_critical(run()),
                    testing::AllOf(HasSubstr("pkwkp of " + code + ": "), HasSubstr("1,000 votes")));
    }
}

TEST_F(PilkadaSnapshots, AThousandVotesInARowOfAKabupaten) {
    change({0, 1}, "3173",
           [](json::object& numbers) { add(numbers.at("table").at("317301"), 1000); });
    EXPECT_EQ(only_critical(run()),
              "Inconsistency in Sirekap data: pkwkp of 3173: the table of its own file (of "
              "2024-11-28 00:00:00) is +1,000 votes (candidate 1000023 +1,000) apart from its "
              "total, in 2 snapshots in a row");
}

TEST_F(PilkadaSnapshots, AThousandVotesInAKabupatensFileThatAddUpThere) {
    change({0, 1}, "3175", [](json::object& numbers) {
        add(numbers.at("table").at("317501"), 1000);
        add(numbers.at("chart"), 1000);
    });
    EXPECT_THAT(only_critical(run()),
                HasSubstr("gives it -1,000 votes (candidate 1000023 -1,000)"));
}

TEST_F(PilkadaSnapshots, AThousandVotesInTheTotalOfTheProvince) {
    change({0, 1}, "31", [](json::object& numbers) { add(numbers.at("chart"), 1000); });
    EXPECT_THAT(only_critical(run()),
                testing::AllOf(HasSubstr("pkwkp of 31: the table of its own file"),
                               HasSubstr("-1,000 votes")));
}

TEST_F(PilkadaSnapshots, VotesThatVanishInOneKabupatenAreNoWithdrawal) {
    remove(2);
    change({1}, "3172", [](json::object& numbers) {
        const auto clear = [](json::value& cells) {
            for (const auto* id : {"1000023", "1000024", "1000025"}) cells.as_object()[id] = 0;
        };
        clear(numbers.at("chart"));
        for (auto& row : numbers.at("table").as_object()) clear(row.value());
    });
    const auto findings = run();
    EXPECT_THAT(told(findings, "sirekap:tabulation-withdrawn"), IsEmpty());
    ASSERT_EQ(told(findings, "sirekap:result-vanished").size(), 1u);
    EXPECT_THAT(told(findings, "sirekap:result-vanished")[0],
                testing::StartsWith("high: Inconsistency in Sirekap data: pkwkp of 3172: all "));
}

TEST_F(PilkadaSnapshots, AnEditUnderTheSameTimeIsTold) {
    change({1}, "3173", [](json::object& numbers) {
        add(numbers.at("chart"), 7);
        add(numbers.at("table").at("317301"), 7);
    });
    const auto edits = told(run(), "sirekap:silent-edit");
    ASSERT_EQ(edits.size(), 1u);
    EXPECT_THAT(edits[0], HasSubstr("pkwkp of 3173: the file changed although its time is still "
                                    "2024-11-28 00:00:00; its totals changed by +7 votes"));
}

}  // namespace
}  // namespace kentongan::sirekap::published
