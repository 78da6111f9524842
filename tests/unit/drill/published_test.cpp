#include "daemon/drill/published.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

namespace kentongan::drill {
namespace {

namespace json = boost::json;
using std::chrono::hours;

const Timestamp kClose = generate::close_of_polls();

/// The votes of the first candidate: in the sum, and in the rows together.
struct Votes {
    std::int64_t sum = 0;
    std::int64_t rows = 0;
};
Votes votes_in(const std::string& file) {
    const auto body = json::parse(file).at("tungsura");
    Votes out{body.at("chart").at("1000023").as_int64(), 0};
    for (const auto& row : body.at("table").as_object())
        if (const auto* votes = row.value().as_object().if_contains("1000023"))
            out.rows += votes->as_int64();
    return out;
}

class PublicationTest : public testing::Test {
  protected:
    std::map<std::string, std::string> files(hours until) {
        Script script;
        publication_.write(script, kClose + until);
        std::map<std::string, std::string> out;
        for (auto& action : std::move(script).in_order()) out[action.file] = action.text;
        return out;
    }
    generate::Jakarta jakarta_{1};
    Publication publication_{jakarta_, kClose};
};

TEST_F(PublicationTest, EverySumIsThatOfItsRowsAndAllTpsAreCountedAtLast) {
    const auto all = files(hours{25});
    ASSERT_EQ(all.size(), 7u * (25 * 4 - 3));
    for (const auto& [name, text] : all) {
        const auto votes = votes_in(text);
        EXPECT_EQ(votes.sum, votes.rows) << name;
    }
    const auto last = json::parse(all.at("published/20241128T140000/pkwkp_31_31.json"));
    EXPECT_EQ(last.at("progres").at("total"), 14835);
    EXPECT_EQ(last.at("progres").at("progres"), 14835);
    EXPECT_EQ(last.at("ts"), "2024-11-28 14:00:00");
}

TEST_F(PublicationTest, TamperedSumsAreWrongInTheirTimeOnly) {
    publication_.tamper("3173", 1000, kClose + hours{2}, kClose + hours{3});
    const auto all = files(hours{4});
    const auto difference = [&](const char* time) {
        const auto votes =
            votes_in(all.at(std::string("published/20241127T") + time + "/pkwkp_31_3173.json"));
        return votes.sum - votes.rows;
    };
    EXPECT_EQ(difference("144500"), 0);
    EXPECT_EQ(difference("150000"), 1000);
    EXPECT_EQ(difference("154500"), 1000);
    EXPECT_EQ(difference("160000"), 0);
    // The province takes over what the kabupaten says.
    const auto province = votes_in(all.at("published/20241127T150000/pkwkp_31_31.json"));
    EXPECT_EQ(province.sum, province.rows);
}

TEST_F(PublicationTest, WithdrawnVotesAreZeroWhileTheCountGoesOn) {
    publication_.withdraw(kClose + hours{3});
    const auto all = files(hours{4});
    const auto& text = all.at("published/20241127T163000/pkwkp_31_31.json");
    EXPECT_EQ(votes_in(text).sum, 0);
    EXPECT_GT(json::parse(text).at("progres").at("progres").as_int64(), 8000);
}

}  // namespace
}  // namespace kentongan::drill
