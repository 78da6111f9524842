#include "daemon/ledger/tile_log.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "tests/unit/ledger/sample_history.hpp"

namespace kentongan::ledger {
namespace {

namespace fs = std::filesystem;

Hash root_of(const std::vector<std::string>& entries) {
    GrowingTree tree;
    for (const auto& entry : entries) tree.add(leaf_hash(entry));
    return tree.root();
}

Checkpoint published(const SampleHistory& history) {
    return parse_signed_checkpoint(history.checkpoint())->checkpoint;
}

TEST(TileLog, GrowsByAnyStepsToTheSameRoot) {
    SampleHistory history;
    for (const std::size_t step : {1u, 254u, 1u, 1u, 255u, 256u, 700u, 66'000u, 3u}) {
        history.grow(step);
        EXPECT_EQ(published(history).size, history.entries.size());
        EXPECT_EQ(published(history).root, root_of(history.entries));
    }
    TileReader reader{history.folder(), history.entries.size()};
    for (const std::uint64_t index : {0u, 255u, 256u, 67'000u, 67'470u}) {
        EXPECT_EQ(*reader.entry(index), history.entries[index]);
        const auto proof = prove_inclusion(index, reader.size(), reader.nodes());
        ASSERT_TRUE(proof) << proof.error().message;
        EXPECT_TRUE(verify_inclusion(leaf_hash(history.entries[index]), index, reader.size(),
                                     *proof, published(history).root));
    }
    const auto proof = prove_consistency(1211, reader.size(), reader.nodes());
    ASSERT_TRUE(proof) << proof.error().message;
    EXPECT_TRUE(
        verify_consistency(1211, reader.size(), *proof,
                           root_of({history.entries.begin(), history.entries.begin() + 1211}),
                           published(history).root));
}

TEST(TileLog, PartialTilesGoWhenTheFullOneIsThere) {
    SampleHistory history{10};
    history.grow(10);
    EXPECT_TRUE(fs::exists(history.folder() / "tile/0/000.p/10"));
    EXPECT_TRUE(fs::exists(history.folder() / "tile/entries/000.p/20"));
    history.grow(300);
    EXPECT_FALSE(fs::exists(history.folder() / "tile/0/000.p"));
    EXPECT_FALSE(fs::exists(history.folder() / "tile/entries/000.p"));
    EXPECT_TRUE(fs::exists(history.folder() / "tile/0/000"));
    EXPECT_TRUE(fs::exists(history.folder() / "tile/1/000.p/1"));
}

TEST(TileLog, ATornTailIsWrittenAgain) {
    SampleHistory history{300};
    {
        auto log = TileLog::open(history.folder(), SampleHistory::kOrigin);
        for (std::size_t i = 300; i < 600; ++i) history.entries.push_back(SampleHistory::entry(i));
        ASSERT_TRUE(log->append({history.entries.begin() + 300, history.entries.end()}));
        ASSERT_TRUE(log->flush());
    }  // killed before the checkpoint
    std::ofstream{history.folder() / "tile/entries/001", std::ios::trunc} << "torn";
    std::ofstream{history.folder() / "tile/0/002.p/88", std::ios::trunc} << "torn";
    auto log = TileLog::open(history.folder(), SampleHistory::kOrigin);
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_EQ(log->size(), 300u);
    history.grow(300);
    EXPECT_TRUE(history.check().problems.empty()) << told(history.check().problems);
}

TEST(TileLog, ADamagedEdgeIsSeenAndMendedFromTheStore) {
    for (const auto* name : {"tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"}) {
        SampleHistory history{300};
        std::ofstream{history.folder() / name, std::ios::trunc} << "damaged";
        EXPECT_FALSE(TileLog::open(history.folder(), SampleHistory::kOrigin)) << name;
        auto mended = TileLog::mend(history.folder(), SampleHistory::kOrigin, history.source());
        ASSERT_TRUE(mended) << mended.error().message;
        EXPECT_EQ(mended->published(), 300u);
        EXPECT_TRUE(history.check().problems.empty()) << told(history.check().problems);
        history.grow(100);
        EXPECT_TRUE(history.check().problems.empty()) << told(history.check().problems);
    }
}

TEST(TileLog, AnAlteredStoreIsNotPublishedOverTheSignedHistory) {
    SampleHistory history{300};
    std::ofstream{history.folder() / "tile/0/001.p/44", std::ios::trunc} << "damaged";
    history.entries[5] = "altered";
    const auto before = fs::last_write_time(history.folder() / "tile/0/000");
    const auto mended = TileLog::mend(history.folder(), SampleHistory::kOrigin, history.source());
    ASSERT_FALSE(mended);
    EXPECT_NE(mended.error().message.find("altered"), std::string::npos);
    EXPECT_EQ(fs::last_write_time(history.folder() / "tile/0/000"), before);
}

TEST(TileLog, AnotherOriginIsRefused) {
    const SampleHistory history{3};
    const auto log = TileLog::open(history.folder(), "other.example");
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().code, ErrorCode::config);
}

TEST(TileLog, AnEntryThatNoBundleHoldsIsAnError) {
    const SampleHistory history{1};
    auto log = TileLog::open(history.folder(), SampleHistory::kOrigin);
    EXPECT_FALSE(log->append({std::string(65'536, 'x')}));
    auto again = TileLog::open(history.folder(), SampleHistory::kOrigin);
    EXPECT_TRUE(again->append({std::string(65'535, 'x')}));
}

}  // namespace
}  // namespace kentongan::ledger
