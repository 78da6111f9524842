#include "daemon/api/login/login_notes.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "daemon/ledger/entry.hpp"

namespace kentongan::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Outcome = LoginEvent::Outcome;

const Timestamp kNow = *parse_rfc3339("2024-11-27T06:00:00Z");

LoginEvent event_of(Outcome outcome, std::string name, std::string address = "192.0.2.1") {
    return {.outcome = outcome,
            .name = std::move(name),
            .method = outcome == Outcome::used ? "token" : "password",
            .address = std::move(address)};
}

TEST(LoginNotes, TheSameRefusalWithinASecondIsOneEntryWithANumber) {
    LoginNotes notes;
    EXPECT_TRUE(notes.note(event_of(Outcome::refused, "budi"), kNow));
    EXPECT_FALSE(notes.note(event_of(Outcome::refused, "budi"), kNow));
    EXPECT_TRUE(notes.note(event_of(Outcome::ok, "budi"), kNow));
    const auto noted = notes.take(kNow);
    EXPECT_THAT(noted.entries,
                ElementsAre(HasSubstr(R"("outcome":"ok")"), HasSubstr(R"("count":2)")));
    ASSERT_EQ(noted.salts.size(), 2u);
    EXPECT_EQ(noted.salts[0].subject, "login:budi");
    EXPECT_THAT(noted.entries[0], HasSubstr(ledger::salted_hash(noted.salts[0].salt, "budi")));
    EXPECT_TRUE(notes.take(kNow).entries.empty());
}

TEST(LoginNotes, ManyNamesAreNotManyEntries) {
    LoginNotes notes;
    for (std::size_t i = 0; i < 3 * LoginNotes::kMostNames; ++i)
        notes.note(event_of(Outcome::refused, fmt::format("name {}", i)), kNow);
    EXPECT_TRUE(notes.note(event_of(Outcome::ok, "siti"), kNow)) << "who came in always is noted";
    EXPECT_EQ(notes.take(kNow).entries.size(), LoginNotes::kMostNames + 2);
}

TEST(LoginNotes, ThoseTurnedAwayAreNumbersByAddressOnceAMinute) {
    LoginNotes notes;
    EXPECT_TRUE(notes.note(event_of(Outcome::limited, "a"), kNow));
    for (int i = 0; i < 9; ++i)
        EXPECT_FALSE(notes.note(event_of(Outcome::limited, fmt::format("{}", i)), kNow));
    for (int i = 0; i < 5000; ++i)
        notes.note(event_of(Outcome::limited, "b", fmt::format("2001:db8::{:x}", i)), kNow);
    EXPECT_TRUE(notes.take(kNow + std::chrono::seconds{59}).entries.empty());
    const auto noted = notes.take(kNow + std::chrono::minutes{1});
    ASSERT_EQ(noted.entries.size(), 1u);
    EXPECT_THAT(noted.entries[0], HasSubstr(R"("outcome":"limited")"));
    EXPECT_THAT(noted.entries[0], HasSubstr(R"("count":5010)"));
    EXPECT_LE(noted.entries[0].size(), ledger::kLargestEntry);
    EXPECT_EQ(noted.entries[0].find("192.0.2.1"), std::string::npos);
    notes.note(event_of(Outcome::limited, "c"), kNow);
    EXPECT_EQ(notes.take(kNow, true).entries.size(), 1u) << "at the end";
}

TEST(LoginNotes, ATokenIsNotedOnceAnHour) {
    LoginNotes notes;
    EXPECT_TRUE(notes.note(event_of(Outcome::used, "wall"), kNow));
    EXPECT_FALSE(notes.note(event_of(Outcome::used, "wall"), kNow + std::chrono::minutes{59}));
    EXPECT_TRUE(notes.note(event_of(Outcome::used, "other"), kNow));
    EXPECT_TRUE(notes.note(event_of(Outcome::used, "wall"), kNow + std::chrono::minutes{60}));
}

TEST(LoginNotes, WhatCouldNotBeStoredComesAgain) {
    LoginNotes notes;
    notes.note(event_of(Outcome::logout, "budi"), kNow);
    auto noted = notes.take(kNow);
    const auto before = noted.entries;
    EXPECT_EQ(notes.give_back(std::move(noted)), 0u);
    EXPECT_EQ(notes.take(kNow).entries, before);
    const NotedLogins many{.entries = std::vector<std::string>(LoginNotes::kMostEntries - 1, "e"),
                           .salts = std::vector<Salt>(LoginNotes::kMostEntries - 1)};
    EXPECT_EQ(notes.give_back(many), 0u);
    EXPECT_EQ(notes.give_back(many), LoginNotes::kMostEntries - 2) << "there was room for one";
    EXPECT_EQ(notes.take(kNow).entries.size(), LoginNotes::kMostEntries);
}

}  // namespace
}  // namespace kentongan::api
