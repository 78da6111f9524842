#include "daemon/alert/personal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/alert/text_pattern.hpp"

namespace kentongan {
namespace {

std::string masked(std::string_view text) { return without_personal(text, {}); }

TEST(Personal, NumbersAndAddressesOfPeopleGoByTheirShape) {
    EXPECT_EQ(masked("nik=3174021508900001;"), "nik=************0001;");
    EXPECT_EQ(masked("3174 0215 0890 0001"), "************0001");
    EXPECT_EQ(masked("wa 0812-3456-7890 now"), "wa [phone] now");
    EXPECT_EQ(masked("tel=+6281234567890"), "tel=[phone]");
    EXPECT_EQ(masked("tel=%2B6281234567890"), "tel=[phone]");
    EXPECT_EQ(masked("to Siti.Rahma@mail.example."), "to [e-mail].");
    EXPECT_EQ(masked("x=a%40b.example"), "x=[e-mail]");
}

TEST(Personal, OtherNumbersStay) {
    for (const auto* text :
         {"TPS 3171011001001", "10 failed logins from 203.0.113.7 within 60 s", "port 8022",
          "2024-11-27T06:00:00Z", "6271012001003", "4111111111111111", "pid 812345"})
        EXPECT_EQ(masked(text), text);
}

TEST(Personal, CredentialsGoWhateverTheyAreCalled) {
    EXPECT_EQ(masked("GET /x?access_token=abc123&y=1"), "GET /x?access_token=[secret]&y=1");
    EXPECT_EQ(masked("Authorization: Bearer abc.def"), "Authorization: Bearer [secret]");
    EXPECT_EQ(masked("{\"password\":\"hunter2\"}"), "{\"password\":\"[secret]\"}");
    EXPECT_EQ(masked("Cookie: a=b; c=d"), "Cookie: [secret]");
    EXPECT_EQ(masked("postgres://app:geheim@db/x"), "postgres://app:[secret]@db/x");
    EXPECT_EQ(masked("Failed password for root"), "Failed password for root");
}

TEST(Personal, VotesAndCandidatesGoByTheirWords) {
    EXPECT_EQ(masked("candidate 100026 has 880 votes"), "candidate [candidate] has [votes] votes");
    EXPECT_EQ(masked("suara_sah is 228"), "suara_sah is [votes]");
    EXPECT_EQ(masked("412 -> 812 suara"), "[votes] suara");
    EXPECT_EQ(masked("{\"100026\": 880}"), "{\"[candidate]\":\"[votes]\"}");
    EXPECT_EQ(masked("published votes fell by 12"), "published votes fell by [votes]");
    EXPECT_EQ(
        without_personal("candidate 100026 has 880 votes", {.tallies = true, .candidates = true}),
        "candidate 100026 has 880 votes");
    EXPECT_EQ(without_personal("Budi SANTOSA won", {.names = {"Budi Santosa"}}), "[candidate] won");
}

TEST(Personal, UnderOneKeyTheSameNumberHasTheSamePseudonym) {
    const auto key = PseudonymKey::generate();
    const PersonalPolicy policy{.key = &key};
    const std::string text = without_personal("3174021508900001", policy);
    EXPECT_TRUE(text.starts_with("NIK#" + key.id() + ":")) << text;
    EXPECT_EQ(without_personal("3174 0215 0890 0001", policy), text);
    EXPECT_NE(without_personal("3174021508900002", policy), text);
}

TEST(TextPattern, WhatCostsTooMuchToJudgeIsWithheld) {
    const TextPattern costly{"(a+)+$"};
    EXPECT_EQ(costly.replace(std::string(60, 'a') + "b",
                             [](const TextPattern::Groups&) { return std::string("x"); }),
              "[withheld]");
}

}  // namespace
}  // namespace kentongan
