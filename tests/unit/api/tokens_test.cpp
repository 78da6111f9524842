#include "daemon/api/tokens.hpp"

#include <gmock/gmock.h>

#include "tests/unit/config/folder.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

TEST(ApiTokens, OneALineWithCommentsAndWindowsLineEnds) {
    Folder folder;
    const auto tokens = api::Tokens::read(
        folder.write("t", "# lead\n\n  first-token-0123456789\r\nsecond-token-0123456789"));
    ASSERT_TRUE(tokens) << tokens.error().message;
    EXPECT_TRUE(tokens->accept("Bearer first-token-0123456789"));
    EXPECT_TRUE(tokens->accept("bearer  second-token-0123456789"));
    EXPECT_FALSE(tokens->accept("Bearer # lead"));
    EXPECT_FALSE(tokens->accept("Bearer "));
    EXPECT_FALSE(tokens->accept("Bearer"));
    EXPECT_FALSE(tokens->accept(""));
    EXPECT_FALSE(tokens->accept("first-token-0123456789"));
    EXPECT_FALSE(tokens->accept("Bearer first-token-0123456789x"));
}

TEST(ApiTokens, ShortOrStrangeTokensAreRefusedWithTheirLine) {
    Folder folder;
    for (const char* bad : {"short", "a token with spaces in it", "t\xc3\xa9token-0123456789"}) {
        const auto tokens = api::Tokens::read(folder.write("t", fmt::format("# x\n{}\n", bad)));
        ASSERT_FALSE(tokens) << bad;
        EXPECT_EQ(tokens.error().code, ErrorCode::config);
        EXPECT_THAT(tokens.error().message, HasSubstr("/t:2: a token is 16 to 256"));
        EXPECT_FALSE(tokens.error().message.contains(bad)) << "a message must not hold a secret";
    }
}

TEST(ApiTokens, ALineMayNameItsOwnerAndRole) {
    Folder folder;
    const auto tokens = api::Tokens::read(
        folder.write("t",
                     "sari lead  sari-token-0123456789\nbssn\tagency-bssn bssn-token-0123456789\n"
                     "bare-token-0123456789\n"));
    ASSERT_TRUE(tokens) << tokens.error().message;
    const auto sari = tokens->accept("Bearer sari-token-0123456789");
    ASSERT_TRUE(sari);
    EXPECT_EQ(sari->name, "sari");
    EXPECT_EQ(sari->role, api::Role::lead);
    EXPECT_EQ(tokens->accept("Bearer bssn-token-0123456789")->agency, "bssn");
    EXPECT_EQ(tokens->accept("Bearer bare-token-0123456789")->name, "token");
    EXPECT_EQ(tokens->accept("Bearer bare-token-0123456789")->role, api::Role::admin);
}

TEST(ApiTokens, AnUnknownRoleIsRefusedWithItsLine) {
    Folder folder;
    for (const char* role : {"root", "agency", "agency-", "Lead"}) {
        const auto tokens = api::Tokens::read(
            folder.write("t", fmt::format("sari {} sari-token-0123456789\n", role)));
        ASSERT_FALSE(tokens) << role;
        EXPECT_THAT(tokens.error().message, HasSubstr("/t:1: the word after the name is a role"));
        EXPECT_FALSE(tokens.error().message.contains("sari-token"));
    }
}

TEST(ApiTokens, AMissingFileIsNoInput) {
    const auto tokens = api::Tokens::read("/nowhere/token");
    ASSERT_FALSE(tokens);
    EXPECT_EQ(tokens.error().code, ErrorCode::no_input);
}

TEST(ApiTokens, AnEmptyFileLetsNobodyIn) {
    Folder folder;
    const auto tokens = api::Tokens::read(folder.write("t", "# none yet\n"));
    ASSERT_TRUE(tokens);
    EXPECT_TRUE(tokens->empty());
    EXPECT_FALSE(tokens->accept("Bearer "));
}

}  // namespace
}  // namespace kentongan
