#include "collectors/integrity/baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/integrity/baseline_file.hpp"
#include "tests/unit/collectors/integrity/scratch_folder.hpp"

namespace kentongan::integrity {
namespace {

using testing::HasSubstr;

Entry a_file(std::string_view content, std::uint32_t mode = 0644) {
    Entry out;
    out.mode = mode;
    out.size = content.size();
    out.mtime_ns = 1'732'683'600'123'456'789;
    out.ctime_ns = 1'732'683'600'123'456'790;
    out.inode = 42;
    out.hash = sha256(as_bytes(content));
    out.hashed = true;
    return out;
}

Baseline a_baseline() {
    Baseline out;
    out.id = 0xfeed;
    out.root = "/srv/www";
    out.time = *parse_rfc3339("2024-11-27T06:00:00Z");
    Entry folder;
    folder.type = FileType::folder;
    folder.mode = 0755;
    out.entries = {{"", folder}, {"a.php", a_file("a")}, {"b\nc", a_file("b")}};
    return out;
}

Delta a_delta(std::uint64_t generation, std::string path, std::optional<Entry> now) {
    return {generation,
            *parse_rfc3339("2024-11-27T07:00:00Z"),
            generation,
            {{std::move(path), std::nullopt, std::move(now)}}};
}

std::string encoded(const Baseline& baseline, std::vector<Delta> deltas = {}) {
    std::string out;
    const Writer write = [&](std::string_view piece) -> Result<> {
        out += piece;
        return {};
    };
    auto seal = encode_snapshot(baseline, write).value().seal;
    for (const Delta& delta : deltas) seal = encode_delta(delta, seal, write).value().seal;
    return out;
}

TEST(Baseline, ComesBackAsItWasWritten) {
    const auto stored = decode_baseline(as_bytes(encoded(a_baseline()))).value();
    EXPECT_EQ(stored.snapshot.root, "/srv/www");
    EXPECT_EQ(stored.snapshot.id, 0xfeedu);
    ASSERT_EQ(stored.snapshot.entries.size(), 3u);
    const Entry& entry = stored.snapshot.entries.at("b\nc");
    EXPECT_EQ(entry.hash, a_file("b").hash);
    EXPECT_EQ(entry.mtime_ns, a_file("b").mtime_ns);
    EXPECT_EQ(entry.inode, 42u);
}

TEST(Baseline, DeltasAddChangeAndRemove) {
    const auto bytes = encoded(
        a_baseline(), {a_delta(1, "a.php", a_file("changed")), a_delta(2, "new.php", a_file("new")),
                       a_delta(3, "b\nc", std::nullopt)});
    auto stored = decode_baseline(as_bytes(bytes)).value();
    ASSERT_EQ(stored.deltas.size(), 3u);
    for (Delta& delta : stored.deltas) apply(delta, stored.snapshot);
    EXPECT_EQ(stored.snapshot.entries.size(), 3u);
    EXPECT_EQ(stored.snapshot.entries.at("a.php").hash, a_file("changed").hash);
    EXPECT_EQ(stored.deltas[0].changes[0].previous->hash, a_file("a").hash);
    EXPECT_FALSE(stored.deltas[1].changes[0].previous);
    EXPECT_EQ(stored.snapshot.generation, 3u);
    EXPECT_EQ(stored.snapshot.positions, 3u);
}

TEST(Baseline, EveryFlippedByteOfASnapshotIsNoticed) {
    const std::string good = encoded(a_baseline());
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x10);
        EXPECT_FALSE(decode_baseline(as_bytes(bad))) << "byte " << i;
    }
}

TEST(Baseline, EveryCutOfASnapshotIsNoticed) {
    const std::string good = encoded(a_baseline());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(decode_baseline(as_bytes(good.substr(0, size)))) << size << " bytes";
}

TEST(Baseline, ATornDeltaIsLeftOutWithAllThatFollows) {
    const std::string one = encoded(a_baseline(), {a_delta(1, "x", a_file("x"))});
    const std::string two =
        encoded(a_baseline(), {a_delta(1, "x", a_file("x")), a_delta(2, "y", a_file("y"))});
    for (std::size_t size = one.size(); size < two.size(); ++size) {
        const auto stored = decode_baseline(as_bytes(two.substr(0, size))).value();
        EXPECT_EQ(stored.deltas.size(), 1u);
        EXPECT_EQ(stored.intact_bytes, one.size());
    }
}

TEST(Baseline, ADeltaOfAnotherBaselineDoesNotFit) {
    Baseline other = a_baseline();
    other.id = 1;
    const std::string mine = encoded(a_baseline());
    const std::string theirs = encoded(other, {a_delta(1, "x", a_file("x"))});
    const std::string mixed = mine + theirs.substr(encoded(other).size());
    EXPECT_TRUE(decode_baseline(as_bytes(mixed)).value().deltas.empty());
}

TEST(Baseline, PathsThatLeaveTheRootAreRefused) {
    for (const std::string path : {"../etc/passwd", "a/../b", "/etc", "a//b", "a/", "."}) {
        Baseline baseline = a_baseline();
        baseline.entries = {{path, a_file("x")}};
        const auto result = decode_baseline(as_bytes(encoded(baseline)));
        ASSERT_FALSE(result) << path;
        EXPECT_THAT(result.error().message, HasSubstr("leaves its folder"));
    }
}

TEST(BaselineFile, WithoutFileAndBookmarkThereIsNoState) {
    const ScratchFolder folder;
    BaselineFile file(folder / "web.baseline");
    EXPECT_FALSE(file.open("/srv/www", std::nullopt).value().state);
}

TEST(BaselineFile, DeltasBeyondTheBookmarkArePending) {
    const ScratchFolder folder;
    BaselineFile writer(folder / "b");
    ASSERT_TRUE(writer.write(a_baseline()));
    ASSERT_TRUE(writer.append(a_delta(1, "x", a_file("x"))));
    ASSERT_TRUE(writer.append(a_delta(2, "y", a_file("y"))));

    BaselineFile reader(folder / "b");
    const auto opened = reader.open("/srv/www", Progress{0xfeed, 1}).value();
    EXPECT_TRUE(opened.state->entries.contains("x"));
    ASSERT_EQ(opened.pending.size(), 1u);
    EXPECT_EQ(opened.pending[0].changes[0].path, "y");
    ASSERT_TRUE(reader.append(a_delta(3, "z", a_file("z"))));
    BaselineFile again(folder / "b");
    EXPECT_EQ(again.open("/srv/www", Progress{0xfeed, 3}).value().state->entries.size(), 6u);
}

TEST(BaselineFile, ATornEndIsCutOffAndWritingGoesOn) {
    const ScratchFolder folder;
    BaselineFile writer(folder / "b");
    ASSERT_TRUE(writer.write(a_baseline()));
    ASSERT_TRUE(writer.append(a_delta(1, "x", a_file("x"))));
    folder.append("b", "KFIMDELT and then the power failed");

    BaselineFile reader(folder / "b");
    ASSERT_TRUE(reader.open("/srv/www", Progress{0xfeed, 1}));
    ASSERT_TRUE(reader.append(a_delta(2, "y", a_file("y"))));
    BaselineFile again(folder / "b");
    EXPECT_EQ(again.open("/srv/www", Progress{0xfeed, 1}).value().pending.size(), 1u);
}

TEST(BaselineFile, DamageMissingExchangedAndForeignFilesAreErrorsWithARemedy) {
    const ScratchFolder folder;
    BaselineFile writer(folder / "b");
    ASSERT_TRUE(writer.write(a_baseline()));
    auto message = [&](std::string_view name, std::string_view root, Progress bookmark) {
        const auto result = BaselineFile(folder / name).open(root, bookmark);
        EXPECT_EQ(result.error().code, ErrorCode::data);
        EXPECT_THAT(result.error().message, HasSubstr((folder / name).native()));
        EXPECT_THAT(result.error().message, HasSubstr("empty file"));
        return result.error().message;
    };
    EXPECT_THAT(message("none", "/srv/www", {0xfeed, 0}), HasSubstr("is missing"));
    EXPECT_THAT(message("b", "/srv/www", {0xbad, 0}), HasSubstr("not the one"));
    EXPECT_THAT(message("b", "/srv/other", {0xfeed, 0}), HasSubstr("of the folder /srv/www"));
    EXPECT_THAT(message("b", "/srv/www", {0xfeed, 5}), HasSubstr("are lost"));
    folder.append("bad", "not a baseline");
    EXPECT_THAT(message("bad", "/srv/www", {0xfeed, 0}), HasSubstr("does not begin as one"));
}

TEST(BaselineFile, AnEmptyFileAsksForANewBaselineEvenWithABookmark) {
    const ScratchFolder folder;
    folder.write("b", "");
    EXPECT_FALSE(BaselineFile(folder / "b").open("/srv/www", Progress{1, 9}).value().state);
}

TEST(BaselineFile, AfterAFailedAppendOnlyARewriteHelps) {
    const ScratchFolder folder;
    BaselineFile file(folder / "b");
    ASSERT_TRUE(file.write(a_baseline()));
    folder.append("b", "somebody else's bytes");
    EXPECT_FALSE(file.append(a_delta(1, "x", a_file("x"))));
    EXPECT_TRUE(file.wants_rewrite());
    EXPECT_FALSE(file.append(a_delta(2, "y", a_file("y"))));
    ASSERT_TRUE(file.write(a_baseline()));
    EXPECT_TRUE(file.append(a_delta(1, "x", a_file("x"))));
    EXPECT_FALSE(file.wants_rewrite());
}

TEST(Progress, IsReadFromItsOwnJsonAndFromNothingElse) {
    const auto parsed = parse_progress(to_json(Progress{0xfeedbeeffeedbeef, 7}));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->id, 0xfeedbeeffeedbeefu);
    EXPECT_EQ(parsed->generation, 7u);
    for (const auto* bad : {"", "{", "[]", "{}", R"({"baseline":1,"generation":2})",
                            R"({"baseline":"xyz","generation":2})"})
        EXPECT_FALSE(parse_progress(bad)) << bad;
}

}  // namespace
}  // namespace kentongan::integrity
