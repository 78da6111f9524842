#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "daemon/base/file.hpp"
#include "daemon/detect/sirekap/assignments.hpp"
#include "daemon/detect/sirekap/register.hpp"
#include "tests/support/project.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::sirekap {
namespace {

namespace fs = std::filesystem;

struct Wilayah : testing::Test {
    void write(const std::string& name, std::string_view text) {
        fs::create_directories((root / name).parent_path());
        std::ofstream{root / name} << text;
    }
    std::string error_of(const std::string& name) {
        const auto list = Register::load(root / name);
        if (list) return "";
        std::string message = list.error().message;
        const std::string prefix = root.native() + "/";
        for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix))
            message.erase(at, prefix.size());
        return message;
    }
    TemporaryFolder folder;
    fs::path root{folder.name()};
};

constexpr std::string_view kTps =
    R"([{"nama":"TPS 001","id":1,"kode":"3101011001001","tingkat":5},
        {"nama":"TPS 901","id":2,"kode":"3101011001901","tingkat":5,"baru":null}])";

TEST_F(Wilayah, ATreeAsPublishedIsOneRegister) {
    write("ppwp/0.json", R"([{"nama":"DKI JAKARTA","id":1,"kode":"31","tingkat":1},
                             {"nama":"Luar Negeri","id":2,"kode":"99","tingkat":1}])");
    write("ppwp/31.json", R"([{"nama":"ADM. KEP. SERIBU","id":1,"kode":"3101","tingkat":2}])");
    write("ppwp/31/3101.json", R"([{"nama":"UTARA","id":1,"kode":"310101","tingkat":3}])");
    write("ppwp/31/3101/310101.json",
          R"([{"nama":"PULAU PANGGANG","id":1,"kode":"3101011001","tingkat":4}])");
    write("ppwp/31/3101/310101/3101011001.json", kTps);
    write("ppwp/99/99AA/99AA01/99AA010001.json",
          R"([{"nama":"TPS 001","id":3,"kode":"99AA010001001","tingkat":5}])");
    const auto list = Register::load(root);
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(list->size(), 3u);
    EXPECT_EQ(list->area("3101")->name, "ADM. KEP. SERIBU");
    EXPECT_EQ(list->area("3101011001")->name, "PULAU PANGGANG");
    EXPECT_EQ(list->area("99")->name, "Luar Negeri");
    EXPECT_EQ(list->area("99AA01")->tps(), 1u);
    EXPECT_TRUE(list->tps_at(1).is_special());
    EXPECT_EQ(list->areas_without_tps(), 0u);
}

TEST_F(Wilayah, AreasThatTheListNamesWithoutTpsAreCounted) {
    write("31.json", R"([{"nama":"A","id":1,"kode":"3101","tingkat":2},
                         {"nama":"B","id":1,"kode":"3171","tingkat":2}])");
    write("3101011001.json", kTps);
    EXPECT_EQ(Register::load(root)->areas_without_tps(), 1u);
}

TEST_F(Wilayah, ASingleFileWillDo) {
    write("one.json", kTps);
    EXPECT_EQ(Register::load(root / "one.json")->size(), 2u);
}

TEST_F(Wilayah, ErrorsNameTheFileAndTheEntryOrLine) {
    write("a.json", "[{\"nama\":\"TPS 001\",\n\"kode\":]");
    EXPECT_THAT(error_of("a.json"), testing::StartsWith("TPS register a.json:2: not JSON: "));
    write("b.json", R"({"chart":{}})");
    EXPECT_THAT(error_of("b.json"), testing::StartsWith("TPS register b.json: not a region list"));
    write("c.json", R"([{"nama":"TPS 1","kode":3101011001001,"tingkat":5}])");
    EXPECT_EQ(error_of("c.json"), "TPS register c.json: entry 1: kode is missing or no text");
    write("d.json", R"([{"nama":"TPS 1","kode":"3101011001001","tingkat":"5"}])");
    EXPECT_EQ(error_of("d.json"),
              "TPS register d.json: entry 1 (3101011001001): tingkat is missing or no number");
    write("e.json", R"([{"nama":"x","kode":"31010","tingkat":3}])");
    EXPECT_EQ(error_of("e.json"), "TPS register e.json: entry 1: kode '31010' is no code of "
                                  "tingkat 3");
    write("f.json", "[7]");
    EXPECT_EQ(error_of("f.json"), "TPS register f.json: entry 1 is not an object");
    write("g.json", "[]");
    EXPECT_EQ(error_of("g.json"), "TPS register g.json: no TPS in it");
    write("h.json", R"([{"nama":"x","kode":"31","tingkat":9223372036854775807}])");
    EXPECT_THAT(error_of("h.json"), testing::HasSubstr("no code of tingkat"));
}

TEST_F(Wilayah, ATpsInTwoFilesIsAnErrorThatNamesBoth) {
    write("tree/1.json", kTps);
    write("tree/2.json", kTps);
    EXPECT_EQ(error_of("tree"),
              "TPS register tree/2.json: TPS 3101011001001 was listed before, in tree/1.json");
    fs::create_directories(root / "empty");
    EXPECT_EQ(error_of("empty"), "TPS register empty: no .json file in it");
    EXPECT_FALSE(Register::load(root / "missing"));
}

TEST_F(Wilayah, ReadsSirekapsOwnFiles) {
    const auto shared = shared_folder() / "data/sirekap/pemilu2024";
    if (!fs::exists(shared)) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    for (const auto& file : fs::directory_iterator{shared})
        if (file.path().filename().native().starts_with("wilayah_"))
            fs::copy(file.path(), root);
    const auto list = Register::load(root);
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(list->area("3101011001")->name, "PULAU PANGGANG");
    EXPECT_EQ(list->area("31")->name, "DKI JAKARTA");
    EXPECT_GT(list->areas_without_tps(), 5u);
}

TEST(TpsRegister, TakesTheVotersListedFromAColumn) {
    const auto list =
        Register::parse("tps,nama,DPT\n3171011001001,a,276\n3171011001002,b,\n", "x").value();
    EXPECT_EQ(list.voters_of(0), 276);
    EXPECT_FALSE(list.voters_of(1));
    EXPECT_FALSE(Register::parse("3171011001001\n", "x")->voters_of(0));
    const auto wrong = Register::parse("tps,dpt\n3171011001001,many\n", "x.csv");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().message,
              "TPS register x.csv:2: dpt 'many' is not a number of voters");
}

TEST(TpsRegister, KnowsTheKelurahanOfATpsAndTheAreaAboveEach) {
    const auto list =
        Register::parse("3171011001001\n3171011002001\n99AA010001001\n", "x").value();
    const auto chain = [&](std::uint32_t tps) {
        std::string out;
        for (auto at = list.kelurahan_of(tps); at != Register::kNone; at = list.areas()[at].parent)
            out += list.areas()[at].code + " ";
        return out;
    };
    EXPECT_EQ(chain(0), "3171011001 317101 3171 31 ");
    EXPECT_EQ(chain(1), "3171011002 317101 3171 31 ");
    EXPECT_EQ(chain(2), "99AA010001 99AA01 99AA 99 ");
    EXPECT_EQ(list.level(10, "31").size(), 2u);
    EXPECT_EQ(list.level(10).size(), 3u);
    EXPECT_TRUE(list.level(3).empty());
}

TEST(Assignments, AreFoundByTpsAccountAndDevice) {
    const auto list = Assignments::parse("tps,account,device\n3171011001002,budi,d-2\n"
                                         "3171011001001,ani,d-1\n3171011001001,budi,\n",
                                         "a.csv")
                          .value();
    const auto tps = TpsCode::parse("3171011001001").value();
    std::string of;
    for (const Assignment& one : list.of(tps)) of += fmt::format("{}/{} ", one.account, one.device);
    EXPECT_EQ(of, "ani/d-1 budi/ ");
    EXPECT_TRUE(std::ranges::empty(list.of(TpsCode::parse("3171011001009").value())));
    ASSERT_EQ(list.of_account("budi").size(), 2u);
    EXPECT_EQ(list.of_account("budi")[1].tps.to_string(), "3171011001002");
    ASSERT_EQ(list.of_device("d-2").size(), 1u);
    EXPECT_EQ(list.of_device("d-2")[0].account, "budi");
    EXPECT_TRUE(list.of_device("").empty());
    EXPECT_TRUE(list.of_account("siti").empty());
}

TEST(Assignments, ErrorsNameTheLine) {
    EXPECT_EQ(Assignments::parse("tps,account\n31,budi\n", "a.csv").error().message,
              "assignments a.csv:2: '31' is not a TPS code of 13 digits");
    EXPECT_THAT(Assignments::parse("3171011001001,,\n", "a.csv").error().message,
                testing::StartsWith("assignments a.csv:1: an account or a device"));
    EXPECT_EQ(Assignments::parse("", "a.csv")->size(), 0u);
}

}  // namespace
}  // namespace kentongan::sirekap
