#include "daemon/pipeline/history_settings.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "daemon/base/digest.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

TEST(RulesDigest, NamesTheFilesThatAreNewGoneOrAnother) {
    const TemporaryFolder folder;
    const auto write = [&](const char* name, const char* text) {
        std::ofstream{folder / name} << text;
    };
    RuleSettings rules;
    rules.paths = {folder / ""};
    write("a.yml", "one");
    write("b.yml", "two");
    write("c.yml", "three");
    const auto before = rules_digest(rules);
    EXPECT_EQ(before.files.size(), 3u);
    EXPECT_TRUE(changed_files(before.files, rules_digest(rules).files).empty());
    write("a.yml", "another");
    std::filesystem::remove(folder / "b.yml");
    write("d.yml", "new");
    const auto after = rules_digest(rules);
    EXPECT_NE(after.sha256, before.sha256);
    const auto changed = changed_files(before.files, after.files);
    ASSERT_EQ(changed.size(), 3u);
    EXPECT_TRUE(changed[0].file.ends_with("a.yml"));
    EXPECT_EQ(changed[0].before, sha256_hex("one"));
    EXPECT_EQ(changed[0].after, sha256_hex("another"));
    EXPECT_EQ(changed[1].after, "");
    EXPECT_EQ(changed[2].before, "");
}

}  // namespace
}  // namespace kentongan
