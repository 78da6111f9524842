#include "daemon/ledger/entry.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/ledger/canonical_json.hpp"
#include "daemon/ledger/seals.hpp"
#include "tests/unit/ledger/sample_package.hpp"

namespace kentongan::ledger {
namespace {

std::string json_of(const Alert& alert) { return boost::json::serialize(to_json(alert)); }

TEST(Entry, IsCanonicalJson) {
    const Timestamp at = SampleHistory::when(0);
    std::vector<std::string> all{
        alert_entry(sample_alert(1), json_of(sample_alert(1)), AlertEvent::created, new_salt(), at),
        updates_entry({{"a", "b"}}, at),
        receipts_entry("kpu", std::vector<Receipt>{{1, true, at, "200"}, {2, false, at, ""}}, "s",
                       at),
        action_entry({.who = "w", .what = "close", .object = "alert:a", .why = "y"}, "s", at),
        setting_entry({.name = "rules", .sha256 = "ab", .items = 7}, "1", at),
        limited_entry({{"192.0.2.1", 7}}, 7, "s", at),
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
    rule->sha256 = std::string(64, '7');
    alert.rule = rule;
    const std::string entries =
        alert_entry(alert, json_of(alert), AlertEvent::created, new_salt(), {}) +
        action_entry({.who = "budi.santoso", .what = "close", .object = "a", .why = "Budi"},
                     new_salt(), {}) +
        login_entry("budi.santoso", "token", "ok", new_salt(), {});
    EXPECT_TRUE(entries.contains(R"("rule":{"id":"r","sha256":")" + rule->sha256));
    for (const auto* planted : {"3171011001900001", "Budi", "budi"})
        EXPECT_FALSE(entries.contains(planted)) << planted;
}

TEST(Entry, FitsABundleWhateverIsInIt) {
    std::map<std::string, std::string> digests;
    for (std::size_t i = 0; i < kMostUpdates; ++i)
        digests[fmt::format("{:026}", i)] = std::string(64, 'a');
    EXPECT_LE(updates_entry(digests, {}).size(), kLargestEntry);
    std::vector<Receipt> receipts;
    for (std::size_t i = 0; i < kMostReceipts; ++i)
        receipts.push_back({INT64_MAX - static_cast<std::int64_t>(i), true, {}, ""});
    EXPECT_LE(receipts_entry(std::string(1000, 'a'), receipts, "s", {}).size(), kLargestEntry);
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
    EXPECT_LE(alert_entry(alert, json_of(alert), AlertEvent::created, "", {}).size(),
              kLargestEntry);
}

TEST(Entry, ASettingSaysWhichFilesChangedWhoAskedAndWhetherItIsInForce) {
    std::vector<ChangedFile> changed(1000, {std::string(500, 'x'), std::string(64, 'a'), ""});
    const std::string entry = setting_entry({.name = "rules",
                                             .sha256 = std::string(64, 'b'),
                                             .items = 7,
                                             .by = "second_person",
                                             .changed = changed},
                                            "1", {});
    EXPECT_LE(entry.size(), kLargestEntry);
    for (const auto* part : {R"("changes":1000)", R"("by":"second_person")", R"("in_force":true)",
                             R"("before":"aaaa)"})
        EXPECT_TRUE(entry.contains(part)) << part;
    const std::string waits =
        setting_entry({.name = "settings_file", .sha256 = "c", .in_force = false}, "1", {});
    EXPECT_TRUE(waits.contains(R"("in_force":false)"));
    EXPECT_FALSE(waits.contains("changed")) << "not known";
}

struct Sealed {
    Alert alert = sample_alert(1);
    std::string salt = new_salt();
    Seals seals;
    StoredSeal stored{alert.id, json_of(alert), "new", 1, {salt}};

    Sealed() { seals.read(0, alert_entry(alert, json_of(alert), AlertEvent::created, salt, {})); }
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
}

/// One that somebody closed, with the act as the database has it.
struct Closed : Sealed {
    StoredAct act{"alert:" + alert.id, "budi", "close", "why\nword", {}, {salt}};

    Closed() {
        seals.read(1, action_entry({.who = "budi",
                                    .what = "close",
                                    .object = act.object,
                                    .why = "why\nword",
                                    .revision = 2,
                                    .state = "closed",
                                    .detail_hash = salted_hash(salt, alert_place("true", "", ""))},
                                   salt, {}));
        stored.state = "closed";
        stored.revision = 2;
        stored.place = alert_place("true", "", "");
    }
    [[nodiscard]] std::uint64_t all_problems() {
        Problems out;
        seals.check(act, out);
        return out.count() + problems();
    }
};

TEST(Seals, ActsAreThoseOfTheHistory) {
    EXPECT_EQ(Closed{}.all_problems(), 0u);
    EXPECT_EQ(Closed{}.problems(), 1u) << "the act is gone";
    Closed reopened;
    reopened.stored.state = "new";
    EXPECT_EQ(reopened.all_problems(), 1u);
    Closed otherwise;
    otherwise.stored.place = alert_place("false", "", "");
    EXPECT_EQ(otherwise.all_problems(), 1u);
    Closed by_another;
    by_another.act.who = "siti";
    EXPECT_EQ(by_another.all_problems(), 2u) << "one act too many, one too few";
}

TEST(Seals, ErasureLeavesTheHistoryWhole) {
    Sealed erased;
    erased.seals.read(1, erasure_entry("alert:" + erased.alert.id, "law", {}));
    erased.stored.salts.clear();
    erased.stored.json = "{}";
    EXPECT_EQ(erased.problems(), 0u);
    EXPECT_EQ(erased.seals.erased(), 1u);
}

TEST(Seals, WhatAnErasureLeftIsSealedAnew) {
    Sealed erased;
    const std::string object = "alert:" + erased.alert.id;
    erased.seals.read(1, erasure_entry(object, "law", {}));
    const std::string anew = new_salt();
    erased.seals.read(2, alert_entry(erased.alert, "left", AlertEvent::closed, anew, {}));
    erased.stored.salts = {anew};
    erased.stored.json = "left";
    Sealed filled_in = erased;
    filled_in.stored.json = "more";
    EXPECT_EQ(filled_in.problems(), 1u);
    EXPECT_EQ(Sealed{erased}.problems(), 0u);
    // Found once more in a log that is read again: the store keeps what was left.
    erased.seals.read(3, alert_entry(erased.alert, "all", AlertEvent::created, new_salt(), {}));
    EXPECT_EQ(erased.problems(), 0u);
}

TEST(Seals, OnlyActsBeforeAnErasureNeedNoProof) {
    const auto problems_of = [](Timestamp at) {
        Seals seals;
        seals.read(0, erasure_entry("alert:x", "law", Timestamp{} + std::chrono::hours{1}));
        Problems out;
        seals.check(StoredAct{"alert:x", "budi", "close", "\n", at, {new_salt()}}, out);
        return out.count();
    };
    EXPECT_EQ(problems_of({}), 0u);
    EXPECT_EQ(problems_of(Timestamp{} + std::chrono::hours{2}), 1u);
}

}  // namespace
}  // namespace kentongan::ledger
