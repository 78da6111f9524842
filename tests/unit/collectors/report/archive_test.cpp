// What the intake keeps on disk: journal, photographs, key, tickets.
#include "collectors/report/archive.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ArchiveTest : public testing::Test {
  protected:
    TemporaryFolder folder;
    Options options = [this] {
        Options out;
        out.folder = folder / "reports";
        return out;
    }();

    std::shared_ptr<Archive> open() {
        auto out = Archive::open(options);
        EXPECT_TRUE(out) << (out ? "" : out.error().message);
        return out ? *out : nullptr;
    }
    static Report a_report(std::string ticket) {
        Report out;
        out.ticket = std::move(ticket);
        out.category = "numbers";
        out.received = parse_rfc3339("2024-11-27T10:00:00.123456789Z").value();
        out.sender = "5f0c";
        out.tps = "3171011006001";
        out.happened = parse_rfc3339("2024-11-27T09:00:00Z");
        out.text = "kata \"dalam\" kutip\nbaris kedua";
        out.photos = {{"KT-1.jpg", "ab", 12}};
        return out;
    }
    static mode_t mode_of(const std::filesystem::path& path) {
        struct stat status{};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 0777;
    }
};

TEST_F(ArchiveTest, AReportIsReadAgainAsItWasWritten) {
    const Report report = a_report("KT-7Q2M-9XKD");
    const std::string json = to_json(report);
    const std::string line = report_line(7, "c0ffee", json);
    const auto entry = read_entry(std::string_view(line).substr(0, line.size() - 1));
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->sequence, 7u);
    EXPECT_EQ(entry->key, "c0ffee");
    EXPECT_EQ(entry->report, json);
    const auto again = report_from_json(entry->report);
    ASSERT_TRUE(again);
    EXPECT_EQ(to_json(*again), json);
    EXPECT_EQ(again->received, report.received);
    EXPECT_EQ(again->photos.at(0).bytes, 12u);
}

TEST_F(ArchiveTest, LinesThatAreNeitherAreNone) {
    for (const std::string_view line :
         {"", "{", "{\"seq\":0,\"key\":\"a\",\"report\":{}}", "{\"seq\":x", "{\"seq\":1",
          "{\"seq\":1,\"key\":\"a", "{\"seq\":1,\"key\":\"a\",\"report\":{", "{\"ticket\":1}", "[]",
          "{\"seq\":99999999999999999999999,\"key\":\"a\",\"report\":{}}"})
        EXPECT_FALSE(read_entry(line)) << line;
}

TEST_F(ArchiveTest, KnowsAfterARestartWhatWasNotCommitted) {
    {
        const auto archive = open();
        for (std::uint64_t i = 1; i <= 3; ++i)
            ASSERT_TRUE(archive->journal.append(report_line(
                i, Tickets::hash_of("SECRET"), to_json(a_report(fmt::format("KT-{}", i))))));
        ASSERT_TRUE(archive->journal.append(quarantine_line("KT-2", "KT-2-1.jpg")));
    }
    options.bookmark = bookmark_of(1);
    const auto archive = open();
    EXPECT_EQ(archive->sequence, 3u);
    ASSERT_EQ(archive->pending.size(), 2u);
    EXPECT_EQ(archive->pending[0].sequence, 2u);
    EXPECT_EQ(archive->pending[0].line + "\n",
              report_line(2, Tickets::hash_of("SECRET"), to_json(a_report("KT-2"))));
    ASSERT_NE(archive->tickets.find("kt 2", "secret"), nullptr);
    EXPECT_EQ(archive->tickets.find("KT-2", "SECRET")->quarantined, 1u);
    EXPECT_EQ(archive->tickets.find("KT-2", "SECRET")->photos, 0u);
    EXPECT_EQ(archive->tickets.find("KT-2", "OTHER"), nullptr);
    EXPECT_EQ(archive->tickets.find("KT-9", "SECRET"), nullptr);
}

TEST_F(ArchiveTest, AHalfWrittenLineIsCutOff) {
    const std::string whole = report_line(1, "k", to_json(a_report("KT-1")));
    open();
    ASSERT_TRUE(write_file(options.folder / "reports.ndjson", whole + "{\"seq\":2,\"key\":\"k"));
    {
        const auto archive = open();
        EXPECT_EQ(archive->sequence, 1u);
        ASSERT_TRUE(archive->journal.append(report_line(2, "k", to_json(a_report("KT-2")))));
    }
    EXPECT_EQ(open()->pending.size(), 2u);
}

TEST_F(ArchiveTest, NobodyElseCanReadWhatIsKept) {
    const auto archive = open();
    ASSERT_TRUE(archive->journal.append(report_line(1, "k", to_json(a_report("KT-1")))));
    const auto kept = archive->photos->keep("KT-1", {a_jpeg()});
    EXPECT_EQ(mode_of(options.folder), 0700u);
    EXPECT_EQ(mode_of(options.folder / "reports.ndjson"), 0600u);
    EXPECT_EQ(mode_of(options.folder / "key"), 0600u);
    EXPECT_EQ(mode_of(options.folder / "photos"), 0700u);
    EXPECT_EQ(mode_of(options.folder / "photos" / kept.photos.at(0).name), 0600u);
}

TEST_F(ArchiveTest, PhotographsAreCleanedNamedAndHashed) {
    const auto archive = open();
    const auto kept = archive->photos->keep(
        "KT-1", {a_jpeg(exif(1, "6.1754S")), "not a picture", a_png(), a_jpeg().substr(0, 50)});
    EXPECT_THAT(kept.refused, ElementsAre("unsupported", "damaged"));
    ASSERT_EQ(kept.photos.size(), 2u);
    EXPECT_EQ(kept.photos[0].name, "KT-1-1.jpg");
    EXPECT_EQ(kept.photos[1].name, "KT-1-2.png");
    const auto written = read_file(options.folder / "photos" / "KT-1-1.jpg");
    EXPECT_EQ(written, a_jpeg());
    EXPECT_EQ(kept.photos[0].sha256, sha256_hex(a_jpeg()));
    EXPECT_EQ(archive->photos->bytes(), a_jpeg().size() + a_png().size());
}

TEST_F(ArchiveTest, BeyondTheQuotaReportsComeWithoutPhotographs) {
    options.photos_bytes = a_jpeg().size() + 10;
    EXPECT_THAT(open()->photos->keep("KT-1", {a_jpeg(), a_jpeg()}).refused, ElementsAre("quota"));
    EXPECT_THAT(open()->photos->keep("KT-2", {a_jpeg()}).refused,
                ElementsAre("quota"));  // restarted
}

TEST_F(ArchiveTest, WhatIsSetAsideCanBeReadByNobody) {
    const auto archive = open();
    (void)archive->photos->keep("KT-1", {a_jpeg()});
    ASSERT_TRUE(archive->photos->quarantine("KT-1-1.jpg"));
    EXPECT_FALSE(std::filesystem::exists(options.folder / "photos" / "KT-1-1.jpg"));
    EXPECT_EQ(mode_of(options.folder / "quarantine" / "KT-1-1.jpg"), 0u);
    EXPECT_FALSE(archive->photos->quarantine("KT-1-1.jpg"));
}

TEST_F(ArchiveTest, PseudonymsLastOverARestartAndDifferByInstallation) {
    const std::string one = open()->key.seal("address", "203.0.113.9", 24);
    EXPECT_EQ(one.size(), 24u);
    EXPECT_EQ(open()->key.seal("address", "203.0.113.9", 24), one);
    EXPECT_NE(open()->key.seal("contact", "203.0.113.9", 24), one);
    std::filesystem::remove(options.folder / "key");
    EXPECT_NE(open()->key.seal("address", "203.0.113.9", 24), one);
    ASSERT_TRUE(write_file(options.folder / "key", "short"));
    EXPECT_FALSE(Archive::open(options));
}

TEST_F(ArchiveTest, OldTicketsMakeRoom) {
    Tickets tickets{2};
    for (const auto* ticket : {"KT-1", "KT-2", "KT-3"})
        tickets.add(a_report(ticket), Tickets::hash_of("s"));
    EXPECT_EQ(tickets.size(), 2u);
    EXPECT_EQ(tickets.find("KT-1", "s"), nullptr);
    EXPECT_NE(tickets.find("KT-3", "s"), nullptr);
}

TEST(TicketCodes, AreReadAsPeopleTypeThem) {
    EXPECT_EQ(normal_code("kt-7q2m 9xkd"), "KT7Q2M9XKD");
    EXPECT_EQ(normal_code("KT-OIL1"), "KT0111");
    const std::string ticket = new_ticket().value();
    EXPECT_EQ(ticket.size(), 12u);
    EXPECT_NE(ticket, new_ticket().value());
    EXPECT_EQ(new_secret().value().size(), 19u);
}

}  // namespace
}  // namespace kentongan::report
