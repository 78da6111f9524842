#include "daemon/ledger/package.hpp"

#include <gtest/gtest.h>

#include "tests/unit/ledger/sample_package.hpp"

namespace kentongan::ledger {
namespace {

TEST(Archive, EveryByteIsAccountedFor) {
    const ArchiveFiles files{{"a.txt", "one"}, {"b/c.txt", ""}, {"d", std::string(1000, 'x')}};
    const auto bytes = write_archive(files);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(*read_archive(*bytes), files);
    for (std::size_t at = 0; at < bytes->size(); ++at) {
        std::string changed = *bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        const auto read = read_archive(changed);
        EXPECT_TRUE(!read || *read != files) << "byte " << at;
    }
    for (std::size_t size = 0; size < bytes->size(); ++size)
        EXPECT_FALSE(read_archive(bytes->substr(0, size)));
    EXPECT_FALSE(read_archive(*bytes + "x"));
}

TEST(Archive, NamesThatLeaveTheFolderAreRefused) {
    for (const auto* name : {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "a\\b", "a b"})
        EXPECT_FALSE(write_archive({{name, "x"}})) << name;
}

TEST(Package, VerifiesWithTheListOfKeysAlone) {
    SampleHistory history;
    const auto package = sample_package(history);
    ASSERT_TRUE(package) << package.error().message;
    const auto check = check_package(*package, {history.log_key()});
    EXPECT_TRUE(check.problems.empty()) << told(check.problems);
    EXPECT_EQ(check.alerts, std::vector<std::string>{sample_alert(1).id});
    const auto files = read_archive(*package);
    EXPECT_TRUE(files->contains("alerts/" + sample_alert(1).id + "/entries/301.json"));
    EXPECT_TRUE(files->contains("alerts/" + sample_alert(1).id + "/evidence/001.txt"));
    EXPECT_TRUE(files->at("cover.html").contains("&lt;Sample&gt; &amp; rule"));
    EXPECT_TRUE(files->at("COVER.txt").contains("Paket bukti"));
    EXPECT_EQ(files->at("kentongan-verify.py"), verifier_program());
}

TEST(Package, HoldsTheClockOfTheAlertsMinuteAndWhoOpenedAndTookIt) {
    SampleHistory history;
    const auto files = read_archive(*sample_package(history));
    ASSERT_TRUE(files);
    EXPECT_TRUE(files->contains("coverage/entries/305.tlog-proof"));
    EXPECT_FALSE(files->contains("coverage/entries/306.json")) << "another minute";
    EXPECT_TRUE(files->contains("case/entries/304.tlog-proof"));
    EXPECT_TRUE(files->at("clock.json").contains(R"("entry":305)")) << files->at("clock.json");
    const std::string& custody = files->at("custody.json");
    for (const auto* act : {R"({"entry":301,)", R"({"entry":302,)", R"({"entry":303,)",
                            R"({"entry":304,)", R"("handover")", R"("reading")"})
        EXPECT_TRUE(custody.contains(act)) << act << custody;
}

TEST(Package, ARecordOrCopyThatIsNotWhatItsDigestSaysIsFoundUnderAGoodManifest) {
    SampleHistory history;
    const ArchiveFiles files = *read_archive(*sample_package(history));
    for (const auto& name : sample_evidence()) {
        ASSERT_TRUE(files.contains(name)) << name;
        const auto check =
            check_package(with_other_file(history, files, name, "another"), {history.log_key()});
        ASSERT_EQ(check.problems.count(), 1u) << told(check.problems);
        EXPECT_TRUE(told(check.problems).contains(name)) << told(check.problems);
    }
}

TEST(EntryProof, IsOfTheNewestPublishedEntryAboutAnAlert) {
    SampleHistory history;
    ASSERT_TRUE(sample_package(history));  // its entries about the alert are 300 and 301
    const std::string id = sample_alert(1).id;
    const auto proof = prove_newest(history.folder(), {300, 301, 5000}, id);
    ASSERT_TRUE(proof) << proof.error().message;
    EXPECT_EQ(proof->entry.index, 301u);
    EXPECT_EQ(proof->entry.entry, history.entries[301]);
    const Checkpoint& head = proof->checkpoint.checkpoint;
    EXPECT_TRUE(
        verify_inclusion(leaf_hash(proof->entry.entry), 301, head.size, proof->hashes, head.root));
    EXPECT_EQ(prove_newest(history.folder(), {5000}, id).error().code, ErrorCode::no_input);
    EXPECT_EQ(prove_newest(history.folder(), {}, id).error().code, ErrorCode::no_input);
    EXPECT_EQ(prove_newest(history.folder(), {7}, id).error().code, ErrorCode::data)
        << "the database points at an entry of something else";
}

TEST(Package, AnotherKeyDoesNotVerifyIt) {
    SampleHistory history;
    const auto package = sample_package(history);
    const SampleHistory other{1};
    EXPECT_FALSE(check_package(*package, {other.log_key()}).problems.empty());
    EXPECT_FALSE(check_package(*package, {}).problems.empty());
}

TEST(Package, AnyChangedFileIsFoundEvenInANewArchive) {
    SampleHistory history;
    const auto files = read_archive(*sample_package(history));
    for (const auto& [name, content] : *files) {
        ArchiveFiles changed = *files;
        changed[name] += " ";
        EXPECT_FALSE(check_package(*write_archive(changed), {history.log_key()}).problems.empty())
            << name;
        changed.erase(name);
        EXPECT_FALSE(check_package(*write_archive(changed), {history.log_key()}).problems.empty())
            << name;
    }
    ArchiveFiles more = *files;
    more["extra.txt"] = "x";
    EXPECT_FALSE(check_package(*write_archive(more), {history.log_key()}).problems.empty());
}

TEST(Package, AnEntryThatIsNotPublishedYetIsAnError) {
    const SampleHistory history{5};
    PackageRequest request;
    request.alerts.push_back({.id = "x", .json = "{}", .salts = {}, .entries = {{5, "{}"}}});
    const auto package = make_package(request, history.folder(), &history.key);
    ASSERT_FALSE(package);
    EXPECT_EQ(package.error().code, ErrorCode::data);
}

}  // namespace
}  // namespace kentongan::ledger
