#include "collectors/sirekap/snapshot_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::sirekap {
namespace {

using testing::ElementsAre;
namespace fs = std::filesystem;

std::string name_of(const char* path) {
    const auto name = parse_saved_name(path);
    return name ? name->race + " " + name->node : "none";
}

TEST(SavedNames, SayRaceAndArea) {
    EXPECT_EQ(name_of("pkwkp_31_3171.json"), "pkwkp 3171");
    EXPECT_EQ(name_of("pkwkp_31_31.json"), "pkwkp 31");
    EXPECT_EQ(name_of("hhcw_ppwp_nasional.json"), "ppwp 0");
    EXPECT_EQ(name_of("hhcw_ppwp_tps_1101012001001.json"), "ppwp 1101012001001");
    EXPECT_EQ(name_of("pilkada/hhcw/pkwkp.json"), "pkwkp 0");
    EXPECT_EQ(name_of("pkwkp/31/3171/317101.json"), "pkwkp 317101");
    EXPECT_EQ(name_of("tps_json/3101011001001.json"), " 3101011001001");
    for (const auto* other : {"wilayah_ppwp_31.json", "paslon_pkwkp_31.json", "readme.json",
                              "wilayah/31.json", "pkwkp_31_3171.txt", "x.csv"})
        EXPECT_EQ(name_of(other), "none") << other;
}

struct Snapshots : testing::Test {
    void save(const std::string& name, const std::string& ts, int votes = 1) {
        fs::create_directories(fs::path(folder / name).parent_path());
        ASSERT_TRUE(write_file(
            folder / name,
            R"({"table":{},"chart":{"1":)" + std::to_string(votes) + R"(},"ts":")" + ts + "\"}"));
    }
    /// "03:00 published 3101", in the order told.
    std::vector<std::string> moments() {
        const auto saved = SnapshotFolder::read(folder.name()).value();
        std::vector<std::string> out;
        for (const auto& moment : saved.moments)
            out.push_back(to_rfc3339(moment.time).substr(11, 5) +
                          (moment.told == Told::published ? " published " : " confirmed ") +
                          saved.files[moment.file].file.node);
        return out;
    }
    TemporaryFolder folder;
};

TEST_F(Snapshots, AreToldByTheFilesOwnTimesAndConfirmedAtTheirEnd) {
    save("t1/pkwkp_31_31.json", "2024-11-28 10:00:00");
    save("t1/pkwkp_31_3101.json", "2024-11-28 09:00:00");
    save("t2/pkwkp_31_31.json", "2024-11-28 11:00:00", 2);
    save("t2/pkwkp_31_3101.json", "2024-11-28 09:00:00");
    EXPECT_THAT(moments(),
                ElementsAre("02:00 published 3101", "03:00 published 31", "03:00 confirmed 31",
                            "03:00 confirmed 3101", "04:00 published 31", "04:00 confirmed 31",
                            "04:00 confirmed 3101"));
}

TEST_F(Snapshots, FoldersWithDifferentFilesAreOneSnapshot) {
    save("31/pkwkp_31.json", "2024-11-28 10:00:00");
    save("32/pkwkp_32.json", "2024-11-28 11:00:00");
    EXPECT_THAT(moments(), ElementsAre("03:00 published 31", "04:00 published 32",
                                       "04:00 confirmed 31", "04:00 confirmed 32"));
}

TEST_F(Snapshots, LinesOfAJsonlFileAreFiles) {
    ASSERT_TRUE(write_file(folder / "tps.jsonl",
                           "{\"kode\":\"3101011001014\",\"body\":{\"images\":[\"https://h/1/pemilu/"
                           "ppwp/31/a.jpg\"],\"ts\":\"2024-02-15 00:46:45\"}}\nnonsense\n"));
    const auto saved = SnapshotFolder::read(folder.name()).value();
    ASSERT_EQ(saved.files.size(), 1u);
    EXPECT_EQ(saved.files[0].file.race, "ppwp");
    EXPECT_EQ(saved.files[0].file.node, "3101011001014");
    EXPECT_EQ(saved.skipped, 1u);
    EXPECT_THAT(SavedReader{}.read(saved.files[0]).value(), testing::StartsWith("{\"images\":["));
}

TEST_F(Snapshots, AFileThatIsNoJsonIsToldWithTheOthers) {
    save("pkwkp_31.json", "2024-11-28 10:00:00");
    ASSERT_TRUE(write_file(folder / "pkwkp_32.json", "{\"ts\":"));
    EXPECT_THAT(moments(), ElementsAre("03:00 published 31", "03:00 published 32",
                                       "03:00 confirmed 31", "03:00 confirmed 32"));
}

TEST_F(Snapshots, NoFolderIsAnError) {
    EXPECT_EQ(SnapshotFolder::read(folder / "none").error().code, ErrorCode::no_input);
}

}  // namespace
}  // namespace kentongan::sirekap
