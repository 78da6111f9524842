#include "daemon/detect/sigma/pattern.hpp"

#include <gtest/gtest.h>

#include "daemon/detect/sigma/fold.hpp"

namespace kentongan::sigma {
namespace {

/// "text", "*", "?" and "dash" one after another, as the value was understood.
std::string shown(const Glob& glob) {
    std::string out;
    for (const Token& token : glob) {
        if (!out.empty()) out += ' ';
        if (token.kind == Token::Kind::text) out += '"' + token.text + '"';
        if (token.kind == Token::Kind::any) out += '*';
        if (token.kind == Token::Kind::one) out += '?';
        if (token.kind == Token::Kind::dash) out += "dash";
    }
    return out;
}

bool matches(std::string_view pattern, std::string_view text, bool cased = false) {
    return TextPattern(parse_glob(pattern), cased).matches(folded(text), text);
}

TEST(SigmaString, EscapesMeanWhatTheSpecificationSays) {
    EXPECT_EQ(shown(parse_glob(R"(\*)")), R"("*")");
    EXPECT_EQ(shown(parse_glob(R"(\?)")), R"("?")");
    EXPECT_EQ(shown(parse_glob(R"(\\)")), R"("\")");
    EXPECT_EQ(shown(parse_glob(R"(\\*)")), R"("\" *)");
    EXPECT_EQ(shown(parse_glob(R"(\\\\)")), R"("\\")");
    EXPECT_EQ(shown(parse_glob(R"(\\\)")), R"("\\")");
    EXPECT_EQ(shown(parse_glob(R"(\\\*)")), R"("\*")");
    EXPECT_EQ(shown(parse_glob(R"(\\\\*)")), R"("\\" *)");
    EXPECT_EQ(shown(parse_glob(R"(\a)")), R"("\a")");
    EXPECT_EQ(shown(parse_glob(R"(a\)")), R"("a\")");
    EXPECT_EQ(shown(parse_glob(R"(a**b?)")), R"("a" * "b" ?)");
    EXPECT_EQ(shown(parse_glob("")), "");
}

TEST(SigmaString, ABackslashBeforeAnAddedWildcardStaysABackslash) {
    Glob glob = parse_glob(R"(\system32\)");
    open_front(glob);
    open_back(glob);
    EXPECT_EQ(shown(glob), R"(* "\system32\" *)");
    EXPECT_TRUE(TextPattern(glob, false).matches(R"(c:\system32\x)", ""));
    EXPECT_FALSE(TextPattern(glob, false).matches(R"(c:\system32*)", ""));
}

TEST(SigmaString, MatchesTheWholeValueIgnoringCase) {
    EXPECT_TRUE(matches("GET", "get"));
    EXPECT_FALSE(matches("GET", "gets"));
    EXPECT_FALSE(matches("", "x"));
    EXPECT_TRUE(matches("", ""));
    EXPECT_TRUE(matches("*", ""));
    EXPECT_TRUE(matches("Größe", "GRÖSSE") || matches("GRÖßE", "größe"));
    EXPECT_TRUE(matches("ПРИВЕТ", "привет"));
    EXPECT_TRUE(matches("ŞIK*", "şikayet"));
    EXPECT_FALSE(matches("GET", "get", true));
    EXPECT_TRUE(matches("G*T", "GreaT", true));
}

TEST(SigmaString, WildcardsFindTheirPlaceFromBothEnds) {
    EXPECT_TRUE(matches("a*b*c", "a-b-b-c"));
    EXPECT_FALSE(matches("a*b*c", "a-b-b-c-"));
    EXPECT_FALSE(matches("ab*ba", "aba"));
    EXPECT_TRUE(matches("*a?c", "abcabc"));
    EXPECT_FALSE(matches("*a?c", "abcab"));
    EXPECT_TRUE(matches("a*\n", "a\nb\n"));
    EXPECT_TRUE(matches("*x*", "\xFFx\xFF"));
}

TEST(SigmaString, AQuestionMarkIsOneCharacterNotOneByte) {
    EXPECT_TRUE(matches("f?o", "föo"));
    EXPECT_FALSE(matches("f??o", "föo"));
    EXPECT_TRUE(matches("f?o", "f\xFFo"));
    EXPECT_FALSE(matches("f?", "f"));
}

TEST(SigmaString, WindashVariesTheDashesThatBeginWords) {
    EXPECT_EQ(shown(with_any_dash(parse_glob("-param-name"))), R"(dash "param-name")");
    EXPECT_EQ(shown(with_any_dash(parse_glob(" -a /b "))), R"(" " dash "a " dash "b ")");
    EXPECT_EQ(shown(with_any_dash(parse_glob("a - b--c"))), R"("a - b-" dash "c")");
    const TextPattern pattern(with_any_dash(parse_glob("* -exec *")), false);
    for (const char* text : {"x -exec y", "x /exec y", "x \u2013exec y", "x \u2015EXEC y"})
        EXPECT_TRUE(pattern.matches(folded(text), text)) << text;
    EXPECT_FALSE(pattern.matches("x +exec y", ""));
}

TEST(SigmaString, Base64OffsetsAreCutByBytes) {
    EXPECT_EQ(base64_at_offsets("foo"), (std::vector<std::string>{"Zm9v", "Zvb", "mb2"}));
    EXPECT_EQ(base64_at_offsets("föö"), (std::vector<std::string>{"ZsO2w7", "bDtsO2", "mw7bDt"}));
}

TEST(SigmaString, Utf16HasSurrogatesAndReplacesWhatIsNotText) {
    EXPECT_EQ(to_utf16("a", false), std::string("a\0", 2));
    EXPECT_EQ(to_utf16("a", true), std::string("\0a", 2));
    EXPECT_EQ(to_utf16("\U0001F5F3", true), "\xD8\x3D\xDD\xF3");
    EXPECT_EQ(to_utf16("\xFF", true), "\xFF\xFD");
}

TEST(SigmaFolding, LeavesBytesThatAreNotTextAlone) {
    EXPECT_EQ(folded("A\xC3"), "a\xC3");
    EXPECT_EQ(folded("\xED\xA0\x80X"), "\xED\xA0\x80x");
    EXPECT_EQ(folded("\xC0\xAFX"), "\xC0\xAFx");
    EXPECT_EQ(folded("ＡＢＣ"), "ａｂｃ");
    EXPECT_EQ(folded("\u212Aelvin"), "kelvin");
}

TEST(SigmaString, TheLiteralIsTheLongestPieceInLowerCase) {
    EXPECT_EQ(TextPattern(parse_glob("A*BCD?E"), false).literal(), "bcd");
    EXPECT_EQ(TextPattern(parse_glob("A*BCD"), true).literal(), "bcd");
    EXPECT_EQ(TextPattern(parse_glob("*?*"), false).literal(), "");
}

}  // namespace
}  // namespace kentongan::sigma
