// Somebody with root alters files of a history or of a package at random: every time it is found.
// KENTONGAN_TAMPERINGS sets how many times; 100 when it is not set.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "daemon/base/text.hpp"
#include "tests/unit/ledger/sample_package.hpp"

namespace kentongan::ledger {
namespace {

namespace fs = std::filesystem;

int times() {
    const char* given = std::getenv("KENTONGAN_TAMPERINGS");
    return given == nullptr ? 100 : parse_number<int>(given).value_or(100);
}

struct Files {
    explicit Files(const fs::path& folder) {
        for (const auto& file : fs::recursive_directory_iterator{folder})
            if (file.is_regular_file()) all.push_back(file.path());
        std::ranges::sort(all);
        for (const auto& file : all) contents.push_back(*read_file(file));
    }
    void restore() const {
        for (std::size_t i = 0; i < all.size(); ++i) put(all[i], contents[i]);
    }
    static void put(const fs::path& file, const std::string& content) {
        std::ofstream{file, std::ios::trunc | std::ios::binary} << content;
    }
    std::vector<fs::path> all;
    std::vector<std::string> contents;
};

/// A content that is another one, and says how it was made.
std::string altered(std::string content, std::mt19937& random, std::string& how) {
    const std::string before = content;
    const auto at = [&] { return random() % content.size(); };
    while (content == before) {
        const auto kind = random() % 6;
        how = fmt::format("kind {}", kind);
        if (kind == 0) content[at()] ^= static_cast<char>(1 << random() % 7);
        if (kind == 1) content.resize(at());
        if (kind == 2) content.insert(at(), 1 + random() % 40, 'x');
        if (kind == 3) content.erase(at(), 1 + random() % 40);
        if (kind == 4) std::swap(content[at()], content[at()]);
        if (kind == 5) content += content.substr(at());
        if (content.empty() && before.empty()) content = "x";
        if (content.empty() && kind != 1) content = before;
    }
    return content;
}

TEST(Tamper, EveryAlteredFileOfAHistoryIsFound) {
    SampleHistory history{100};
    history.grow(70'000);
    const Files files{history.folder()};
    ASSERT_TRUE(history.check().problems.empty()) << told(history.check().problems);
    std::mt19937 random{1};
    for (int round = 0; round < times(); ++round) {
        const std::size_t which = random() % files.all.size();
        std::string how = "removed";
        if (random() % 8 == 0)
            fs::remove(files.all[which]);
        else
            Files::put(files.all[which], altered(files.contents[which], random, how));
        EXPECT_FALSE(history.check().problems.empty())
            << "round " << round << ", " << files.all[which] << " " << how;
        Files::put(files.all[which], files.contents[which]);
    }
}

TEST(Tamper, EveryHistoryRewrittenUnderTheStolenKeyIsFound) {
    SampleHistory history{1000};
    const Files genuine{history.folder()};
    std::mt19937 random{2};
    for (int round = 0; round < times(); ++round) {
        SampleHistory forged;
        forged.key = history.key;  // root has it; the witness's it has not
        forged.entries = history.entries;
        const std::size_t at = random() % 1000;
        switch (random() % 4) {
            case 0:
                forged.entries[at] += " ";
                break;
            case 1:
                forged.entries.erase(forged.entries.begin() + static_cast<std::ptrdiff_t>(at));
                break;
            case 2:
                forged.entries.insert(forged.entries.begin() + static_cast<std::ptrdiff_t>(at),
                                      "inserted");
                break;
            default:
                forged.entries.resize(1 + at % 999);
        }
        const auto log = forged.entries.size();
        forged.grow(log);
        CheckOptions options = forged.options();
        options.keys = {history.log_key(), history.witness_key()};
        const fs::path kept = fs::path(kCosignedFolder) / to_hex(history.witness_key().id);
        fs::copy_file(history.folder() / kept, forged.folder() / kept,
                      fs::copy_options::overwrite_existing);
        EXPECT_FALSE(check_history(options)->problems.empty()) << round;
        options.keys = {history.log_key()};
        options.older = {history.checkpoint()};
        EXPECT_FALSE(check_history(options)->problems.empty()) << round;
    }
}

TEST(Tamper, EveryAlteredPackageIsFound) {
    SampleHistory history;
    const std::string package = *sample_package(history);
    const ArchiveFiles files = *read_archive(package);
    const std::vector<VerifierKey> keys{history.log_key()};
    ASSERT_TRUE(check_package(package, keys).problems.empty());
    std::mt19937 random{3};
    for (int round = 0; round < times(); ++round) {
        std::string how;
        EXPECT_FALSE(check_package(altered(package, random, how), keys).problems.empty())
            << round << " " << how;
        // The same in a file of it, with the archive made anew around it.
        ArchiveFiles changed = files;
        const auto which =
            std::next(changed.begin(), static_cast<std::ptrdiff_t>(random() % changed.size()));
        which->second = altered(which->second, random, how);
        EXPECT_FALSE(check_package(*write_archive(changed), keys).problems.empty())
            << round << " " << which->first << " " << how;
    }
}

}  // namespace
}  // namespace kentongan::ledger
