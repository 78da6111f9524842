#include "daemon/detect/sirekap/numbers/arithmetic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/file.hpp"
#include "daemon/detect/sirekap/numbers/bounds.hpp"
#include "daemon/detect/sirekap/numbers/repair.hpp"
#include "tests/support/project.hpp"

namespace kentongan::sirekap::numbers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kHeading =
    "kode,c1,c2,c3,suara_sah,suara_tidak_sah,suara_total,pemilih_dpt_j,pemilih_dpt_l,pemilih_dpt_p,"
    "pengguna_dpt_j,pengguna_dpt_l,pengguna_dpt_p,pengguna_dptb_j,pengguna_dptb_l,pengguna_dptb_p,"
    "pengguna_non_dpt_j,pengguna_non_dpt_l,pengguna_non_dpt_p,pengguna_total_j,pengguna_total_l,"
    "pengguna_total_p\n";
constexpr std::string_view kWell =
    "3173011006272,72,109,35,216,3,219,276,138,138,214,108,106,3,0,3,2,1,1,219,109,110";
const std::vector<std::uint64_t> kCandidates{100025, 100026, 100027};

TpsRecord a_record(std::string_view row = kWell) {
    return parse_records(std::string(kHeading) + std::string(row), "table", kCandidates)
        .value()
        .at(0);
}
TpsRecord with(Number which, std::int64_t value) {
    TpsRecord out = a_record();
    (*out.administration)[static_cast<std::size_t>(which)] = value;
    return out;
}
TpsRecord with_votes(std::size_t candidate, std::int64_t votes) {
    TpsRecord out = a_record();
    out.votes->at(candidate).votes = votes;
    return out;
}
std::vector<std::string> broken(const TpsRecord& record) {
    std::vector<std::string> out;
    for (const Fault& fault : faults_of(record)) out.emplace_back(name_of(fault.rule));
    return out;
}
std::string hint(const TpsRecord& record) {
    const auto repair = single_digit_repair(record);
    return repair ? describe(*repair) : "";
}

TEST(Arithmetic, AFormThatAddsUpBreaksNoRule) {
    EXPECT_THAT(broken(a_record()), IsEmpty());
    EXPECT_EQ(hint(a_record()), "");
}

TEST(Arithmetic, EachRuleIsBrokenByItsOwnNumbers) {
    EXPECT_THAT(broken(with_votes(1, 189)), ElementsAre("VR1"));
    EXPECT_THAT(broken(with(Number::suara_tidak_sah, 4)), ElementsAre("VR2"));
    EXPECT_THAT(broken(with(Number::suara_total, 220)), ElementsAre("VR2", "VR3"));
    EXPECT_THAT(broken(with(Number::pengguna_dpt_j, 215)), ElementsAre("VR4", "VR6"));
    EXPECT_THAT(broken(with(Number::pengguna_dpt_j, 277)), ElementsAre("VR4", "VR5", "VR6"));
    EXPECT_THAT(broken(with(Number::pemilih_dpt_l, 139)), ElementsAre("VR6"));
}

TEST(Arithmetic, SaysWhatIsNotEqual) {
    EXPECT_EQ(describe(faults_of(with_votes(1, 189)).at(0)),
              "VR1: the candidates' votes are 296 together, suara_sah is 216");
    EXPECT_EQ(describe(faults_of(with(Number::pemilih_dpt_l, 139)).at(0)),
              "VR6: L + P is 277, pemilih_dpt_j is 276");
}

TEST(Arithmetic, ARuleWhoseNumbersAreNotAllThereIsKept) {
    TpsRecord record = with(Number::suara_total, 999);
    (*record.administration)[static_cast<std::size_t>(Number::suara_tidak_sah)].reset();
    (*record.administration)[static_cast<std::size_t>(Number::pengguna_total_j)].reset();
    EXPECT_THAT(broken(record), IsEmpty());
    record.administration.reset();
    EXPECT_THAT(broken(record), IsEmpty());
}

TEST(SingleDigitRepair, NamesTheDigitThatExplainsItAll) {
    EXPECT_EQ(hint(with_votes(1, 189)), "1 digit of candidate 100026: 189 -> 109");
    // 35 read as 835: the first of three boxes.
    EXPECT_EQ(hint(with_votes(2, 835)), "1 digit of candidate 100027: 835 -> 35");
    EXPECT_EQ(hint(with(Number::suara_total, 299)), "1 digit of suara_total: 299 -> 219");
    // Only a change of J itself also mends L + P.
    EXPECT_EQ(hint(with(Number::pengguna_dpt_j, 274)), "1 digit of pengguna_dpt_j: 274 -> 214");
}

TEST(SingleDigitRepair, SaysHowManyOtherDigitsWouldDo) {
    // 1 too many in any of three candidates, or 1 too few in suara_sah with suara_tidak_sah.
    EXPECT_EQ(hint(with_votes(0, 73)),
              "1 digit of candidate 100025: 73 -> 72 (or one of 2 others)");
}

TEST(SingleDigitRepair, IsSilentWhereNoOneDigitExplainsIt) {
    EXPECT_EQ(hint(with_votes(0, 127)), "");
    TpsRecord record = with(Number::suara_total, 299);
    record.votes->at(0).votes = 92;
    EXPECT_EQ(hint(record), "");
}

std::vector<std::string> bounds(const TpsRecord& record, std::string_view election) {
    std::vector<std::string> out;
    for (const auto& fault : bound_faults(record, Election::named(election).value()))
        out.push_back(std::string(name_of(fault.severity)) + ": " + fault.what);
    return out;
}

TEST(Bounds, AreTheElections) {
    EXPECT_THAT(bounds(a_record(), "pemilu2024"), IsEmpty());
    TpsRecord crowded = with_votes(1, 230);  // 337 in all
    EXPECT_THAT(bounds(crowded, "pemilu2024"),
                ElementsAre("medium: 337 votes, no TPS is given more than 306 ballots",
                            "medium: candidate 100026 has 230 votes, suara_total is 219"));
    crowded = with_votes(1, 198);
    EXPECT_THAT(bounds(crowded, "pemilu2024"),
                ElementsAre("low: 305 votes, no TPS has more than 300 voters"));
    EXPECT_THAT(bounds(crowded, "pilkada2024"), IsEmpty());
    crowded = with_votes(1, 509);
    EXPECT_THAT(bounds(crowded, "pilkada2024").at(0),
                "medium: 616 votes, no TPS is given more than 615 ballots");
}

TEST(Bounds, DoNotHoldWhereAVillageVotesTogether) {
    TpsRecord record = with_votes(1, 900);
    record.tps = "9401011006272";
    EXPECT_THAT(bounds(record, "pemilu2024"), IsEmpty());
}

TEST(Bounds, NoNumberIsBelowNothing) {
    EXPECT_THAT(bounds(with(Number::suara_tidak_sah, -1), "pemilu2024"),
                ElementsAre("low: a number is below nothing"));
}

TEST(Records, ErrorsNameTheLine) {
    EXPECT_EQ(parse_records("kode,c1\n1,2\n1,x\n", "t.csv", {}).error().message,
              "t.csv:3: 'x' is not a number");
    EXPECT_EQ(parse_records("kode,c1\n1\n", "t.csv", {}).error().message,
              "t.csv:2: 1 columns, the heading has 2");
}

/// The columns of the table in PROVENANCE.md.
struct Expected {
    std::string_view file;
    std::size_t chart, administration, both;
    std::array<std::size_t, kArithmeticRules> broken;
    std::size_t over_300;
};

class RealForms : public testing::TestWithParam<Expected> {};

TEST_P(RealForms, BreakEachRuleAsOftenAsCounted) {
    const auto path = shared_folder() / "data/sirekap/pemilu2024" / GetParam().file;
    const auto csv = read_file(path);
    if (!csv) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    const auto records = parse_records(*csv, path.string(), kCandidates).value();
    std::size_t chart = 0;
    std::size_t administration = 0;
    std::size_t both = 0;
    std::size_t over_300 = 0;
    std::array<std::size_t, kArithmeticRules> counts{};
    for (const TpsRecord& record : records) {
        chart += record.votes ? 1 : 0;
        administration += record.administration ? 1 : 0;
        both += record.complete() ? 1 : 0;
        over_300 += record.votes && published::sum_of(*record.votes) > 300 ? 1 : 0;
        if (!record.complete()) continue;
        for (const Fault& fault : faults_of(record)) ++counts[static_cast<std::size_t>(fault.rule)];
    }
    EXPECT_EQ(records.size(), 1657u);
    EXPECT_EQ(chart, GetParam().chart);
    EXPECT_EQ(administration, GetParam().administration);
    EXPECT_EQ(both, GetParam().both);
    EXPECT_EQ(counts, GetParam().broken);
    EXPECT_EQ(over_300, GetParam().over_300);
}

INSTANTIATE_TEST_SUITE_P(
    OfJakarta, RealForms,
    testing::Values(
        Expected{"dki_ppwp_20240220_fixture.csv", 1307, 850, 846, {39, 11, 96, 28, 7, 46}, 4},
        Expected{"dki_ppwp_20240317_fixture.csv", 1331, 915, 911, {38, 12, 102, 30, 7, 46}, 0}));

TEST(RealForms, OfThePilkadaInCiamisBreakNone) {
    const auto path =
        shared_folder() / "data/sirekap/pilkada2024/ciamis_pkwkk_3207_tps_fixture.csv";
    const auto csv = read_file(path);
    if (!csv) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    std::size_t judged = 0;
    for (const TpsRecord& record : parse_records(*csv, path.string(), {}).value()) {
        EXPECT_THAT(broken(record), IsEmpty()) << record.tps;
        judged += record.complete() && published::sum_of(*record.votes) > 0 ? 1 : 0;
    }
    EXPECT_GT(judged, 500u);
}

}  // namespace
}  // namespace kentongan::sirekap::numbers
