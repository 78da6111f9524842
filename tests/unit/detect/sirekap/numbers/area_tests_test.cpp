#include "daemon/detect/sirekap/numbers/area_tests.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "daemon/detect/sirekap/numbers/statistics.hpp"

namespace kentongan::sirekap::numbers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Forms of a fair count: each TPS its own turnout, each voter by the same shares.
class Count {
  public:
    TpsRecord form(std::string tps) {
        std::normal_distribution<> turnout{220, 30};
        std::discrete_distribution<std::size_t> choice{40, 42, 18};
        Votes votes{{1, 0}, {2, 0}, {3, 0}};
        const int ballots = std::clamp(static_cast<int>(turnout(random_)), 60, 298);
        for (int i = 0; i < ballots; ++i) ++votes[choice(random_)].votes;
        TpsRecord out{"ppwp", std::move(tps), votes, Administration{}, 3};
        out.administration->at(static_cast<std::size_t>(Number::suara_total)) = ballots;
        out.administration->at(static_cast<std::size_t>(Number::pemilih_dpt_j)) = 300;
        return out;
    }
    std::mt19937_64& random() { return random_; }

  private:
    std::mt19937_64 random_{7};
};

std::string code(int kecamatan, int kelurahan, int tps) {
    return fmt::format("3173{:02}{:04}{:03}", kecamatan, 1000 + kelurahan, tps);
}
std::vector<std::string> areas(const std::vector<AreaResult>& results) {
    std::vector<std::string> out;
    for (const auto& result : results) out.push_back(result.area);
    return out;
}

TEST(Statistics, TailsAreThoseOfTheTables) {
    EXPECT_NEAR(binomial_upper_tail(10, 8, 0.5), 56.0 / 1024, 1e-12);
    EXPECT_EQ(binomial_upper_tail(10, 0, 0.5), 1);
    EXPECT_EQ(binomial_upper_tail(10, 11, 0.5), 0);
    EXPECT_NEAR(binomial_two_sided(10, 8, 0.5), 112.0 / 1024, 1e-12);
    EXPECT_NEAR(poisson_upper_tail(1, 0.5), 0.39346934, 1e-8);
    EXPECT_NEAR(chi_square_upper_tail(16.919, 9), 0.05, 1e-4);
}

TEST(Statistics, FalseDiscoveriesAreControlledOverAllHypotheses) {
    // Benjamini and Hochberg's own example (1995, section 3.2), q = 0.05: the first four.
    const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
    const auto rejected = benjamini_hochberg(p, 0.05);
    EXPECT_EQ(std::ranges::count(rejected, true), 4);
    EXPECT_TRUE(rejected[3]);
    EXPECT_FALSE(rejected[4]);
}

TEST(AreaTests, AFairCountIsSilent) {
    Count count;
    TpsTable table;
    for (int kecamatan = 1; kecamatan <= 8; ++kecamatan)
        for (int kelurahan = 1; kelurahan <= 5; ++kelurahan)
            for (int tps = 1; tps <= 40; ++tps)
                (void)table.take(count.form(code(kecamatan, kelurahan, tps)), 0);
    EXPECT_THAT(areas(failure_shares(table)), IsEmpty());
    EXPECT_THAT(areas(correction_biases(table)), IsEmpty());
    EXPECT_THAT(areas(identical_vectors(table)), IsEmpty());
    EXPECT_THAT(areas(outliers(table)), IsEmpty());
    EXPECT_THAT(areas(last_digits(table)), IsEmpty());
}

TEST(AreaTests, ACopiedFormIsTwoOfAKind) {
    Count count;
    TpsTable table;
    for (int tps = 1; tps <= 12; ++tps) (void)table.take(count.form(code(1, 1, tps)), 0);
    TpsRecord copy = count.form(code(1, 1, 1));
    (void)table.take(copy, 0);
    copy.tps = code(1, 1, 2);
    (void)table.take(copy, 0);
    const auto found = identical_vectors(table);
    EXPECT_THAT(areas(found), ElementsAre("3173011001"));
    EXPECT_THAT(found.at(0).what, HasSubstr("3173011001001 and 3173011001002 have "));
    EXPECT_TRUE(found.at(0).rule->advisory);
}

TEST(AreaTests, TwoCandidatesCoincideTooEasilyToSayAnything) {
    TpsTable table;
    for (int tps = 1; tps <= 20; ++tps) {
        TpsRecord record{"pkwkk", code(1, 1, tps), Votes{{1, 150}, {2, 100}}, {}, 0};
        (void)table.take(record, 0);
    }
    EXPECT_THAT(identical_vectors(table), IsEmpty());
}

TEST(AreaTests, ATpsWithAHundredVotesMoreForOneIsFarOff) {
    Count count;
    TpsTable table;
    for (int tps = 1; tps <= 60; ++tps) (void)table.take(count.form(code(1, 1, tps)), 0);
    TpsRecord record = count.form(code(1, 1, 30));
    record.votes->at(2).votes += 200;
    (void)table.take(record, 0);
    const auto found = outliers(table);
    EXPECT_THAT(areas(found), ElementsAre("317301"));
    EXPECT_THAT(found.at(0).what, HasSubstr("3173011001030"));
}

TEST(AreaTests, InventedNumbersHaveLastDigitsOfTheirOwn) {
    Count count;
    TpsTable table;
    for (int tps = 1; tps <= 400; ++tps) {
        TpsRecord record = count.form(code(1, 1 + tps / 100, 1 + tps % 100));
        for (Vote& vote : *record.votes)
            if (tps % 4 == 0) vote.votes -= vote.votes % 5;
        (void)table.take(record, 0);
    }
    EXPECT_THAT(areas(last_digits(table)), ElementsAre("3173"));
}

/// Corrects the votes of each TPS of a kecamatan: readers of handwriting had read too much for
/// whoever it was; or for one candidate only.
void correct(TpsTable& table, Count& count, int kecamatan, std::optional<std::size_t> only) {
    std::uniform_int_distribution<std::size_t> candidate{0, 2};
    std::bernoulli_distribution downward{0.7};
    for (int tps = 1; tps <= 60; ++tps) {
        TpsRecord record = count.form(code(kecamatan, 1, tps));
        (void)table.take(record, 0);
        const auto which = only.value_or(candidate(count.random()));
        record.votes->at(which).votes += only || !downward(count.random()) ? 7 : -7;
        (void)table.take(record, 0);
    }
}

TEST(AreaTests, CorrectionsThatFavourOneCandidateInOneAreaAreTold) {
    Count count;
    TpsTable table;
    for (int kecamatan = 1; kecamatan <= 5; ++kecamatan)
        correct(table, count, kecamatan, std::nullopt);
    EXPECT_THAT(correction_biases(table), IsEmpty());
    correct(table, count, 6, 1);
    const auto found = correction_biases(table);
    ASSERT_THAT(areas(found), ElementsAre("317306"));
    EXPECT_THAT(found[0].what,
                HasSubstr("of 60 corrected TPS 60 gave candidate 2 more votes and 0 fewer, +420"));
    EXPECT_TRUE(found[0].rule->advisory);
}

}  // namespace
}  // namespace kentongan::sirekap::numbers
