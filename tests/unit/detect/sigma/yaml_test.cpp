#include "daemon/detect/sigma/yaml.hpp"

#include <gtest/gtest.h>

namespace kentongan::sigma::yaml {
namespace {

Document parsed(std::string_view text, int line = 0) { return Document::parse(text, line).value(); }

std::string problem_of(std::string_view text) {
    const auto document = Document::parse(text, 10);
    if (document) return "none";
    return std::to_string(document.error().line) + ": " + document.error().reason;
}

TEST(Yaml, ScalarsKnowWhetherTheyWereQuotedAndWhereTheyStand) {
    const auto document = parsed("a: 1\nb: '1'\nc: |\n  x\n  y\nd:\ne: ~\nf: !!str 5\n", 3);
    const auto& members = document.root().members();
    ASSERT_EQ(members.size(), 6u);
    EXPECT_TRUE(members[0].second.is_plain());
    EXPECT_EQ(members[0].second.line(), 4);
    EXPECT_FALSE(members[1].second.is_plain());
    EXPECT_EQ(members[1].second.Scalar(), "1");
    EXPECT_EQ(members[2].second.Scalar(), "x\ny\n");
    EXPECT_TRUE(members[3].second.IsNull());
    EXPECT_TRUE(members[4].second.IsNull());
    EXPECT_EQ(members[5].second.Scalar(), "5");
    EXPECT_FALSE(members[5].second.is_plain());
}

TEST(Yaml, AnchorsAreSharedAndCannotHoldThemselves) {
    const auto document = parsed("- &a [x, y]\n- *a\n- *a\n");
    ASSERT_EQ(document.root().size(), 3u);
    EXPECT_EQ(document.root()[2][1].Scalar(), "y");
    EXPECT_EQ(problem_of("&a [x, *a]"), "11: an anchor that holds itself");
    EXPECT_EQ(problem_of("[*b]"), "11: unknown anchor 'b'");
}

TEST(Yaml, ProblemsNameTheirLine) {
    EXPECT_EQ(problem_of("a: 1\nb: [\n"),
              "13: did not find expected node content while parsing a flow node");
    EXPECT_EQ(problem_of("a: 1\nb: \xff\n"), "12: invalid leading UTF-8 octet");
    EXPECT_EQ(problem_of("a: 1\n--- b"), "12: text that is no part of the document");
    EXPECT_EQ(problem_of(std::string(100'000, '[')), "11: nested too deeply");
    EXPECT_EQ(problem_of(""), "none");
}

}  // namespace
}  // namespace kentongan::sigma::yaml
