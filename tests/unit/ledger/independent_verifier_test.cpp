// packaging/verify/kentongan-verify.py, in another language and with nothing of ours, says the same
// as our own check of the same whole and altered histories and packages.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <random>

#include "daemon/base/text.hpp"
#include "tests/support/project.hpp"
#include "tests/unit/ledger/sample_package.hpp"

namespace kentongan::ledger {
namespace {

namespace fs = std::filesystem;

/// The entry that its report names as the first bad one.
std::optional<std::uint64_t> first_bad(const SampleHistory& history) {
    const std::string report = *read_file(history.folder().parent_path() / "keys.out");
    constexpr std::string_view kBefore = "the first bad entry is ";
    const auto at = report.rfind(kBefore);
    if (at == std::string::npos) return std::nullopt;
    std::string_view rest = std::string_view{report}.substr(at + kBefore.size());
    return parse_number<std::uint64_t>(take_until(rest, '\n'));
}

/// Its exit status: 0 verified, 1 not.
int independent(const fs::path& what, const SampleHistory& history, bool witnessed) {
    const fs::path keys = history.folder().parent_path() / "keys";
    std::ofstream{keys} << history.log_key().text() << "\n"
                        << (witnessed ? history.witness_key().text() : "") << "\n";
    const std::string command =
        fmt::format("python3 {}/packaging/verify/kentongan-verify.py --keys {} {} > {}.out 2>&1",
                    project_root().native(), keys.native(), what.native(), keys.native());
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::vector<fs::path> files_of(const fs::path& folder) {
    std::vector<fs::path> out;
    for (const auto& file : fs::recursive_directory_iterator{folder})
        if (file.is_regular_file()) out.push_back(file.path());
    std::ranges::sort(out);
    return out;
}

/// Flips a bit, cuts off, doubles or removes.
void alter(const fs::path& file, std::mt19937& random) {
    std::string content = *read_file(file);
    switch (random() % 4) {
        case 0:
            content[random() % content.size()] ^= static_cast<char>(1 << random() % 7);
            break;
        case 1:
            content.resize(random() % content.size());
            break;
        case 2:
            content += content;
            break;
        default:
            fs::remove(file);
            return;
    }
    std::ofstream{file, std::ios::trunc | std::ios::binary} << content;
}

TEST(IndependentVerifier, VerifiesAWholeHistoryAndPackage) {
    SampleHistory history{100};
    history.grow(600);
    EXPECT_EQ(independent(history.folder(), history, true), 0);
    SampleHistory other;
    const auto package = sample_package(other);
    ASSERT_TRUE(package);
    const fs::path file = other.folder().parent_path() / "package.zip";
    std::ofstream{file, std::ios::binary} << *package;
    EXPECT_EQ(independent(file, other, false), 0);
    EXPECT_EQ(independent(file, history, false), 1);
}

TEST(IndependentVerifier, FindsWhatOursFindsInAlteredHistories) {
    for (unsigned seed = 0; seed < 24; ++seed) {
        std::mt19937 random{seed};
        SampleHistory history{100};
        history.grow(600);
        const auto files = files_of(history.folder());
        const auto& file = files[random() % files.size()];
        alter(file, random);
        CheckOptions options = history.options();
        options.database = nullptr;  // of which it knows nothing
        const auto ours = check_history(options);
        ASSERT_TRUE(ours) << ours.error().message;
        EXPECT_FALSE(ours->problems.empty()) << seed << " " << file;
        EXPECT_EQ(independent(history.folder(), history, true), 1) << seed << " " << file;
        EXPECT_EQ(first_bad(history), ours->problems.first_bad_entry()) << seed << " " << file;
    }
}

TEST(IndependentVerifier, NamesTheSameFirstBadEntryOfAForgedHistory) {
    std::mt19937 random{7};
    for (int round = 0; round < 12; ++round) {
        SampleHistory history{1000};
        // Within tiles that are put back: behind them it would be a history without a
        // contradiction.
        const std::uint64_t at = random() % 768;
        SampleHistory forged;
        forged.key = history.key;
        forged.entries = history.entries;
        const auto place = forged.entries.begin() + static_cast<std::ptrdiff_t>(at);
        if (round % 4 == 0) *place += " ";
        if (round % 4 == 1) forged.entries.erase(place);
        if (round % 4 == 2) forged.entries.insert(place, "inserted");
        if (round % 4 == 3 && at != 7) std::swap(*place, forged.entries[7]);
        forged.grow(forged.entries.size());
        // The forger puts back the tiles that were genuine, or the bundles: either way it shows.
        fs::copy(history.folder() / (round % 8 < 4 ? "tile/0" : "tile/entries"),
                 forged.folder() / (round % 8 < 4 ? "tile/0" : "tile/entries"),
                 fs::copy_options::overwrite_existing | fs::copy_options::recursive);
        const CheckOptions options{.folder = forged.folder(), .keys = {forged.log_key()}};
        const auto ours = check_history(options);
        ASSERT_TRUE(ours) << ours.error().message;
        EXPECT_EQ(independent(forged.folder(), forged, false), 1) << round;
        EXPECT_EQ(first_bad(forged), ours->problems.first_bad_entry()) << round;
        if (round % 4 == 0) EXPECT_EQ(ours->problems.first_bad_entry(), at) << round;
    }
}

TEST(IndependentVerifier, FindsAnyAlteredByteOfAPackage) {
    SampleHistory history;
    const std::string package = *sample_package(history);
    std::mt19937 random{11};
    const fs::path file = history.folder().parent_path() / "package.zip";
    for (int round = 0; round < 24; ++round) {
        std::string changed = package;
        changed[random() % changed.size()] ^= static_cast<char>(1 << random() % 7);
        std::ofstream{file, std::ios::trunc | std::ios::binary} << changed;
        EXPECT_EQ(independent(file, history, false), 1);
        EXPECT_FALSE(check_package(changed, {history.log_key()}).problems.empty());
    }
}

TEST(IndependentVerifier, FindsARecordOrCopyThatIsNotWhatItsDigestSays) {
    SampleHistory history;
    const ArchiveFiles files = *read_archive(*sample_package(history));
    const fs::path file = history.folder().parent_path() / "package.zip";
    for (const auto& name : sample_evidence()) {
        std::ofstream{file, std::ios::trunc | std::ios::binary}
            << with_other_file(history, files, name, "another");
        EXPECT_EQ(independent(file, history, false), 1) << name;
        std::ofstream{file, std::ios::trunc | std::ios::binary}
            << with_other_file(history, files, name, files.at(name));
        EXPECT_EQ(independent(file, history, false), 0) << name;
    }
}

}  // namespace
}  // namespace kentongan::ledger
