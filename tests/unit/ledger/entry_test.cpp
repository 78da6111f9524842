#include "daemon/ledger/entry.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/ledger/canonical_json.hpp"
#include "daemon/ledger/seals.hpp"
#include "tests/unit/ledger/sample_package.hpp"

namespace kentongan::ledger {
namespace {

TEST(Entry, IsCanonicalJson) {
    const Timestamp at = SampleHistory::when(0);
    std::vector<std::string> all{
        alert_entry(sample_alert(1), AlertEvent::created, new_salt(), at, "ab"),
        updates_entry({{"a", "b"}}, at),
        action_entry({.who = "w", .what = "close", .object = "alert:a", .why = "y"}, "s", at),
        setting_entry("rules", "ab", "1", 7, at),
        login_entry("budi", "token", "ok", "s", at),
        erasure_entry("alert:a", "court", at),
        custody_entry({.who = "w", .what = "export", .object = "case:1", .why = "y"}, {"alert:a"},
                      "ab", "s", at),
        key_entry("in force", "k", at)};
    for (auto& entry : coverage_entries({{.source = "log:auth", .seen = 3}}, at, at, {}))
        all.push_back(std::move(entry));
    for (const auto& entry : all) {
        EXPECT_EQ(*canonical_json(boost::json::parse(entry)), entry);
        EXPECT_TRUE(time_of_entry(entry)) << entry;
    }
}

TEST(Entry, NothingPersonalStandsInOne) {
    Alert alert = sample_alert(1);
    alert.entity = "3171011001900001";
    alert.message = "NIK 3171011001900001 of Budi Santoso";
    alert.subject.user = "budi.santoso";
    auto rule = std::make_shared<Rule>();
    rule->id = "r";
    rule->name = "about Budi";
    alert.rule = rule;
    const std::string entries =
        alert_entry(alert, AlertEvent::created, new_salt(), {}) +
        action_entry({.who = "budi.santoso", .what = "close", .object = "a", .why = "Budi"},
                     new_salt(), {}) +
        login_entry("budi.santoso", "token", "ok", new_salt(), {});
    for (const auto* planted : {"3171011001900001", "Budi", "budi"})
        EXPECT_FALSE(entries.contains(planted)) << planted;
}

TEST(Entry, FitsABundleWhateverIsInIt) {
    std::map<std::string, std::string> digests;
    for (std::size_t i = 0; i < kMostUpdates; ++i)
        digests[fmt::format("{:026}", i)] = std::string(64, 'a');
    EXPECT_LE(updates_entry(digests, {}).size(), kLargestEntry);
    const std::string control(500, '\x01');
    std::vector<Coverage> sources(1000, {.source = control});
    std::size_t covered = 0;
    for (const auto& entry : coverage_entries(sources, {}, {}, {})) {
        EXPECT_LE(entry.size(), kLargestEntry);
        ++covered;
    }
    EXPECT_GT(covered, 1u);
    Alert alert = sample_alert(1);
    alert.agencies.assign(10'000, control);
    EXPECT_LE(alert_entry(alert, AlertEvent::created, "", {}).size(), kLargestEntry);
}

struct Sealed {
    Alert alert = sample_alert(1);
    std::string salt = new_salt();
    Seals seals;
    StoredSeal stored{alert.id, boost::json::serialize(to_json(alert)), "new", 1, {salt}};

    Sealed() { seals.read(0, alert_entry(alert, AlertEvent::created, salt, {})); }
    [[nodiscard]] std::uint64_t problems() {
        Problems out;
        seals.check(stored, out);
        seals.check_dropped(out);
        return out.count();
    }
};

TEST(Seals, AnAlertIsWhatItsNewestEntrySealed) {
    EXPECT_EQ(Sealed{}.problems(), 0u);
    Sealed changed;
    changed.stored.json += " ";
    EXPECT_EQ(changed.problems(), 1u);
    Sealed resalted;
    resalted.stored.salts = {new_salt()};
    EXPECT_EQ(resalted.problems(), 1u);
    Sealed grown;
    grown.seals.read(1, updates_entry({{grown.alert.id, salted_hash(grown.salt, "later")}}, {}));
    EXPECT_EQ(grown.problems(), 1u);
    grown.stored.json = "later";
    Sealed later;
    later.seals.read(1, updates_entry({{later.alert.id, salted_hash(later.salt, "later")}}, {}));
    later.stored.json = "later";
    EXPECT_EQ(later.problems(), 0u);
}

TEST(Seals, InsertedDroppedAndReopenedAlertsAreFound) {
    Sealed inserted;
    inserted.stored.id = "another";
    EXPECT_EQ(inserted.problems(), 2u);
    Sealed closed;
    closed.seals.read(1, action_entry({.what = "close",
                                       .object = "alert:" + closed.alert.id,
                                       .revision = 2,
                                       .state = "closed"},
                                      closed.salt, {}));
    EXPECT_EQ(closed.problems(), 1u);
    Sealed right;
    right.seals.read(1, action_entry({.what = "close",
                                      .object = "alert:" + right.alert.id,
                                      .revision = 2,
                                      .state = "closed"},
                                     right.salt, {}));
    right.stored.state = "closed";
    right.stored.revision = 2;
    EXPECT_EQ(right.problems(), 0u);
}

TEST(Seals, ErasureLeavesTheHistoryWhole) {
    Sealed erased;
    erased.seals.read(1, erasure_entry("alert:" + erased.alert.id, "law", {}));
    erased.stored.salts.clear();
    erased.stored.json = "{}";
    EXPECT_EQ(erased.problems(), 0u);
    EXPECT_EQ(erased.seals.erased(), 1u);
}

}  // namespace
}  // namespace kentongan::ledger
