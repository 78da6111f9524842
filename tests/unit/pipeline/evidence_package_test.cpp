// A package out of a store, a history and what is still kept: rule, records, copies, coverage.
#include "daemon/pipeline/evidence_package.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "collectors/packet/file/file_archive.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/ledger/publisher.hpp"
#include "daemon/pipeline/alert_sealer.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const Timestamp kSeen = *parse_rfc3339("2024-11-27T09:31:05Z");
constexpr std::string_view kRule = "title: A rule\nid: 0f0f0f0f-1111\n";
constexpr std::string_view kLine = "Failed password for \x01 root\xff";
constexpr std::string_view kTrace = "Exception in upload\n  at one\n  at two";
constexpr std::string_view kFile = "\x89PNG a form";

void write(const fs::path& path, std::string_view text) {
    std::ofstream{path, std::ios::trunc | std::ios::binary} << text;
}

class EvidencePackage : public ::testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(folder_ / "rules");
        write(rule_file_, kRule);
        write(log_, fmt::format("a first line\r\n{}\r\n{}\r\nanother\n", kLine,
                                std::string("Exception in upload\r\n  at one\n  at two")));
        packet::FileArchive archive({folder_ / "files", 1 << 20});
        ASSERT_TRUE(archive.put(sha256_hex(kFile), kFile));
        sources_ = {.archives = {folder_ / "files"}, .rules = {folder_ / "rules"}};
        log::Options options;
        options.path = log_;
        options.record_lines = 3;
        sources_.logs.push_back(options);
        store_ = std::move(
            *SqliteAlertStore::open(folder_ / "alerts.db", SqliteAlertStore::Mode::read_write));
        AlertBatch batch;
        AlertSealer sealer;
        const Alert alert = an_alert();
        std::string text = sealer.seal(alert, {.created = true}, kSeen, batch);
        batch.alerts.push_back({alert, {}, std::move(text)});
        for (const int minute : {0, 1, 2})
            for (auto& entry : ledger::coverage_entries(
                     {{.source = "log:app", .seen = 1, .inspected = 1}},
                     kSeen + std::chrono::minutes{minute} - std::chrono::seconds{5},
                     kSeen + std::chrono::minutes{minute + 1} - std::chrono::seconds{6}, {}))
                batch.entries.push_back(std::move(entry));
        ASSERT_TRUE(store_->commit(batch));
        publish();
    }

    void publish() {
        const auto source = [&](std::uint64_t from, std::size_t limit) {
            return store_->entries(from, limit);
        };
        ASSERT_TRUE(publisher_.open(source));
        ASSERT_TRUE(publisher_.append(*source(publisher_.size(), 1000)));
        ASSERT_TRUE(publisher_.checkpoint());
    }

    [[nodiscard]] Alert an_alert() const {
        Alert out;
        out.id = "01JDPY1VY00000000000000000";
        auto rule = std::make_shared<Rule>();
        rule->id = "0f0f0f0f-1111";
        rule->name = "A rule";
        rule->version = "3";
        rule->sha256 = sha256_hex(kRule);
        out.rule = rule;
        out.count = 1;
        out.first_seen = out.last_seen = out.created = kSeen;
        out.subject.file_sha256 = sha256_hex(kFile);
        out.evidence = {{"log", log_, 14, sha256_hex(kLine), "Failed password"},
                        {"log", log_, 14 + kLine.size() + 2, sha256_hex(kTrace), "Exception"},
                        {"log", folder_ / "alerts.db", 0, std::string(64, 'a'), "not a log"},
                        {"log", log_, 0, std::string(64, 'b'), "changed since"}};
        return out;
    }

    ledger::ArchiveFiles files() {
        auto alerts = stored_alerts(*store_, *store_, {an_alert().id});
        EXPECT_TRUE(alerts);
        ledger::PackageRequest request{.who = "siti", .why = "court", .at = kSeen};
        request.alerts = std::move(*alerts);
        auto package = pack_evidence(request, folder_ / "ledger", sources_, key_);
        EXPECT_TRUE(package) << package.error().message;
        const auto check = ledger::check_package(*package, publisher_.public_keys());
        EXPECT_TRUE(check.problems.empty()) << check.problems.list().front().text;
        return *ledger::read_archive(*package);
    }
    json::object contents(const ledger::ArchiveFiles& files) {
        return json::parse(files.at(here_ + "contents.json")).as_object();
    }

    TemporaryFolder folder_;
    const fs::path rule_file_ = folder_ / "rules/rule.yml";
    const std::string log_ = folder_ / "app.log";
    const std::string here_ = "alerts/01JDPY1VY00000000000000000/";
    EvidenceSources sources_;
    std::unique_ptr<SqliteAlertStore> store_;
    SigningKey key_ = SigningKey::generate();
    ledger::Publisher publisher_{{folder_ / "ledger", "test"}, {key_, {}}};
};

TEST_F(EvidencePackage, HoldsTheRuleTheRawRecordsTheFileAndTheMinutesCoverage) {
    const auto all = files();
    EXPECT_EQ(all.at(here_ + "rule.txt"), kRule);
    EXPECT_EQ(all.at(here_ + "evidence/001.raw"), kLine);
    EXPECT_EQ(all.at(here_ + "evidence/002.raw"), kTrace);
    EXPECT_EQ(all.at(here_ + "files/" + sha256_hex(kFile)), kFile);
    EXPECT_TRUE(all.contains("coverage/entries/1.tlog-proof"));
    EXPECT_FALSE(all.contains("coverage/entries/3.json"));
    const auto told = contents(all);
    EXPECT_TRUE(told.at("rule").at("is_what_fired").as_bool());
    EXPECT_EQ(told.at("rule").at("version"), "3");
    EXPECT_EQ(told.at("rule").at("sha256").as_string(), sha256_hex(kRule));
    EXPECT_TRUE(all.at("COVER.txt").contains("the version that fired"));
}

TEST_F(EvidencePackage, SaysWhyARecordIsNoLongerThereAndReadsNoFileThatIsNoLog) {
    const auto all = files();
    const auto told = contents(all);
    const auto& records = told.at("records").as_array();
    ASSERT_EQ(records.size(), 4u);
    EXPECT_TRUE(records[2].at("file").is_null());
    EXPECT_EQ(records[2].at("why"), "no longer there: no log of the settings is this file");
    EXPECT_TRUE(std::string(records[3].at("why").as_string()).contains("recorded SHA-256"));
    EXPECT_FALSE(all.contains(here_ + "evidence/003.raw"));
    EXPECT_FALSE(all.contains(here_ + "evidence/004.raw"));
}

TEST_F(EvidencePackage, FindsARecordInTheFileThatTheLogWasRotatedTo) {
    fs::rename(log_, log_ + ".1");
    write(log_, "something new\n");
    EXPECT_EQ(files().at(here_ + "evidence/001.raw"), kLine);
    fs::remove(log_ + ".1");
    EXPECT_FALSE(files().contains(here_ + "evidence/001.raw"));
}

TEST_F(EvidencePackage, SaysThatTheRuleOnDiskIsNoLongerTheOneThatFired) {
    write(rule_file_, std::string(kRule) + "level: low\n");
    auto all = files();
    EXPECT_FALSE(contents(all).at("rule").at("is_what_fired").as_bool());
    EXPECT_TRUE(all.at("COVER.txt").contains("NOT the version that fired"));
    write(folder_ / "rules/zz_before.yml", kRule);  // kept beside it
    EXPECT_EQ(files().at(here_ + "rule.txt"), kRule);
    fs::remove_all(folder_ / "rules");
    all = files();
    EXPECT_TRUE(contents(all).at("rule").at("file").is_null());
    EXPECT_FALSE(all.contains(here_ + "rule.txt"));
}

TEST_F(EvidencePackage, LeavesOutACopyThatIsDamagedOrHasNoRoomAndSaysSo) {
    const std::string digest = sha256_hex(kFile);
    const auto why = [&](const ledger::ArchiveFiles& all) {
        return std::string(contents(all).at("files").at(0).at("why").as_string());
    };
    std::uint64_t room = kFile.size() - 1;
    auto alerts = *stored_alerts(*store_, *store_, {an_alert().id});
    sources_.logs.clear();
    add_kept_evidence(alerts[0], sources_, room);
    EXPECT_FALSE(alerts[0].files.contains("files/" + digest));
    EXPECT_TRUE(alerts[0].files.at("contents.json").contains("its copy has 11 bytes"))
        << alerts[0].files.at("contents.json");
    write(fs::path(folder_ / "files") / digest.substr(0, 2) / digest, "another");
    EXPECT_TRUE(why(files()).contains("not what it was"));
    fs::remove_all(folder_ / "files");
    EXPECT_EQ(why(files()), "no copy of it is kept");
}

TEST_F(EvidencePackage, ThatItWasHandedOverIsPartOfTheNextOnesCustody) {
    const CustodyRecord record = custody_of(
        Handover{std::string(64, 'c'), {an_alert().id}, "siti", "polri", "court"}, kSeen);
    ASSERT_TRUE(store_->append({record.entry}, {record.salt}));
    publish();
    const auto all = files();
    EXPECT_TRUE(all.at("custody.json").contains("handover"));
    EXPECT_TRUE(all.at("custody.json").contains(std::string(64, 'c')));
    EXPECT_FALSE(all.at("custody.json").contains("polri")) << "only its salted hash";
}

}  // namespace
}  // namespace kentongan
