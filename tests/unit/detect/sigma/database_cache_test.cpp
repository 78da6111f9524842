#include "daemon/detect/sigma/database_cache.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "daemon/base/file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

namespace fs = std::filesystem;

/// So many that compiling takes long enough to be worth keeping.
std::vector<ScanPattern> many_patterns(int salt = 0) {
    std::vector<ScanPattern> out;
    for (int i = 0; i < 200; ++i) {
        ScanPattern pattern;
        pattern.text = "needle" + std::to_string(i * 7919 + salt) + ".*end" + std::to_string(i);
        pattern.once = true;
        out.push_back(pattern);
    }
    return out;
}

bool finds(const ScanDatabase& database, std::string_view text) {
    ScanScratch scratch;
    scratch.make_room_for(database);
    bool found = false;
    database.scan(text, scratch, [&](std::size_t, std::size_t) { found = true; });
    return found;
}

struct DatabaseCacheTest : testing::Test {
    fs::path folder() const { return temporary_ / "cache"; }
    std::vector<fs::path> files() const {
        std::vector<fs::path> out;
        for (const auto& entry : fs::directory_iterator(folder())) out.push_back(entry.path());
        return out;
    }
    /// What another process would do with the folder as it is.
    DatabaseCache::Counts ask() const {
        DatabaseCache cache(folder());
        const auto database = cache.database_of(many_patterns());
        EXPECT_TRUE(database != nullptr && finds(*database, "a needle7919 and end1"));
        EXPECT_FALSE(finds(*database, "a needle7919 and end2"));
        return cache.counts();
    }

    TemporaryFolder temporary_;
};

TEST_F(DatabaseCacheTest, WhatOneProcessCompiledTheNextReads) {
    const auto first = ask();
    EXPECT_EQ(first.compiled, 1u);
    EXPECT_EQ(first.written, 1u);
    const auto second = ask();
    EXPECT_EQ(second.compiled, 0u);
    EXPECT_EQ(second.read, 1u);
    struct stat facts{};
    ASSERT_EQ(::stat(files().at(0).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST_F(DatabaseCacheTest, EqualPatternsAreOneDatabase) {
    DatabaseCache cache;
    const auto one = cache.database_of(many_patterns());
    EXPECT_EQ(one, cache.database_of(many_patterns()));
    EXPECT_NE(one, cache.database_of(many_patterns(1)));
    EXPECT_EQ(cache.counts().compiled, 2u);
}

TEST_F(DatabaseCacheTest, DamagedFilesArePassedOverAndWrittenAnew) {
    ask();
    const fs::path file = files().at(0);
    const std::string whole = read_file(file).value();
    for (const auto& damaged :
         {whole.substr(0, whole.size() / 2), std::string("old format\n"), std::string{},
          whole.substr(0, whole.size() - 1) + static_cast<char>(whole.back() ^ 1)}) {
        ASSERT_TRUE(write_file(file, damaged));
        const auto counts = ask();
        EXPECT_EQ(counts.compiled, 1u);
        EXPECT_EQ(counts.written, 1u);
        EXPECT_EQ(read_file(file).value(), whole);
    }
}

TEST_F(DatabaseCacheTest, WhatOthersMayWriteIsNotRead) {
    ask();
    const fs::path file = files().at(0);
    fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
    EXPECT_EQ(ask().read, 0u);
    fs::permissions(file, fs::perms::group_write, fs::perm_options::remove);
    fs::permissions(folder(), fs::perms::others_write, fs::perm_options::add);
    const auto open = ask();
    EXPECT_EQ(open.read, 0u);
    EXPECT_EQ(open.written, 0u);
    fs::permissions(folder(), fs::perms::others_write, fs::perm_options::remove);
    EXPECT_EQ(ask().read, 1u);
    fs::rename(file, temporary_ / "elsewhere");
    fs::create_symlink(temporary_ / "elsewhere", file);
    EXPECT_EQ(ask().read, 0u);
}

TEST_F(DatabaseCacheTest, AFolderThatCannotBeMadeCostsTimeOnly) {
    ASSERT_TRUE(write_file(temporary_ / "cache", "a file"));
    const auto counts = ask();
    EXPECT_EQ(counts.compiled, 1u);
    EXPECT_EQ(counts.written, 0u);
}

TEST_F(DatabaseCacheTest, RulesFromTheCacheMatchAsThoseCompiled) {
    std::string values;
    for (int i = 0; i < 3000; ++i) values += "needle" + std::to_string(i * 7919) + ", ";
    const std::string text = rule_text("s: {a|contains: [" + values + "x]}\ncondition: s");
    ASSERT_TRUE(write_file(temporary_ / "rule.yml", text));
    const Event event = an_event().from({"test", "", ""}).with("a", "a needle7919!").build();
    for (const std::uint64_t read : {0u, 1u}) {
        std::vector<RuleStatus> statuses;
        const auto rules =
            Ruleset::load({temporary_ / "rule.yml"}, statuses, {{}, nullptr, temporary_ / "cache"});
        EXPECT_TRUE(rule_holds(rules, event));
        EXPECT_EQ(rules.plans().counts().read, read);
    }
}

}  // namespace
}  // namespace kentongan::sigma
