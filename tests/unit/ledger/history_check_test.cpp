#include "daemon/ledger/history_check.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/ledger/sample_history.hpp"

namespace kentongan::ledger {
namespace {

namespace fs = std::filesystem;

void flip(const fs::path& file, std::size_t at) {
    std::string content = *read_file(file);
    content[at] = static_cast<char>(content[at] ^ 1);
    std::ofstream{file, std::ios::trunc | std::ios::binary} << content;
}

TEST(HistoryCheck, AWholeHistoryHasNoProblems) {
    SampleHistory history{700};
    history.grow(66'000);
    const CheckResult result = history.check();
    EXPECT_TRUE(result.problems.empty()) << told(result.problems);
    EXPECT_EQ(result.entries, 66'700u);
    EXPECT_EQ(result.unpublished, 0u);
    EXPECT_EQ(result.signed_by, std::vector<std::string>{SampleHistory::kOrigin});
}

TEST(HistoryCheck, EntriesNotYetPublishedAreCounted) {
    SampleHistory history{100};
    for (std::size_t i = 100; i < 107; ++i) history.entries.push_back(SampleHistory::entry(i));
    EXPECT_EQ(history.check().unpublished, 7u);
    EXPECT_TRUE(history.check().problems.empty());
}

TEST(HistoryCheck, TheFirstBadEntryOfTheDatabaseIsNamed) {
    const auto first_bad = [](auto alter) {
        SampleHistory history{1000};
        alter(history.entries);
        return history.check().problems.first_bad_entry();
    };
    EXPECT_EQ(first_bad([](auto& all) { all[333] += " "; }), 333u);
    EXPECT_EQ(first_bad([](auto& all) { all.erase(all.begin() + 333); }), 333u);
    EXPECT_EQ(first_bad([](auto& all) { std::swap(all[333], all[334]); }), 333u);
    EXPECT_EQ(first_bad([](auto& all) { all.insert(all.begin() + 333, all[1]); }), 333u);
    EXPECT_EQ(first_bad([](auto& all) { all.resize(333); }), 333u);
}

TEST(HistoryCheck, TheFirstBadEntryOfTheFilesIsNamed) {
    {
        const SampleHistory history{1000};
        flip(history.folder() / "tile/entries/001", 10);
        EXPECT_EQ(history.check().problems.first_bad_entry(), 256u);
    }
    {
        const SampleHistory history{1000};
        flip(history.folder() / "tile/0/001", 32 * 7 + 3);
        EXPECT_EQ(history.check().problems.first_bad_entry(), 263u);
    }
    {
        const SampleHistory history{1000};
        flip(history.folder() / "tile/1/000.p/3", 32 + 3);
        EXPECT_EQ(history.check().problems.first_bad_entry(), 256u);
    }
    {
        const SampleHistory history{1000};
        fs::remove(history.folder() / "tile/entries/002");
        EXPECT_EQ(history.check().problems.first_bad_entry(), 512u);
    }
}

TEST(HistoryCheck, TruncationIsFoundByWhatWasSignedBefore) {
    SampleHistory history{500};
    history.grow(500);
    const std::string old = history.checkpoint();
    SampleHistory shorter{900};
    shorter.key = history.key;
    CheckOptions options = shorter.options();
    options.keys = {shorter.log_key()};
    options.cosigned_within = Duration::zero();
    options.older = {old};
    shorter.grow(1);
    const auto result = check_history(options);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->problems.list().at(0).what, "older") << told(result->problems);
    EXPECT_EQ(result->problems.first_bad_entry(), 901u);
}

TEST(HistoryCheck, AForkUnderTheStolenKeyIsFoundByTheWitness) {
    SampleHistory history{500};
    SampleHistory fork;
    fork.key = history.key;
    fork.witness = history.witness;
    for (std::size_t i = 0; i < 500; ++i) fork.entries.push_back(SampleHistory::entry(i));
    fork.entries[100] = "another past";
    fork.grow(500);
    const fs::path signed_by_witness = fs::path(kCosignedFolder) / to_hex(history.witness_key().id);
    fs::copy_file(history.folder() / signed_by_witness, fork.folder() / signed_by_witness,
                  fs::copy_options::overwrite_existing);
    EXPECT_FALSE(fork.check().problems.empty());
    fs::remove(fork.folder() / signed_by_witness);
    EXPECT_FALSE(fork.check().problems.empty());
}

TEST(HistoryCheck, ACheckpointNobodyKnownSignedIsAProblem) {
    SampleHistory history{10};
    CheckOptions options = history.options();
    options.keys.front() = *verifier_key(SampleHistory::kOrigin, KeyType::log,
                                         from_base64(SigningKey::generate().public_text()));
    EXPECT_FALSE(check_history(options)->problems.empty());
    options.keys.clear();
    EXPECT_FALSE(check_history(options)->problems.empty());
}

TEST(HistoryCheck, AKeyCountsOnlyInItsTime) {
    SampleHistory history{10};
    CheckOptions options = history.options();
    options.keys.front().until = SampleHistory::when(5);
    EXPECT_FALSE(check_history(options)->problems.empty());
    options.keys.front().until = SampleHistory::when(9);
    EXPECT_TRUE(check_history(options)->problems.empty());
    options.keys.front().from = SampleHistory::when(10);
    EXPECT_FALSE(check_history(options)->problems.empty());
}

TEST(HistoryCheck, AWitnessThatHasNotSignedForAnHourIsAProblem) {
    SampleHistory history{10};
    const fs::path file = history.folder() / kCosignedFolder / to_hex(history.witness_key().id);
    const std::string old = *read_file(file);
    history.entries.push_back(R"({"at":"2029-01-26T12:00:00Z","kind":"sample"})");
    history.grow(1);
    std::ofstream{file, std::ios::trunc} << old;
    EXPECT_FALSE(history.check().problems.empty());
}

TEST(HistoryCheck, AFolderThatIsNotThereIsAnErrorAndNotAFinding) {
    const auto result = check_history({.folder = "/nowhere/at/all", .keys = {}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::no_input);
}

}  // namespace
}  // namespace kentongan::ledger
