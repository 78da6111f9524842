#include "daemon/deliver/signing.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

constexpr auto kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t kTimestamp = 1614265330;
constexpr auto kBody = R"({"test": 2432232314})";

WebhookKey key(std::string_view text) {
    auto parsed = WebhookKey::parse(text);
    if (!parsed) throw std::runtime_error(parsed.error().message);
    return *parsed;
}

std::string base64_of_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return to_base64(as_bytes(bytes));
}

TEST(WebhookSignature, MatchesTheSpecificationsExample) {
    const auto signature = sign({key(kSecret)}, kId, kTimestamp, kBody);
    EXPECT_EQ(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    EXPECT_TRUE(verify({key(kSecret)}, kId, kTimestamp, kBody, signature));
}

// RFC 8032 section 7.1, test 2.
TEST(WebhookSignature, Ed25519MatchesTheRfc) {
    const auto seed =
        base64_of_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const auto open =
        base64_of_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const auto signature = base64_of_hex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_EQ(key("whsk_" + seed).sign("\x72"), "v1a," + signature);
    EXPECT_EQ(key("whsk_" + seed).public_text(), "whpk_" + open);
    EXPECT_TRUE(key("whpk_" + open).verify("\x72", "v1a," + signature));
    EXPECT_FALSE(key("whpk_" + open).verify("\x73", "v1a," + signature));
}

TEST(WebhookSignature, AnyChangeToTheMessageIsSeen) {
    const WebhookKey private_key = WebhookKey::generate();
    for (const WebhookKeys& keys : {WebhookKeys{key(kSecret)}, WebhookKeys{private_key}}) {
        const auto header = sign(keys, kId, kTimestamp, kBody);
        EXPECT_TRUE(verify(keys, kId, kTimestamp, kBody, header));
        EXPECT_FALSE(verify(keys, "msg_other", kTimestamp, kBody, header));
        EXPECT_FALSE(verify(keys, kId, kTimestamp + 1, kBody, header));
        EXPECT_FALSE(verify(keys, kId, kTimestamp, "{}", header));
        EXPECT_FALSE(verify(keys, kId, kTimestamp, kBody, "v1,AAAA v1a,AAAA"));
        EXPECT_FALSE(verify(keys, kId, kTimestamp, kBody, ""));
    }
}

TEST(WebhookSignature, AReceiverWithTheOldOrTheNewKeyAcceptsARotatedOne) {
    const WebhookKey old_key = WebhookKey::generate();
    const WebhookKey new_key = WebhookKey::generate();
    const auto header = sign({old_key, new_key}, kId, kTimestamp, kBody);
    EXPECT_TRUE(verify({key(old_key.public_text())}, kId, kTimestamp, kBody, header));
    EXPECT_TRUE(verify({key(new_key.public_text())}, kId, kTimestamp, kBody, header));
    EXPECT_FALSE(verify({WebhookKey::generate()}, kId, kTimestamp, kBody, header));
}

TEST(WebhookKeyFile, ReadsOneKeyALineAndSkipsComments) {
    const TemporaryFolder folder;
    ASSERT_TRUE(replace_file(folder / "keys",
                             std::string("# 2024\n") + kSecret + "\n\n  " + kSecret + "\n"));
    const auto keys = load_webhook_keys(folder / "keys");
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ(keys->size(), 2u);
}

TEST(WebhookKeyFile, RefusesOneThatEveryUserMayRead) {
    const TemporaryFolder folder;
    ASSERT_TRUE(replace_file(folder / "keys", kSecret));
    ASSERT_EQ(::chmod((folder / "keys").c_str(), 0644), 0);
    const auto keys = load_webhook_keys(folder / "keys");
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().code, ErrorCode::permission);
    EXPECT_NE(keys.error().message.find("chmod"), std::string::npos);
}

TEST(WebhookKeyFile, NamesTheLineThatIsWrong) {
    const TemporaryFolder folder;
    for (const std::string bad :
         {"whsec_AAAA", "password", "whsk_AAAA", "whpk_AAAA", "whsec_!!", ""}) {
        ASSERT_TRUE(replace_file(folder / "keys", "# key\n" + bad + "\n"));
        const auto keys = load_webhook_keys(folder / "keys");
        ASSERT_FALSE(keys) << bad;
        const std::string expected = bad.empty() ? "no key" : "keys:2: ";
        EXPECT_NE(keys.error().message.find(expected), std::string::npos) << keys.error().message;
        EXPECT_EQ(keys.error().message.find("AAAA"), std::string::npos)
            << "a key must not be logged";
    }
    EXPECT_EQ(load_webhook_keys(folder / "absent").error().code, ErrorCode::no_input);
}

}  // namespace
}  // namespace kentongan
