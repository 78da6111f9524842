#include "daemon/base/signing_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/md5.hpp"
#include "daemon/base/statement.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

// RFC 8032, section 7.1, test 1: the seed, its public key and the signature of nothing.
constexpr std::string_view kSeed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
constexpr std::string_view kPublic = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
// The same key as `openssl genpkey` writes one (RFC 8410).
constexpr std::string_view kPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

std::string hex(std::string_view base64) { return to_hex(as_bytes(from_base64(base64))); }

TEST(SigningKey, SignsAsTheRfcSays) {
    for (const auto text : {kSeed, kPem}) {
        const auto key = SigningKey::parse(text);
        ASSERT_TRUE(key) << key.error().message;
        EXPECT_EQ(key->public_text(), kPublic);
        EXPECT_EQ(hex(key->sign("")),
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33b"
                  "acc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    }
}

TEST(SigningKey, WhatItSignsIsVerifiedAndNothingElse) {
    const SigningKey key = SigningKey::generate();
    const std::string signature = key.sign("a statement");
    EXPECT_TRUE(verify_signature(key.public_text(), "a statement", signature));
    EXPECT_FALSE(verify_signature(key.public_text(), "a statemenT", signature));
    EXPECT_FALSE(verify_signature(SigningKey::generate().public_text(), "a statement", signature));
    EXPECT_FALSE(verify_signature(key.public_text(), "a statement", ""));
    EXPECT_FALSE(verify_signature("x", "a statement", signature));
    EXPECT_EQ(key.id().size(), 16u);
}

TEST(SigningKey, OtherTextsAreRefusedWithoutRepeatingThem) {
    for (const auto* text : {"", "secret", "c2VjcmV0", "-----BEGIN PRIVATE KEY-----\nAA==\n",
                             "-----BEGIN RSA PRIVATE KEY-----"}) {
        const auto key = SigningKey::parse(text);
        ASSERT_FALSE(key) << text;
        EXPECT_EQ(key.error().code, ErrorCode::config);
        EXPECT_THAT(key.error().message, testing::Not(testing::HasSubstr("secret")));
    }
}

TEST(SigningKey, AFileThatOthersMayReadIsRefused) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_file(folder / "key", kSeed));
    ASSERT_EQ(::chmod((folder / "key").c_str(), 0644), 0);
    EXPECT_EQ(SigningKey::load(folder / "key").error().code, ErrorCode::permission);
    ASSERT_EQ(::chmod((folder / "key").c_str(), 0600), 0);
    EXPECT_TRUE(SigningKey::load(folder / "key"));
    EXPECT_EQ(SigningKey::load(folder / "none").error().code, ErrorCode::no_input);
}

TEST(Statement, HasOneCanonicalForm) {
    const Statement statement{{"time", std::string("2024-02-14T09:03:00Z")},
                              {"count", std::int64_t{-3}},
                              {"sure", true},
                              {"said", std::string("\"quoted\"\n\x01 é \\")}};
    EXPECT_EQ(to_canonical_json(statement),
              "{\"count\":-3,\"said\":\"\\\"quoted\\\"\\n\\u0001 é \\\\\",\"sure\":true,"
              "\"time\":\"2024-02-14T09:03:00Z\"}");
    EXPECT_EQ(signed_record({}, nullptr), "{\"statement\":{}}");
}

TEST(Statement, ARecordHoldsTheSignatureOfItsStatement) {
    const SigningKey key = SigningKey::generate();
    const Statement statement{{"kind", std::string("upload-stall")}};
    const std::string record = signed_record(statement, &key);
    const auto text_between = [&](std::string_view begin, std::string_view end) {
        const auto at = record.find(begin) + begin.size();
        return record.substr(at, record.find(end, at) - at);
    };
    EXPECT_TRUE(verify_signature(key.public_text(), text_between("\"statement\":", "}") + "}",
                                 text_between("\"signature\":\"", "\"")));
    EXPECT_EQ(text_between("\"key\":\"", "\""), key.id());
}

TEST(Md5, IsThatOfTheRfc) {
    EXPECT_EQ(to_hex(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(to_hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
}

}  // namespace
}  // namespace kentongan
