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
