// Holds the rule pack to what it promises: every rule says what it is, whom it is for and what it
// mistakes, has samples of both kinds, and stands in the table of rules/sigma/README.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include "daemon/base/file.hpp"
#include "daemon/detect/sigma/metadata_reader.hpp"
#include "daemon/detect/sigma/ruleset.hpp"
#include "tests/support/project.hpp"

namespace kentongan::sigma {
namespace {

namespace fs = std::filesystem;

const fs::path& pack() {
    static const fs::path folder = project_root() / "rules" / "sigma";
    return folder;
}

std::string text_of(const fs::path& file) { return read_file(file).value(); }

/// A part of a YAML document, which lives as long as it.
class Part {
  public:
    Part(std::shared_ptr<const yaml::Document> document, yaml::Node node)
        : document_(std::move(document)), node_(node) {}

    Part operator[](std::string_view key) const { return {document_, member(node_, key)}; }
    [[nodiscard]] std::vector<Part> elements() const {
        std::vector<Part> out;
        for (std::size_t i = 0; i < node_.size(); ++i) out.emplace_back(document_, node_[i]);
        return out;
    }
    [[nodiscard]] std::string text() const { return node_.IsDefined() ? node_.Scalar() : ""; }
    [[nodiscard]] std::size_t size() const { return node_.IsDefined() ? node_.size() : 0; }
    explicit operator bool() const { return node_.IsDefined(); }

  private:
    std::shared_ptr<const yaml::Document> document_;
    yaml::Node node_;
};

std::vector<Part> documents_of(std::string_view text) {
    std::vector<Part> out;
    while (!text.empty()) {
        const auto end = text.find("\n---\n");
        auto parsed = yaml::Document::parse(text.substr(0, end), 0);
        auto document = std::make_shared<const yaml::Document>(std::move(parsed.value()));
        out.emplace_back(document, document->root());
        text = end == text.npos ? "" : text.substr(end + 5);
    }
    return out;
}

/// A file of the pack; its alarm is the document that is no mere part of a correlation.
struct PackFile {
    fs::path path;
    std::vector<Part> documents;

    [[nodiscard]] std::string name() const {
        return fs::relative(path, pack()).replace_extension().generic_string();
    }
    [[nodiscard]] std::vector<Part> alarms() const {
        std::vector<Part> out;
        std::ranges::copy_if(documents, std::back_inserter(out), [](const Part& document) {
            return document["level"].text() != "informational";
        });
        return out;
    }
};

const std::vector<PackFile>& pack_files() {
    static const auto kFiles = [] {
        std::vector<PackFile> out;
        for (const fs::path& path : rule_files({pack()}))
            out.push_back({path, documents_of(text_of(path))});
        return out;
    }();
    return kFiles;
}

std::vector<std::string> tags_of(const Part& rule, std::string_view prefix) {
    std::vector<std::string> out;
    for (const Part& node : rule["tags"].elements())
        if (const auto tag = node.text(); tag.starts_with(prefix))
            out.push_back(tag.substr(prefix.size()));
    return out;
}

/// The detections a description begins with: "W03, X05." or a technique where the catalogue has
/// none.
std::string detections_of(const Part& rule) {
    static const std::regex kLead(R"(^((?:[A-Z]\d\d|T\d{4}(?:\.\d{3})?)(?:, [A-Z]\d\d)*)\.\s)");
    const auto description = rule["description"].text();
    std::smatch found;
    return std::regex_search(description, found, kLead) ? found[1].str() : "";
}

std::string row_of(const PackFile& file, const Part& rule) {
    const Part correlation = rule["correlation"];
    const auto classes = tags_of(rule, "kentongan.class.");
    return fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", file.name(), rule["title"].text(),
                       detections_of(rule), correlation ? correlation["type"].text() : "",
                       rule["level"].text(), classes.empty() ? "" : classes.front());
}

constexpr std::string_view kBegin =
    "<!-- rules: written by the test SigmaPack, KENTONGAN_REFRESH=1 -->\n";
constexpr std::string_view kEnd = "<!-- end of rules -->\n";

std::string table() {
    std::string out =
        "| file | what it sees | detection | counts | level | class |\n|---|---|---|---|---|---|\n";
    for (const PackFile& file : pack_files())
        for (const Part& rule : file.alarms()) out += row_of(file, rule);
    return out;
}

TEST(SigmaPack, HoldsAtLeastSixtyRulesOfOurOwn) { EXPECT_GE(pack_files().size(), 60u); }

TEST(SigmaPack, EveryAlarmSaysWhoWroteItWhatItMeansAndWhatItMistakes) {
    const std::set<std::string> levels{"low", "medium", "high", "critical"};
    std::set<std::string> titles;
    for (const PackFile& file : pack_files()) {
        ASSERT_FALSE(file.alarms().empty()) << file.name();
        for (const Part& rule : file.alarms()) {
            EXPECT_TRUE(titles.insert(rule["title"].text()).second) << file.name();
            EXPECT_EQ(rule["author"].text(), "Kentongan") << file.name();
            EXPECT_GT(rule["falsepositives"].size(), 0u) << file.name();
            EXPECT_TRUE(levels.contains(rule["level"].text())) << file.name();
            EXPECT_FALSE(tags_of(rule, "attack.t").empty()) << file.name();
            EXPECT_NE(detections_of(rule), "") << file.name() << ": which detection is it?";
            EXPECT_EQ(tags_of(rule, "kentongan.class.").size(), 1u) << file.name();
            EXPECT_EQ(rule["description"].text().find("fraud"), std::string::npos);
        }
    }
}

TEST(SigmaPack, EveryClassHasARowInTheRouting) {
    const auto routing = text_of(project_root() / "rules" / "routing" / "routing.toml");
    for (const PackFile& file : pack_files())
        for (const Part& rule : file.alarms())
            for (const auto& name : tags_of(rule, "kentongan.class."))
                EXPECT_NE(routing.find("[class." + name + "]"), std::string::npos)
                    << file.name() << ": " << name;
}

TEST(SigmaPack, AlertsAboutResultsSpeakOfAnInconsistency) {
    for (const PackFile& file : pack_files())
        for (const Part& rule : file.alarms()) {
            const auto classes = tags_of(rule, "kentongan.class.");
            if (classes.empty() || classes.front() != "result_integrity") continue;
            auto description = rule["description"].text();
            std::ranges::replace(description, '\n', ' ');
            const bool destroyed = rule["title"].text().find("dropped") != std::string::npos;
            EXPECT_TRUE(destroyed ||
                        description.find("inconsistency in Sirekap data") != std::string::npos)
                << file.name();
        }
}

TEST(SigmaPack, IdsAreOfVersionFourAndEveryPartOfACorrelationHasAName) {
    const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    std::set<std::string> seen;
    for (const PackFile& file : pack_files())
        for (const Part& document : file.documents) {
            const auto id = document["id"].text();
            EXPECT_TRUE(std::regex_match(id, uuid)) << file.name() << ": " << id;
            EXPECT_TRUE(seen.insert(id).second) << file.name() << ": " << id;
            if (document["level"].text() == "informational")
                EXPECT_TRUE(document["name"]) << file.name();
        }
}

TEST(SigmaPack, EveryFileHasSamplesThatFireAndSamplesThatMustNot) {
    for (const PackFile& file : pack_files()) {
        const fs::path folder = file.path.parent_path() / "samples" / file.path.stem();
        std::set<std::string> kinds;
        if (fs::is_directory(folder))
            for (const auto& entry : fs::directory_iterator(folder)) {
                const auto name = entry.path().filename().string();
                kinds.insert(name.starts_with("fires") ? "fires" : "silent");
            }
        EXPECT_EQ(kinds, (std::set<std::string>{"fires", "silent"})) << file.name();
    }
}

TEST(SigmaPack, NoFolderOfSamplesHasLostItsRule) {
    for (const auto& entry : fs::recursive_directory_iterator(pack()))
        if (entry.is_directory() && entry.path().parent_path().filename() == "samples") {
            const auto rule = entry.path().parent_path().parent_path() /
                              (entry.path().filename().string() + ".yml");
            EXPECT_TRUE(fs::exists(rule)) << entry.path();
        }
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
    std::set<std::string> out;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
        out.insert((*at)[1].str());
    return out;
}

TEST(SigmaPack, ListsThatRulesNameHaveValuesAndAreExplained) {
    std::set<std::string> used;
    for (const PackFile& file : pack_files())
        used.merge(matches(text_of(file.path), std::regex(R"(expand: '[^'\n]*%([a-z_]+)%)")));
    EXPECT_GE(used.size(), 10u);
    const auto lists =
        matches(text_of(pack() / "placeholders.toml"), std::regex(R"((?:^|\n)([\w-]+) = \[")"));
    const auto readme = text_of(pack() / "README.md");
    for (const std::string& list : used) {
        EXPECT_TRUE(lists.contains(list)) << list;
        EXPECT_NE(readme.find("`" + list + "`"), std::string::npos) << list;
    }
}

TEST(SigmaPack, TheReadmeListsEveryRuleAsItIs) {
    const fs::path file = pack() / "README.md";
    const auto readme = text_of(file);
    const auto begin = readme.find(kBegin);
    const auto end = readme.find(kEnd);
    ASSERT_NE(begin, std::string::npos);
    ASSERT_NE(end, std::string::npos);
    const auto from = begin + kBegin.size();
    if (std::getenv("KENTONGAN_REFRESH") != nullptr)
        std::ofstream(file) << readme.substr(0, from) << table() << readme.substr(end);
    else
        EXPECT_EQ(readme.substr(from, end - from), table());
}

}  // namespace
}  // namespace kentongan::sigma
