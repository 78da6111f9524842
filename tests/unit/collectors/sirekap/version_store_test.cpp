#include "collectors/sirekap/version_store.hpp"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.hpp"

namespace kentongan::sirekap {
namespace {

constexpr std::uint64_t kPlenty = 1 << 20;

VersionStore open(const TemporaryFolder& folder, std::uint64_t quota = kPlenty) {
    return VersionStore::open(folder / "kept", quota).value();
}
KeptVersion a_version(std::string node, std::string ts = "2024-11-28 01:00:00",
                      std::string etag = "\"a\"") {
    return {std::move(node), {}, std::move(ts), std::move(etag), "", 0};
}
/// Text that does not compress.
std::string noise(unsigned seed) {
    std::string out;
    for (unsigned i = 0; i < 4000; ++i)
        out += static_cast<char>('0' + (seed = seed * 1103515245 + 12345) / 65536 % 64);
    return out;
}

TEST(VersionStore, KeepsVersionsOverARestart) {
    const TemporaryFolder folder;
    {
        VersionStore store = open(folder);
        ASSERT_TRUE(store.keep(a_version("31"), "one"));
        ASSERT_TRUE(store.keep(a_version("31", "2024-11-28 01:15:00", "\"b\"\t\n"), "two"));
        ASSERT_TRUE(store.keep(a_version("3171"), "two"));
    }
    const VersionStore store = open(folder);
    const KeptVersion* newest = store.newest("31");
    ASSERT_NE(newest, nullptr);
    EXPECT_EQ(newest->ts, "2024-11-28 01:15:00");
    EXPECT_EQ(newest->etag, "\"b\"  ");
    EXPECT_EQ(store.read(newest->sha256), "two");
    EXPECT_EQ(store.newest("3171")->sha256, newest->sha256);
    EXPECT_EQ(store.newest("32"), nullptr);
    EXPECT_EQ(store.all_newest().size(), 2u);
}

TEST(VersionStore, ReplacedVersionsMakeRoomFirst) {
    const TemporaryFolder folder;
    VersionStore store = open(folder, 12'000);
    ASSERT_TRUE(store.keep(a_version("3101"), noise(1)));
    const std::string first = store.newest("3101")->sha256;
    for (unsigned i = 2; i < 8; ++i) ASSERT_TRUE(store.keep(a_version("3171"), noise(i)));
    EXPECT_LE(store.bytes(), 12'000u);
    EXPECT_GT(store.dropped(), 0u);
    EXPECT_EQ(store.read(first), noise(1)) << "the only version of its file";
    EXPECT_EQ(store.read(store.newest("3171")->sha256), noise(7));
}

TEST(VersionStore, TheQuotaHoldsEvenForNewestVersions) {
    const TemporaryFolder folder;
    VersionStore store = open(folder, 12'000);
    for (unsigned i = 0; i < 20; ++i)
        ASSERT_TRUE(store.keep(
            a_version(std::to_string(3100 + i), "2024-11-28 01:00:" + std::to_string(10 + i)),
            noise(i)));
    EXPECT_LE(store.bytes(), 12'000u);
    EXPECT_EQ(store.newest("3100"), nullptr);
    EXPECT_NE(store.newest("3119"), nullptr);
    EXPECT_LE(open(folder, 12'000).bytes(), 12'000u);
}

TEST(VersionStore, WhatIsDamagedIsAnErrorAndWhatIsTornIsLeftOut) {
    const TemporaryFolder folder;
    VersionStore store = open(folder);
    ASSERT_TRUE(store.keep(a_version("31"), "one"));
    ASSERT_TRUE(store.keep(a_version("32"), "two"));
    const std::string hash = store.newest("31")->sha256;
    const auto path = folder / ("kept/" + hash.substr(0, 2) + "/" + hash + ".json.zst");
    auto bytes = read_file(path).value();
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    ASSERT_TRUE(write_file(path, bytes));
    EXPECT_FALSE(store.read(hash));
    ASSERT_TRUE(write_file(folder / "kept/index.tsv",
                           read_file(folder / "kept/index.tsv").value() + "31\tnonsense\n\n33\t"));
    EXPECT_EQ(open(folder).all_newest().size(), 2u);
    EXPECT_FALSE(store.read("../../etc/passwd"));
}

}  // namespace
}  // namespace kentongan::sirekap
