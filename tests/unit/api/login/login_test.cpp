// Accounts, one-time codes, sessions and the pauses of those who guess.
#include <gtest/gtest.h>

#include <filesystem>

#include "daemon/api/login/accounts.hpp"
#include "daemon/api/login/sessions.hpp"
#include "daemon/api/login/totp.hpp"
#include "daemon/base/file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::api {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kRfcSecret = "12345678901234567890";
bool knows(std::string_view role) { return role == "analyst" || role == "lead"; }
Timestamp at(std::int64_t unix_seconds) { return Timestamp{seconds{unix_seconds}}; }

TEST(Totp, GivesTheCodesOfRfc6238) {
    // Appendix B, SHA-1, the last six of its eight digits.
    EXPECT_EQ(totp_code(kRfcSecret, 59 / 30), "287082");
    EXPECT_EQ(totp_code(kRfcSecret, 1111111109 / 30), "081804");
    EXPECT_EQ(totp_code(kRfcSecret, 1234567890 / 30), "005924");
    EXPECT_EQ(totp_code(kRfcSecret, 20000000000 / 30), "353130");
}

TEST(Totp, ACodeServesOnceAndOnlyNearItsTime) {
    const auto step = accept_totp(kRfcSecret, "081804", at(1111111109), 0);
    ASSERT_TRUE(step);
    EXPECT_FALSE(accept_totp(kRfcSecret, "081804", at(1111111109), *step)) << "used before";
    EXPECT_TRUE(accept_totp(kRfcSecret, "081804", at(1111111109 + 30), 0)) << "a slow clock";
    EXPECT_FALSE(accept_totp(kRfcSecret, "081804", at(1111111109 + 90), 0));
    EXPECT_FALSE(accept_totp(kRfcSecret, "", at(1111111109), 0));
    EXPECT_FALSE(accept_totp(kRfcSecret, "0818040", at(1111111109), 0));
}

TEST(Totp, Base32GoesThereAndBack) {
    EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");  // RFC 4648, without padding
    EXPECT_EQ(from_base32("mzxw 6ytb oi======"), "foobar");
    EXPECT_FALSE(from_base32("MZXW1"));
    EXPECT_FALSE(from_base32(std::string(1000, 'A')));
}

TEST(Accounts, APasswordIsKnownByItsHashAndNothingElseIs) {
    const auto hash = hash_password("kentongan berbunyi");
    ASSERT_TRUE(hash);
    EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
    EXPECT_TRUE(verify_password("kentongan berbunyi", &*hash));
    EXPECT_FALSE(verify_password("kentongan berbunyi ", &*hash));
    EXPECT_FALSE(verify_password("", &*hash));
    EXPECT_FALSE(verify_password("nobody has this password", nullptr));
    EXPECT_NE(*hash, *hash_password("kentongan berbunyi")) << "the salt is new each time";
}

TEST(Accounts, TheFileIsReadLineByLineAndWrongLinesAreNamed) {
    const std::string hash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA";
    const auto accounts = Accounts::parse(
        "# people\n\nsiti:lead:" + hash + ":MZXW6YTBOI\nbudi:analyst:" + hash + ":\n", "accounts",
        knows);
    ASSERT_TRUE(accounts) << accounts.error().message;
    ASSERT_NE(accounts->find("siti"), nullptr);
    EXPECT_EQ(accounts->find("siti")->totp, "foobar");
    EXPECT_EQ(to_line(*accounts->find("siti")), "siti:lead:" + hash + ":MZXW6YTBOI");
    EXPECT_EQ(accounts->find("nobody"), nullptr);
    for (const auto& [text, why] : std::initializer_list<std::pair<std::string, std::string>>{
             {"si ti:lead:" + hash + ":", "no name"},
             {"siti:king:" + hash + ":", "no role king"},
             {"siti:lead:secret:", "not hashed"},
             {"siti:lead:" + hash + ":1", "not base32"},
             {"a:lead:" + hash + ":\na:lead:" + hash + ":", "second account"}}) {
        const auto refused = Accounts::parse(text, "accounts", knows);
        ASSERT_FALSE(refused) << text;
        EXPECT_NE(refused.error().message.find(why), std::string::npos) << refused.error().message;
    }
}

TEST(Accounts, AFileThatOthersMayReadIsRefused) {
    const TemporaryFolder folder;
    const auto file = folder / "accounts";
    ASSERT_TRUE(replace_file(file, "# none\n"));
    EXPECT_TRUE(Accounts::read(file, knows));
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    const auto refused = Accounts::read(file, knows);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::permission);
}

TEST(Sessions, EndWhenIdleWhenOldAndWhenTold) {
    Sessions sessions;
    const std::string cookie = sessions.begin("siti", "lead", at(0));
    ASSERT_NE(sessions.find(cookie, at(60)), nullptr);
    EXPECT_EQ(sessions.find(cookie, at(60))->name, "siti");
    EXPECT_EQ(sessions.find("another", at(60)), nullptr);
    EXPECT_EQ(sessions.find(cookie, at(60) + Sessions::kIdle + seconds{1}), nullptr);
    const std::string busy = sessions.begin("budi", "analyst", at(0));
    for (Duration t{}; t < Sessions::kLongest; t += minutes{30})
        ASSERT_NE(sessions.find(busy, at(0) + t), nullptr);
    EXPECT_EQ(sessions.find(busy, at(1) + Sessions::kLongest), nullptr);
    const std::string told = sessions.begin("budi", "analyst", at(0));
    sessions.end_all("budi");
    EXPECT_EQ(sessions.find(told, at(1)), nullptr);
}

TEST(Sessions, AreCappedAndTheOneUnusedForLongestGoes) {
    Sessions sessions;
    const std::string first = sessions.begin("a", "lead", at(0));
    const std::string second = sessions.begin("b", "lead", at(1));
    ASSERT_NE(sessions.find(first, at(2)), nullptr);
    for (std::size_t i = 2; i <= Sessions::kMost; ++i) (void)sessions.begin("c", "lead", at(3));
    EXPECT_EQ(sessions.size(), Sessions::kMost);
    EXPECT_NE(sessions.find(first, at(4)), nullptr);
    EXPECT_EQ(sessions.find(second, at(4)), nullptr);
}

TEST(LoginLimiter, MakesOneWhoGuessesWaitLongerAndLonger) {
    LoginLimiter limiter;
    for (int i = 1; i < LoginLimiter::kFree; ++i) limiter.failed("siti", at(i));
    EXPECT_EQ(limiter.wait("siti", at(5)), Duration{});
    limiter.failed("siti", at(5));
    EXPECT_EQ(limiter.wait("siti", at(5)), LoginLimiter::kFirst);
    limiter.failed("siti", at(10));
    EXPECT_EQ(limiter.wait("siti", at(10)), 2 * LoginLimiter::kFirst);
    for (int i = 0; i < 40; ++i) limiter.failed("siti", at(20));
    EXPECT_EQ(limiter.wait("siti", at(20)), LoginLimiter::kLongest);
    EXPECT_EQ(limiter.wait("budi", at(20)), Duration{});
    limiter.succeeded("siti");
    EXPECT_EQ(limiter.wait("siti", at(20)), Duration{});
}

TEST(Cookies, AreFoundByTheirWholeName) {
    EXPECT_EQ(cookie_of("a=1; session=xyz; b=2", "session"), "xyz");
    EXPECT_EQ(cookie_of("mysession=1", "session"), std::nullopt);
    EXPECT_EQ(cookie_of("", "session"), std::nullopt);
}

}  // namespace
}  // namespace kentongan::api
