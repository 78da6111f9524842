// packaging/verify/kentongan-verify.py, in another language and with nothing of ours, says the same
// as our own check of the same whole and altered histories and packages.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "tests/support/project.hpp"
#include "tests/unit/ledger/sample_package.hpp"

namespace kentongan::ledger {
namespace {

namespace fs = std::filesystem;

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
        EXPECT_FALSE(history.check().problems.empty()) << seed << " " << file;
        EXPECT_EQ(independent(history.folder(), history, true), 1) << seed << " " << file;
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

}  // namespace
}  // namespace kentongan::ledger
