#include "collectors/integrity/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kentongan::integrity {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Entry a_file(std::string_view content = "x") {
    Entry out;
    out.size = content.size();
    out.mtime_ns = 100;
    out.ctime_ns = 200;
    out.inode = 7;
    out.hash = sha256(as_bytes(content));
    out.hashed = true;
    return out;
}

Entry a_folder() {
    Entry out;
    out.type = FileType::folder;
    return out;
}

Listing listing_of(std::vector<Found> found) {
    Listing out;
    out.found = std::move(found);
    return out;
}

std::vector<std::string> told(const Comparison& comparison) {
    std::vector<std::string> out;
    for (const Change& change : comparison.changes)
        out.push_back(std::string(action_of(change)) + " " + change.path);
    return out;
}

bool would_hash(const Entry& known, Entry now) {
    now.hashed = false;
    Listing listing = listing_of({{"f", now}});
    choose_what_to_hash(listing, {{"f", known}}, false);
    return listing.found[0].needs_hash;
}

TEST(QuickCheck, AnUnchangedFileIsNotReadAgainAndKeepsItsHash) {
    Entry now = a_file();
    now.hash = {};
    now.hashed = false;
    Listing listing = listing_of({{"f", now}});
    choose_what_to_hash(listing, {{"f", a_file()}}, false);
    EXPECT_FALSE(listing.found[0].needs_hash);
    EXPECT_EQ(listing.found[0].entry.hash, a_file().hash);
    choose_what_to_hash(listing, {{"f", a_file()}}, true);
    EXPECT_TRUE(listing.found[0].needs_hash) << "a full scan trusts nothing";
}

TEST(QuickCheck, AnyOfSizeTimesAndInodeMakesAFileBeReadAgain) {
    EXPECT_FALSE(would_hash(a_file(), a_file()));
    Entry now = a_file();
    now.size = 2;
    EXPECT_TRUE(would_hash(a_file(), now));
    now = a_file();
    now.mtime_ns = 1;
    EXPECT_TRUE(would_hash(a_file(), now));
    now = a_file();
    now.ctime_ns = 1;
    EXPECT_TRUE(would_hash(a_file(), now));
    now = a_file();
    now.inode = 1;
    EXPECT_TRUE(would_hash(a_file(), now));
    Entry unread = a_file();
    unread.hashed = false;
    EXPECT_TRUE(would_hash(unread, a_file()));
}

TEST(Settle, AFileMadeUnreadableKeepsTheHashItHad) {
    Entry now = a_file();
    now.hashed = false;
    now.hash = {};
    Listing listing = listing_of({{"f", now}});
    settle(listing, {{"f", a_file("secret")}});
    EXPECT_TRUE(listing.found[0].entry.hashed);
    EXPECT_EQ(listing.found[0].entry.hash, a_file("secret").hash);
}

TEST(Compare, FilesUnderAFolderThatCouldNotBeListedAreNotRemoved) {
    Listing listing = listing_of({{"", a_folder()}, {"dir", a_folder()}});
    listing.unread = {"dir"};
    const Entries known{{"", a_folder()},
                        {"dir", a_folder()},
                        {"dir/a", a_file()},
                        {"dir/sub/b", a_file()},
                        {"dir2", a_file()}};
    EXPECT_THAT(told(compare(listing, known, {})), ElementsAre("removed dir2"));
}

TEST(Compare, NothingIsRemovedWhenTheListingIsIncomplete) {
    Listing listing = listing_of({{"", a_folder()}});
    listing.complete = false;
    EXPECT_THAT(told(compare(listing, {{"", a_folder()}, {"a", a_file()}}, {})), IsEmpty());
}

TEST(Compare, WhatIsExcludedByNowIsForgottenInSilence) {
    const auto out = compare(listing_of({{"", a_folder()}}),
                             {{"", a_folder()}, {"cache", a_folder()}, {"cache/x", a_file()}},
                             Exclusions{{"cache"}});
    EXPECT_THAT(told(out), IsEmpty());
    EXPECT_THAT(out.forgotten, ElementsAre("cache", "cache/x"));
}

TEST(Compare, OnlyBookkeepingThatDiffersIsRefreshedAndNotTold) {
    Entry now = a_file();
    now.ctime_ns = 999;
    const auto out = compare(listing_of({{"f", now}}), {{"f", a_file()}}, {});
    EXPECT_THAT(told(out), IsEmpty());
    ASSERT_EQ(out.refreshed.size(), 1u);
    EXPECT_EQ(out.refreshed[0].entry.ctime_ns, 999);
}

TEST(Compare, AFileReplacedByALinkIsModified) {
    Entry link;
    link.type = FileType::symlink;
    link.target = "/tmp/x";
    const auto out = compare(listing_of({{"f", link}}), {{"f", a_file()}}, {});
    EXPECT_THAT(told(out), ElementsAre("modified f"));
}

const Entries kKnown{{"", a_folder()},         {"a", a_folder()},   {"a!", a_file()},
                     {"a/f", a_file()},        {"a/s", a_folder()}, {"a/s/deep", a_file()},
                     {"a/s/deeper", a_file()}, {"b", a_folder()},   {"b/f", a_file()}};

TEST(CompareOfSomeFolders, SpeaksOnlyOfTheseFoldersAndNotOfWhatIsBelow) {
    const Folders folders{{"a", false}};
    const auto out = compare(listing_of({{"a/s", a_folder()}}), kKnown, {}, &folders);
    EXPECT_THAT(told(out), ElementsAre("removed a/f"));
}

TEST(CompareOfSomeFolders, ARemovedFolderTakesAllBelowItAlong) {
    const Folders folders{{"a", false}};
    const auto out = compare(listing_of({{"a/f", a_file()}}), kKnown, {}, &folders);
    EXPECT_THAT(told(out), ElementsAre("removed a/s", "removed a/s/deep", "removed a/s/deeper"));
}

TEST(CompareOfSomeFolders, ADeepFolderIsComparedToTheBottom) {
    const Folders folders{{"a", true}};
    const auto out =
        compare(listing_of({{"a/f", a_file()}, {"a/s", a_folder()}}), kKnown, {}, &folders);
    EXPECT_THAT(told(out), ElementsAre("removed a/s/deep", "removed a/s/deeper"));
}

TEST(CompareOfSomeFolders, TheRootsOwnFilesAreSeenAndAGoneFolderIsLeftToItsParent) {
    const Folders folders{{"", false}, {"b", false}};
    Listing listing = listing_of({{"", a_folder()}, {"a", a_folder()}, {"b", a_folder()}});
    listing.gone = {"b"};
    EXPECT_THAT(told(compare(listing, kKnown, {}, &folders)), ElementsAre("removed a!"));
}

TEST(Exclusions, NamesMatchAtAnyDepthAndPathsFromTheRoot) {
    const Exclusions exclude{{"*.log", "/cache/*", "build/**", "[bad"}};
    EXPECT_TRUE(exclude.match("x.log"));
    EXPECT_TRUE(exclude.match("deep/down/x.log"));
    EXPECT_TRUE(exclude.match("cache/x"));
    EXPECT_FALSE(exclude.match("cache"));
    EXPECT_FALSE(exclude.match("cache/x/y"));
    EXPECT_TRUE(exclude.cover("cache/x/y"));
    EXPECT_TRUE(exclude.match("build/a/b/c"));
    EXPECT_FALSE(exclude.match("src/build.c"));
    EXPECT_FALSE(exclude.match(""));
}

}  // namespace
}  // namespace kentongan::integrity
