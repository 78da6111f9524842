#include "daemon/detect/yara/prefilter.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "daemon/detect/yara/blocks.hpp"
#include "daemon/detect/yara/compiler.hpp"
#include "daemon/detect/yara/rules.hpp"
#include "daemon/detect/yara/samples.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::yara {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

/// Rule, string and place of each match.
using Found = std::vector<std::string>;

int note(YR_SCAN_CONTEXT* context, int message, void* data, void* user) {
    if (message != CALLBACK_MSG_RULE_MATCHING) return CALLBACK_CONTINUE;
    auto& out = *static_cast<Found*>(user);
    const auto* rule = static_cast<const YR_RULE*>(data);
    const YR_STRING* string = nullptr;
    const YR_MATCH* match = nullptr;
    out.push_back(rule->identifier);
    yr_rule_strings_foreach(rule, string) {
        yr_string_matches_foreach(context, string, match) {
            out.push_back(fmt::format("{}{} at {} of {}", rule->identifier, string->identifier,
                                      match->base + match->offset, match->match_length));
        }
    }
    return CALLBACK_CONTINUE;
}

class PrefilterTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(start_library()); }

    void use(const std::vector<fs::path>& paths) {
        const auto sources = find_sources(paths).value();
        compiled_ = compile(sources, std::vector<bool>(sources.size(), true)).rules;
        ASSERT_TRUE(compiled_);
        filter_ = Prefilter::of(*compiled_);
    }
    void use(std::string_view rules) {
        std::ofstream{folder_ / "a.yar"} << rules;
        use(std::vector<fs::path>{folder_.name()});
    }

    Found scan(std::string_view content, const std::vector<Range>& ranges) {
        YR_SCANNER* scanner = nullptr;
        EXPECT_EQ(yr_scanner_create(compiled_.get(), &scanner), ERROR_SUCCESS);
        Found out;
        yr_scanner_set_callback(scanner, note, &out);
        yr_scanner_set_flags(scanner, SCAN_FLAGS_NO_TRYCATCH);
        for (const char* name : kExternals) yr_scanner_define_string_variable(scanner, name, "");
        Blocks blocks(as_bytes(content), ranges);
        EXPECT_EQ(yr_scanner_scan_mem_blocks(scanner, blocks.iterator()), ERROR_SUCCESS);
        yr_scanner_destroy(scanner);
        return out;
    }
    std::vector<Range> ranges(std::string_view content) {
        Prefilter::Scratch scratch;
        filter_->make_room_in(scratch);
        return filter_->ranges(as_bytes(content), scratch);
    }
    /// What is found; the same with and without the filter.
    Found found(std::string_view content) {
        const Found whole = scan(content, {{0, content.size()}});
        EXPECT_EQ(scan(content, ranges(content)), whole);
        return whole;
    }

    TemporaryFolder folder_;
    CompiledRules compiled_;
    std::shared_ptr<const Prefilter> filter_;
};

/// rules/yara in the folder above this program that has it.
fs::path shipped_rules() {
    fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
    while (folder != folder.root_path() && !exists(folder / "rules/yara"))
        folder = folder.parent_path();
    return folder / "rules/yara";
}

std::uint64_t bytes_in(const std::vector<Range>& ranges) {
    std::uint64_t out = 0;
    for (const Range& range : ranges) out += range.end - range.begin;
    return out;
}

TEST_F(PrefilterTest, FindsNothingToLookAtWhereNoStringCanMatch) {
    use(R"(rule a { strings: $a = "needle" nocase $b = /pin[0-9]{1,4}s/ condition: any of them })");
    ASSERT_TRUE(filter_);
    EXPECT_THAT(ranges(std::string(100000, 'n')), IsEmpty());
    const auto around = ranges(std::string(5000, '.') + "a NEEDle" + std::string(5000, '.'));
    ASSERT_EQ(around.size(), 1u);
    EXPECT_LT(bytes_in(around), 32u);
}

TEST_F(PrefilterTest, ConditionsWithoutStringsSeeAllBytes) {
    use(R"(rule a { strings: $a = "needle" condition: not $a and filesize == 9 and
        uint32be(0) == 0x7F454C46 and uint8(8) == 0x21 })");
    EXPECT_EQ(found("\x7F"
                    "ELF....!"),
              Found{"a"});
    EXPECT_THAT(found("\x7F"
                      "ELF....."),
                IsEmpty());
}

TEST_F(PrefilterTest, FindsEachKindOfStringWhereLibyaraFindsItAlone) {
    use(R"(
rule kinds {
  strings:
    $text = "needle" fullword
    $long = "a long text whose beginning alone is searched for, and whose end is another matter"
    $case = "CaSeLeSs" nocase
    $wide = "wideword" wide ascii nocase
    $xor = "secretkey" xor
    $base = "attack at dawn" base64
    $hex = { 4D 5A ?? 90 [2-8] ( 50 45 | 4E 45 ) }
    $jump = { DE AD BE EF [0-900] CA FE BA BE }
    $class = /id=[0-9]{1,200};/
    $start = /^BEGIN [a-z]+/
    $end = /[a-z]{3} END$/
    $word = /\bword\b/
    $either = /(alpha|be|gamma){2,5}[^x]{0,20}delta/
    $star = /open.*close/s
    $lazy = /first.{0,300}?last/
    $wide_class = /w[0-9]{1,50}z/ wide
  condition: any of them })");
    ASSERT_TRUE(filter_);
    const std::vector<std::string> pieces{
        "needle",
        " needle ",
        "a long text whose beginning alone is searched for, and whose end is another matter",
        "caseLESS",
        "wideword",
        std::string("w\0i\0d\0e\0w\0o\0r\0d\0", 16),
        "\x70\x66\x60\x71\x66\x77\x68\x66\x7A",  // "secretkey" with 0x03
        "YXR0YWNrIGF0IGRhd24",
        std::string("\x4D\x5A\x00\x90....PE", 10),
        "\xDE\xAD\xBE\xEF" + std::string(700, '-') + "\xCA\xFE\xBA\xBE",
        "id=" + std::string(150, '7') + ";",
        "BEGIN abc",
        " abc END",
        " word ",
        "alphabegamma.......delta",
        "open\nclose",
        "first" + std::string(250, '=') + "last",
        std::string("w\0", 2) + std::string("1\0", 2) + std::string("z\0", 2),
        std::string("open") + std::string(4090, 'o') + "close"};
    std::mt19937 random(5);
    std::size_t found_some = 0;
    for (int round = 0; round < 400; ++round) {
        std::string content;
        for (std::size_t part = 0; part < 6; ++part) {
            content += std::string(random() % 3 == 0 ? random() % 9000 : random() % 40,
                                   " .\nx"[random() % 4]);
            content += pieces[random() % pieces.size()];
        }
        if (random() % 2 == 0) content += std::string(random() % 100, '.');
        if (!found(content).empty()) ++found_some;
    }
    EXPECT_EQ(found_some, 400u);
}

TEST_F(PrefilterTest, ShippedRulesFindTheSameInTheirSamplesAndInTheMiddleOfPages) {
    const fs::path folder = shipped_rules();
    use(std::vector<fs::path>{folder});
    ASSERT_TRUE(filter_);
    std::size_t samples = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "samples")) {
        if (!entry.is_regular_file()) continue;
        const std::string content = read_sample(entry.path()).value().content;
        (void)found(content);
        (void)found(std::string(20000, '<') + content + "<html><title>x</title>");
        ++samples;
    }
    EXPECT_GT(samples, 10u);
}

TEST_F(PrefilterTest, IsNotUsedForAStringThatMayMatchAnywhere) {
    use(R"(rule a { strings: $a = /[a-z]{4}/ condition: $a })");
    EXPECT_FALSE(filter_);
}

TEST_F(PrefilterTest, RulesWithoutStringsNeedNoSearchAtAll) {
    use("rule a { condition: filesize > 3 }");
    ASSERT_TRUE(filter_);
    EXPECT_THAT(ranges("anything"), IsEmpty());
    EXPECT_EQ(found("anything"), Found{"a"});
}

}  // namespace
}  // namespace kentongan::yara
