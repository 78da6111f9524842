#include "daemon/detect/yara/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/detect/yara/body_detector.hpp"
#include "daemon/detect/yara/multipart.hpp"
#include "daemon/detect/yara/samples.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::yara {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class YaraTest : public testing::Test {
  protected:
    YaraTest() {
        std::string name = (fs::temp_directory_path() / "kentongan.XXXXXX").native();
        folder = ::mkdtemp(name.data());
    }
    ~YaraTest() override { fs::remove_all(folder); }

    fs::path write(std::string_view name, std::string_view content) const {
        const fs::path file = folder / name;
        fs::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << content;
        return file;
    }
    std::shared_ptr<const Rules> load() {
        statuses.clear();
        return Rules::load({folder}, statuses).value();
    }
    std::vector<std::string> states() const {
        std::vector<std::string> out;
        for (const RuleStatus& status : statuses)
            out.push_back(std::string(name_of(status.state)) + " " + status.rule);
        return out;
    }
    std::vector<std::string> matches(std::string_view content, const Target& target = {}) {
        std::vector<std::string> out;
        for (const Match& match : load()->scan(as_bytes(content), target, kSecond).matches)
            out.push_back(match.rule->id);
        return out;
    }
    SkipCounter skips() {
        return [this](std::string_view reason) { skipped.emplace_back(reason); };
    }

    static constexpr std::chrono::seconds kSecond{1};
    fs::path folder;
    std::vector<RuleStatus> statuses;
    std::vector<std::string> skipped;
};

constexpr std::string_view kFoo = R"(rule foo { strings: $a = "foobar" condition: $a })";

TEST_F(YaraTest, RulesOfOneNameInTwoFilesAreTwoRules) {
    write("one.yar", kFoo);
    write("more/two.yara", kFoo);
    write("readme.txt", "not a rule");
    write("samples/foo/broken.yar", "not a rule");
    EXPECT_THAT(matches("..foobar.."), ElementsAre("yara:more/two:foo", "yara:one:foo"));
    EXPECT_THAT(states(), ElementsAre("ok foo", "ok foo"));
}

TEST_F(YaraTest, ABrokenFileIsReportedWithItsLineAndTheOthersWork) {
    write("a.yar", kFoo);
    write("b.yar", "rule bar {\n  condition:\n    $nothing }\n");
    write("c.yar", "import \"nonsense\"\nrule c { condition: true }");
    write("d.yar", "rule d { condition: true }");
    EXPECT_THAT(matches("foobar"), ElementsAre("yara:a:foo", "yara:d:d"));
    EXPECT_THAT(states(), testing::UnorderedElementsAre("failed bar", "failed ", "ok foo", "ok d"));
    EXPECT_EQ(statuses[0].file, folder / "b.yar");
    EXPECT_THAT(statuses[0].reason, HasSubstr("line 3: undefined string \"$nothing\""));
    EXPECT_THAT(statuses[1].reason, HasSubstr("line 1: unknown module \"nonsense\""));
}

TEST_F(YaraTest, AMissingPathIsAnErrorThatNamesIt) {
    const auto result = Rules::load({folder / "none"}, statuses);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::no_input);
    EXPECT_THAT(result.error().message, HasSubstr("none"));
}

TEST_F(YaraTest, AnEmptyFolderIsASetWithoutRules) {
    EXPECT_EQ(load()->size(), 0u);
    EXPECT_THAT(matches("anything"), IsEmpty());
}

TEST_F(YaraTest, IncludesStayBelowTheRuleFolder) {
    fs::create_directory(folder / "rules");
    write("outside.yar", kFoo);
    write("rules/part.yar", "rule part { condition: false }");
    write("rules/good.yar", "include \"part.yar\"\nrule good { condition: true }");
    write("rules/bad.yar", "include \"../outside.yar\"\nrule bad { condition: true }");
    write("rules/host.yar", "include \"/etc/passwd\"\nrule host { condition: true }");
    const auto rules = Rules::load({folder / "rules"}, statuses).value();
    EXPECT_EQ(rules->size(), 3u);  // good, its part, and the part by itself
    ASSERT_EQ(statuses.size(), 5u);
    EXPECT_EQ(statuses[0].file, folder / "rules/bad.yar");
    EXPECT_THAT(statuses[0].reason, HasSubstr("include \"../outside.yar\" is missing or outside"));
    EXPECT_EQ(statuses[1].file, folder / "rules/host.yar");
    EXPECT_EQ(statuses[1].state, RuleStatus::State::failed);
}

TEST_F(YaraTest, MetadataBecomesTheRule) {
    write("a.yar", R"(rule a { meta: id = "my:id" description = "Says what" author = "Ani, Budi"
        severity = "critical" technique = "T1505.003, attack.t1190, nonsense" class = "compromise"
        version = 3 condition: true }
        rule b { meta: score = 85 condition: true }
        rule c { meta: severity = 4 condition: true }
        rule d { meta: severity = "ridiculous" condition: true })");
    const auto rules = load();
    const Rule& a = *rules->all()[0].rule;
    EXPECT_EQ(a.id, "my:id");
    EXPECT_EQ(a.name, "Says what");
    EXPECT_EQ(a.severity, Severity::critical);
    EXPECT_THAT(a.techniques, ElementsAre("T1505.003", "T1190"));
    EXPECT_EQ(a.rule_class, "compromise");
    EXPECT_EQ(a.version, "3");
    EXPECT_EQ(a.sha256, sha256_hex(read_file(folder / "a.yar").value()));
    EXPECT_THAT(a.authors, ElementsAre("Ani, Budi"));
    EXPECT_EQ(rules->all()[1].rule->severity, Severity::high);
    EXPECT_EQ(rules->all()[1].rule->id, "yara:a:b");
    EXPECT_EQ(rules->all()[2].rule->severity, Severity::critical);
    EXPECT_EQ(rules->all()[3].rule->severity, Severity::medium);
}

TEST_F(YaraTest, RulesSeeTheNameOfWhatIsScanned) {
    write("a.yar", R"(rule a { condition: filename == "X.Php" and extension == ".php" and
        filepath == "/srv/X.Php" and owner == "www-data" and tree == "upload" })");
    Target target = target_of("/srv/X.Php");
    target.owner = "www-data";
    target.tree = "upload";
    EXPECT_THAT(matches("", target), ElementsAre("yara:a:a"));
    target.tree = "system";
    EXPECT_THAT(matches("", target), IsEmpty());
}

TEST_F(YaraTest, PrivateRulesHelpAndDoNotMatch) {
    write("a.yar", "private rule p { condition: true } rule a { condition: p }");
    EXPECT_THAT(matches("x"), ElementsAre("yara:a:a"));
    EXPECT_EQ(load()->size(), 1u);
}

TEST_F(YaraTest, AScanThatTakesTooLongIsSkippedAndTheNextOneWorks) {
    write("slow.yar", R"(rule slow { condition: for all i in (0..100000000) : ( for all j in
        (0..100000000) : ( i + j >= 0 ) ) })");
    const auto rules = load();
    EXPECT_EQ(rules->scan(as_bytes("x"), {}, kSecond).skipped, "timeout");
    write("slow.yar", kFoo);
    EXPECT_THAT(matches("foobar"), ElementsAre("yara:slow:foo"));
}

TEST_F(YaraTest, SeveralThreadsScanAtOnceEachWithItsOwnNames) {
    write("a.yar", R"(rule a { strings: $a = "foobar" condition: #a == 3 and filename == "yes" })");
    const auto rules = load();
    std::atomic<int> wrong = 0;
    auto work = [&](const std::string& name) {
        for (int i = 0; i < 500; ++i) {
            const auto result =
                rules->scan(as_bytes("foobarfoobarfoobar"), target_of(name), kSecond);
            if (result.matches.size() != (name == "yes" ? 1u : 0u)) ++wrong;
        }
    };
    {
        std::jthread first{work, "yes"};
        std::jthread second{work, "no"};
        std::jthread third{work, "yes"};
    }
    EXPECT_EQ(wrong, 0);
}

Event file_event(const fs::path& path, std::string_view action = "created") {
    return an_event()
        .of(EventKind::file)
        .with(Field::event_action, action)
        .with(Field::file_path, path.native())
        .with(Field::file_type, "file")
        .build();
}

TEST_F(YaraTest, AFileFindingNamesStringsOffsetsAndTheHashOfWhatWasScanned) {
    write("rules/a.yar", kFoo);
    const auto file = write("x.bin", "0123456789foobar");
    const FileScanner scanner{load(), {}, skips()};
    RecordingFindings out;
    scanner.inspect_file(file_event(file), out);
    scanner.inspect_file(file_event(file, "attributes"), out);
    scanner.inspect_file(file_event(file, "removed"), out);
    ASSERT_EQ(out.all.size(), 1u);
    const Evidence& evidence = out.all[0].evidence.at(0);
    EXPECT_EQ(evidence.excerpt, "rule foo: $a at 0xa");
    EXPECT_EQ(evidence.offset, 10u);
    EXPECT_EQ(evidence.source, file.native());
    EXPECT_EQ(evidence.sha256, out.all[0].subject.file_sha256);
    EXPECT_EQ(out.all[0].entity, file.native());
    EXPECT_THAT(skipped, IsEmpty());
}

TEST_F(YaraTest, FilesTooLargeOrUnreadableAreCountedAndFifosDoNotHang) {
    write("rules/a.yar", kFoo);
    const auto large = write("large", "foobar");
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
    fs::create_symlink(large, folder / "link");
    const FileScanner scanner{load(), {.maximum_bytes = 5}, skips()};
    RecordingFindings out;
    scanner.inspect_file(file_event(large), out);
    scanner.inspect_file(file_event(folder / "fifo"), out);
    scanner.inspect_file(file_event(folder / "gone"), out);
    scanner.inspect_file(file_event(folder / "link"), out);
    EXPECT_THAT(out.all, IsEmpty());
    EXPECT_THAT(skipped, ElementsAre("too_large", "unreadable"));
}

TEST_F(YaraTest, AFileUploadedInAFormIsScannedUnderItsOwnName) {
    write("a.yar", R"(rule a { strings: $a = "foobar" condition: $a at 0 and extension == ".jpg" and
        tree == "upload" })");
    write("b.yar", kFoo);
    BodyDetector detector{load(), skips()};
    const Event event = an_event()
                            .of(EventKind::web)
                            .with(Field::http_request_method, "POST")
                            .with(Field::url_original, "/upload?x=1")
                            .with(Field::http_request_body_content,
                                  "--B\r\nContent-Disposition: form-data; name=\"f\"; "
                                  "filename=\"C:\\tmp\\c.JPG\"\r\n\r\nfoobar\r\n--B--\r\n")
                            .build();
    RecordingFindings out;
    detector.inspect(event, out);
    ASSERT_EQ(out.all.size(), 2u) << "each rule once, though the whole body matches too";
    EXPECT_EQ(out.all[0].rule->id, "yara:a:a");
    EXPECT_THAT(out.all[0].message, HasSubstr("c.JPG uploaded to /upload?x=1"));
}

TEST_F(YaraTest, ABodyThatTakesTooLongIsGivenUpAndCounted) {
    write("slow.yar", R"(rule slow { condition: for all i in (0..100000000) : ( for all j in
        (0..100000000) : ( i + j >= 0 ) ) })");
    BodyDetector detector{load(), skips()};
    RecordingFindings out;
    detector.inspect(
        an_event().of(EventKind::web).with(Field::http_request_body_content, "x").build(), out);
    EXPECT_THAT(skipped, ElementsAre("timeout"));
}

TEST_F(YaraTest, ARuleWithoutSamplesOrWithWrongOnesDoesNotPass) {
    write("a.yar", kFoo);
    write("samples/foo/fires.txt", "nothing here");
    write("samples/foo/silent.recipe", "text foo\ntext bar\n");
    write("samples/foo/silent-2.recipe", "hex 0\n");
    const auto results = test_samples(folder).value();
    ASSERT_EQ(results.size(), 3u);
    EXPECT_THAT(results[0].reason, HasSubstr("should match, but matched nothing"));
    EXPECT_THAT(results[1].reason, HasSubstr("line 1: not a line of a recipe"));
    EXPECT_THAT(results[2].reason, HasSubstr("should match nothing, but matched foo"));
    fs::remove_all(folder / "samples");
    EXPECT_EQ(test_samples(folder).value().size(), 2u);
}

TEST(Multipart, SplitsPartsAndKeepsTheirBytes) {
    const auto out = parts_of(
        "--b\r\nContent-Type: image/jpeg\r\ncontent-disposition: form-data; "
        "filename=../../x.php\r\n\r\n\xFF\xD8\r\n--b\r\n\r\nplain\r\n--b--\r\nepilogue");
    ASSERT_EQ(out.parts.size(), 2u);
    EXPECT_EQ(out.parts[0].filename, "x.php");
    EXPECT_EQ(out.parts[0].content, "\xFF\xD8");
    EXPECT_EQ(out.parts[1].filename, "");
    EXPECT_TRUE(out.complete);
}

TEST(Multipart, ACutBodyGivesWhatThereIsAndTooManyPartsAreSaid) {
    EXPECT_EQ(parts_of("--b\r\n\r\nabc").parts.at(0).content, "abc");
    std::string many = "--b";
    for (int i = 0; i < 20; ++i) many += "\r\n\r\nx\r\n--b";
    const auto out = parts_of(many);
    EXPECT_EQ(out.parts.size(), 16u);
    EXPECT_FALSE(out.complete);
    EXPECT_TRUE(parts_of("name=value").parts.empty());
    EXPECT_TRUE(parts_of("--").parts.empty());
    EXPECT_TRUE(parts_of("").parts.empty());
}

}  // namespace
}  // namespace kentongan::yara
