// Placeholders, parts of dates, and rows of the language that SigmaHQ's rules do not use.
#include "daemon/detect/sigma/date_part.hpp"
#include "tests/unit/detect/sigma/correlations.hpp"

namespace kentongan::sigma {
namespace {

std::shared_ptr<const Placeholders> lists(std::string_view toml) {
    return std::make_shared<const Placeholders>(Placeholders::parse(toml, "p.toml").value());
}

bool fires_expanded(const std::string& item, std::string_view toml, std::string_view json) {
    std::vector<RuleStatus> statuses;
    const auto ruleset = Ruleset::load_text(rule_text("s: {" + item + "}\ncondition: s"), "t.yml",
                                            statuses, {Timestamp{}, lists(toml)});
    EXPECT_EQ(statuses[0].reason, "") << item;
    return rule_holds(ruleset, read_event(json).value());
}

TEST(SigmaExpand, EveryValueOfAListCountsWithTheOtherModifiers) {
    const char* kAdmins = "Admins = [\"root\", \"adm*\"]";
    EXPECT_TRUE(fires_expanded("u|expand: '%Admins%'", kAdmins, R"({"u": "ROOT"})"));
    EXPECT_TRUE(fires_expanded("u|expand: '%Admins%'", kAdmins, R"({"u": "admin7"})"));
    EXPECT_FALSE(fires_expanded("u|expand: '%Admins%'", kAdmins, R"({"u": "xroot"})"));
    EXPECT_TRUE(fires_expanded("u|contains|expand: '%Admins%'", kAdmins, R"({"u": "xroot"})"));
    EXPECT_TRUE(
        fires_expanded("u|expand|endswith: '\\%Admins%'", kAdmins, R"({"u": "KPU%Admins%"})"));
    EXPECT_TRUE(fires_expanded("u|expand: 'KPU-%Admins%'", kAdmins, R"({"u": "kpu-root"})"));
    EXPECT_TRUE(fires_expanded("ip|cidr|expand: '%nets%'",
                               "nets = [\"10.0.0.0/8\", \"192.168.0.0/16\"]",
                               R"({"ip": "192.168.7.7"})"));
    EXPECT_TRUE(fires_expanded("port|expand: '%ports%'", "ports = [22, 2222]", R"({"port": 22})"));
    EXPECT_TRUE(
        fires_expanded("u|all|contains|expand: ['%Admins%', 'x']", kAdmins, R"({"u": "xroot"})"));
    EXPECT_TRUE(fires_expanded("u|expand: '%a%-%b%'", "a = [\"1\", \"2\"]\nb = [\"3\", \"4\"]",
                               R"({"u": "2-3"})"));
}

TEST(SigmaExpand, ANameWithoutAValueRefusesTheRuleByName) {
    EXPECT_EQ(status_of(rule_text("s: {u|expand: '%Admins%'}\ncondition: s")),
              "unsupported: line 4: placeholder '%Admins%' has no value: give it a list in the "
              "placeholders file (setting rules.placeholders)");
    std::vector<RuleStatus> statuses;
    static_cast<void>(Ruleset::load_text(rule_text("s: {u|expand: '%Admins%'}\ncondition: s"),
                                         "t.yml", statuses, {Timestamp{}, lists("Admins = []")}));
    EXPECT_EQ(statuses[0].state, RuleStatus::State::unsupported);
}

TEST(SigmaExpand, PercentSignsElsewhereAreThemselves) {
    EXPECT_TRUE(fires_item("u: '%temp%'", read_event(R"({"u": "%TEMP%"})").value()));
    EXPECT_TRUE(fires_expanded("u|expand: '100% sure'", "", R"({"u": "100% sure"})"));
}

TEST(SigmaExpand, AListFileIsCheckedAndItsExpansionIsBounded) {
    EXPECT_FALSE(Placeholders::parse("a = \"x\"", "p.toml"));
    EXPECT_FALSE(Placeholders::parse("a = [[1]]", "p.toml"));
    EXPECT_FALSE(Placeholders::parse("a = [\"\"]", "p.toml"));
    EXPECT_FALSE(Placeholders::parse("a = ", "p.toml"));
    std::string toml = "a = [";
    for (int i = 0; i < 200; ++i) toml += "\"" + std::to_string(i) + "\",";
    const auto error = lists(toml + "]")->expand("%a%%a%%a%");
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error(), "placeholders make more than 10000 values of one");
}

TEST(SigmaExpand, TheShippedListsHaveTheStandardNames) {
    const auto file = find_placeholders({project_root() / "rules"});
    ASSERT_TRUE(file);
    const auto shipped = Placeholders::load(*file);
    ASSERT_TRUE(shipped) << shipped.error().message;
    for (const char* name :
         {"Administrators", "JumpServers", "Workstations", "Servers", "DomainControllers"})
        EXPECT_NE(shipped->find(name), nullptr) << name;
}

TEST(SigmaDates, PartsAreOfTheDateAsWritten) {
    const std::string_view text = "2024-11-27T23:05:59+07:00";
    EXPECT_EQ(part_of(text, DatePart::minute), 5);
    EXPECT_EQ(part_of(text, DatePart::hour), 23);
    EXPECT_EQ(part_of(text, DatePart::day), 27);
    EXPECT_EQ(part_of(text, DatePart::week), 48);
    EXPECT_EQ(part_of(text, DatePart::month), 11);
    EXPECT_EQ(part_of(text, DatePart::year), 2024);
    EXPECT_EQ(part_of("2021-01-03", DatePart::week), 53);
    EXPECT_EQ(part_of("2024-12-30", DatePart::week), 1);
    EXPECT_EQ(part_of("2024-11-27 07:08", DatePart::hour), 7);
    EXPECT_EQ(part_of("1732698000", DatePart::hour), 9);
    EXPECT_EQ(part_of("1732698000000", DatePart::hour), 9);
    for (const char* bad : {"", "x", "2024-13-01", "2024-02-30", "2024-11-27T25:00", "2024/11/27",
                            "-5", "1e300", "nan"})
        EXPECT_EQ(part_of(bad, DatePart::hour), std::nullopt) << bad;
    EXPECT_EQ(part_of("2024-11-27", DatePart::hour), std::nullopt);
}

TEST(SigmaDates, TimeModifiersCompareParts) {
    const Event event = read_event(R"({"when": "2024-11-27T23:05:00Z", "n": 5})").value();
    EXPECT_TRUE(fires_item("when|hour: 23", event));
    EXPECT_TRUE(fires_item("when|hour|gte: 22", event));
    EXPECT_TRUE(fires_item("when|lt|minute: 6", event));
    EXPECT_FALSE(fires_item("when|day: [1, 2]", event));
    EXPECT_TRUE(fires_item("when|month: [1, 11]", event));
    EXPECT_TRUE(fires_item("when|year|neq: 2023", event));
    EXPECT_FALSE(fires_item("none|hour: 23", event));
    EXPECT_FALSE(fires_item("n|hour: 23", event));
    EXPECT_TRUE(fires_expanded("when|hour|expand: '%night%'", "night = [22, 23, 0]",
                               R"({"when": "2024-11-27T23:05:00Z"})"));
    EXPECT_EQ(status_of(rule_text("s: {a|hour: noon}\ncondition: s")),
              "failed: line 4: a number is needed here, not the text 'noon'");
}

TEST(SigmaDates, TheEventsOwnTimeIsItsTimestamp) {
    const Event event = an_event().at("2024-11-27T23:05:00Z").build();
    EXPECT_TRUE(fires_item("'@timestamp|hour|gte': 22", event));
    EXPECT_FALSE(fires_item("'@timestamp|hour|lt': 22", event));
    EXPECT_TRUE(fires_item("timestamp|week: 48", event));
}

TEST(SigmaLanguage, RowsThatSigmaHqDoesNotUse) {
    const auto event = [](const char* json) { return read_event(json).value(); };
    EXPECT_TRUE(fires_item("a|neq: [x, y]", event(R"({"a": "z"})")));
    EXPECT_FALSE(fires_item("a|neq: [x, y]", event(R"({"a": "Y"})")));
    EXPECT_TRUE(fires_item("a|neq: x", event(R"({"b": 1})"))) << "not (any), also when absent";
    EXPECT_TRUE(fires_item("a|contains|neq: x", event(R"({"a": "abc"})")));
    EXPECT_TRUE(fires_item("a|utf16|base64: 'ab'", event(R"({"a": "//5hAGIA"})")));
    EXPECT_TRUE(fires_item("a|utf16be|base64: 'ab'", event(R"({"a": "AGEAYg=="})")));
    EXPECT_TRUE(fires_item("a|utf16le|base64: 'ab'", event(R"({"a": "YQBiAA=="})")));
    for (const char* coded : {"ZsO2w7", "bDtsO2", "mw7bDt"})
        EXPECT_TRUE(fires_item("a|base64offset|contains: 'föö'",
                               an_event().with("a", std::string("..") + coded).build()))
            << coded;
    EXPECT_TRUE(fires_item("a|contains: 'é'", event(R"({"a": "CAFÉ"})")));
    EXPECT_TRUE(fires_item("a|contains|all: one", event(R"({"a": "one"})")));
    EXPECT_TRUE(fires_item("a|windash|contains: ' -x'", event(R"({"a": "y —x"})")));
    EXPECT_TRUE(fires_item("a|windash|contains: ' /x'", event(R"({"a": "y –x"})")));
    EXPECT_TRUE(fires_item("a: [x, null]", event(R"({"a": null})")));
    EXPECT_TRUE(fires_item("a|startswith: 'x\\'", event(R"({"a": "x\\y"})")));
    EXPECT_TRUE(fires_item("a|cidr: 10.0.0.0/8", event(R"({"a": ["x", "::ffff:10.0.0.1"]})")));
    EXPECT_EQ(status_of(rule_text("s: {a|cidr: 10.0.0.1/8}\ncondition: s")),
              "failed: line 4: the text '10.0.0.1/8' is not a network such as 10.0.0.0/8 (host "
              "bits are zero)");
}

}  // namespace
}  // namespace kentongan::sigma
