#include "daemon/deliver/format/format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "daemon/base/file.hpp"
#include "daemon/deliver/format/uuid.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;

Alert an_alert() {
    auto rule = std::make_shared<Rule>();
    rule->id = "929a690e-1b2c-4d3e-8f90-a1b2c3d4e5f6";
    rule->name = "Edit after submit";
    rule->ruleset = Ruleset::sigma;
    rule->version = "3";
    rule->rule_class = "attack";
    rule->authors = {"KPU"};
    rule->techniques = {"T1565.001"};
    rule->categories = {"web"};
    Alert out;
    out.id = "01JDPY1VY00000000000000000";
    out.rule = rule;
    out.entity = "10.1.2.3";
    out.message = "C.Hasil edited after submit by op17";
    out.severity = Severity::critical;
    out.tlp = Tlp::amber_strict;
    out.count = 3;
    out.first_seen = *parse_rfc3339("2029-02-14T11:31:05.12Z");
    out.last_seen = *parse_rfc3339("2029-02-14T11:31:09.5Z");
    out.created = *parse_rfc3339("2029-02-14T11:31:06Z");
    out.subject.source_ip = IpAddress::parse("10.1.2.3");
    out.subject.source_port = 40123;
    out.subject.destination_ip = IpAddress::parse("2001:db8::5");
    out.subject.user = "op17";
    out.subject.file_path = "/srv/c_hasil/1.jpg";
    out.subject.file_sha256 = std::string(64, 'a');
    out.subject.tps = "3171011001001";
    out.related_ip = {"10.1.2.3"};
    out.evidence.push_back({"log", "/var/log/sirekap.log", 4711, std::string(64, 'b'), "a line"});
    out.agencies = {"kpu", "bssn"};
    out.hostname = "jkt-02";
    return out;
}

Route everything() {
    Route out;
    out.tlp = Tlp::amber_strict;
    out.full = true;
    return out;
}

FormatSettings settings() {
    FormatSettings out;
    out.hostname = "jkt-02";
    out.link = "https://hub.example/alerts/";
    out.mail_from = "kentongan@kpu.example";
    out.mail_to = {"soc@bssn.example", "piket@bssn.example"};
    out.text =
        R"({"chat_id":-100,"parse_mode":"MarkdownV2","text":"*{{markdown:message}}* {{link}}"})";
    return out;
}

std::string body_of(BodyFormat format, const Alert& alert, bool in_syslog = false,
                    const FormatSettings& form = settings()) {
    const json::object let_out = redacted(alert, everything());
    const Message message{let_out, "alert.created", form};
    return in_syslog ? render_syslog(format, message) : render(format, message);
}

/// tests/golden/wire/NAME; KENTONGAN_REFRESH=1 writes them anew.
void expect_golden(const std::string& name, const std::string& bytes) {
    const auto path = project_root() / "tests/golden/wire" / name;
    if (std::getenv("KENTONGAN_REFRESH") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        ASSERT_TRUE(write_file(path, bytes + "\n"));
    }
    EXPECT_EQ(read_file(path).value_or("no golden file"), bytes + "\n") << path;
}

TEST(WireFormat, EachIsAsTheGoldenFileSays) {
    Alert drill = an_alert();
    drill.exercise = true;
    for (int i = 0; i <= static_cast<int>(BodyFormat::custom); ++i) {
        const auto format = static_cast<BodyFormat>(i);
        expect_golden(std::string(name_of(format)), body_of(format, an_alert()));
        expect_golden(std::string(name_of(format)) + ".exercise", body_of(format, drill));
    }
    for (const auto format :
         {BodyFormat::syslog, BodyFormat::cef, BodyFormat::ecs, BodyFormat::ocsf})
        expect_golden(fmt::format("rfc5424.{}", name_of(format)),
                      body_of(format, an_alert(), true));
}

TEST(WireFormat, EndingsAndSignsOfLifeAreAsTheirGoldenFiles) {
    const json::object let_out = redacted(an_alert(), everything());
    const FormatSettings form = settings();
    for (int i = 0; i <= static_cast<int>(BodyFormat::custom); ++i) {
        const auto format = static_cast<BodyFormat>(i);
        expect_golden(fmt::format("{}.resolved", name_of(format)),
                      render(format, {let_out, "alert.resolved", form}));
        const auto alive = render_heartbeat(format, false, "2029-02-14T11:31:05Z", false, form);
        if (!alive.empty()) expect_golden(fmt::format("{}.heartbeat", name_of(format)), alive);
    }
    for (const auto format :
         {BodyFormat::syslog, BodyFormat::cef, BodyFormat::ecs, BodyFormat::ocsf})
        expect_golden(fmt::format("rfc5424.{}.heartbeat", name_of(format)),
                      render_heartbeat(format, true, "2029-02-14T11:31:05Z", false, form));
}

TEST(WireFormat, TheOtherDressesOfStixAreAsTheirGoldenFiles) {
    FormatSettings form = settings();
    form.envelope = true;
    expect_golden("stix.taxii", body_of(BodyFormat::stix, an_alert(), false, form));
    form.envelope = false;
    form.tlp1_compat = true;
    expect_golden("stix.tlp1", body_of(BodyFormat::stix, an_alert(), false, form));
}

TEST(WireFormat, AnExerciseSaysSoToPeopleInEveryForm) {
    Alert drill = an_alert();
    drill.exercise = true;
    for (int i = 0; i <= static_cast<int>(BodyFormat::custom); ++i) {
        const std::string body = body_of(static_cast<BodyFormat>(i), drill);
        const bool told = body.find("LATIHAN") != std::string::npos ||
                          body.find("\"exercise\":\"true\"") != std::string::npos;
        EXPECT_TRUE(told) << body;
    }
    EXPECT_THAT(body_of(BodyFormat::mail, drill), HasSubstr("Subject: =?UTF-8?B?"));
}

TEST(WireFormat, HostileTextStaysInsideItsField) {
    Alert hostile = an_alert();
    auto rule = std::make_shared<Rule>(*hostile.rule);
    rule->name = "a|b\\c\r\nBcc: all@x\r\n\r\n<1>1 - - x";
    rule->id = "x\"]} \\ y";
    hostile.rule = rule;
    hostile.message = "total=412|\\\n<130>1 fake\r\n.\r\nQUIT\r\n\"}],\"x\":\"*_`[a](b)";
    hostile.subject.user = "a=b c=d\nact=none";
    const std::string cef = body_of(BodyFormat::cef, hostile);
    EXPECT_EQ(cef.find('\n'), std::string::npos);
    EXPECT_THAT(cef, HasSubstr(R"(a\|b\\c  Bcc: all@x)"));
    EXPECT_THAT(cef, HasSubstr(R"(suser=a\=b c\=d\nact\=none)"));
    EXPECT_THAT(cef, HasSubstr(R"(msg=total\=412|\\\n<130>1 fake)"));
    const std::string syslog = body_of(BodyFormat::syslog, hostile, true);
    EXPECT_EQ(syslog.find('\n'), std::string::npos);
    EXPECT_THAT(syslog, HasSubstr(R"(rule="x\"\]} \\ y")"));
    const std::string mail = body_of(BodyFormat::mail, hostile);
    EXPECT_EQ(mail.find("\r\nBcc:"), std::string::npos);
    EXPECT_EQ(mail.find("\r\n.\r\n"), std::string::npos);
    for (const auto format :
         {BodyFormat::ecs, BodyFormat::ocsf, BodyFormat::eve, BodyFormat::stix,
          BodyFormat::alertmanager, BodyFormat::custom, BodyFormat::kentongan}) {
        boost::system::error_code code;
        (void)json::parse(body_of(format, hostile), code);
        EXPECT_FALSE(code) << name_of(format);
    }
    EXPECT_THAT(body_of(BodyFormat::custom, hostile), HasSubstr(R"(\\*\\_\\`\\[a\\]\\(b\\))"));
}

TEST(WireFormat, StaysBelowItsLimitWhateverTheAlertHolds) {
    Alert huge = an_alert();
    huge.message = std::string(30000, '\x01');
    huge.subject.url = huge.entity = std::string(30000, '\\');
    huge.related_ip.assign(64, std::string(2000, 'i'));
    huge.evidence.assign(16, {"log", std::string(4000, 's'), 1, "", std::string(1024, '"')});
    for (int i = 0; i <= static_cast<int>(BodyFormat::custom); ++i)
        EXPECT_LT(body_of(static_cast<BodyFormat>(i), huge).size(), kMaximumBody);
    for (const auto format :
         {BodyFormat::syslog, BodyFormat::cef, BodyFormat::ecs, BodyFormat::ocsf})
        EXPECT_LE(body_of(format, huge, true).size(), kMaximumSyslog) << name_of(format);
}

TEST(Ecs, HasItsLinkAlsoWhenTheRouteKeepsTheObserverBack) {
    Route route = everything();
    route.withhold = {"observer"};
    const json::object let_out = redacted(an_alert(), route);
    ASSERT_FALSE(let_out.contains("observer"));
    const FormatSettings form = settings();
    const auto out = json::parse(render(BodyFormat::ecs, {let_out, "alert.created", form}));
    EXPECT_EQ(out.at("event").at("reference").as_string(),
              "https://hub.example/alerts/01JDPY1VY00000000000000000");
    EXPECT_EQ(out.at("observer").at("product").as_string(), "kentongan");
}

TEST(Stix, UsesTheMarkingsOfTheOasisFiles) {
    const std::pair<Tlp, const char*> kIds[]{
        {Tlp::clear, "94868c89-83c2-464b-929b-a1a8aa3c8487"},
        {Tlp::green, "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
        {Tlp::amber, "55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
        {Tlp::amber_strict, "939a9414-2ddd-4d32-a0cd-375ea402b003"},
        {Tlp::red, "e828b379-4e03-4974-9ac4-e53a884c97c1"}};
    for (const auto& [tlp, id] : kIds) {
        Route route = everything();
        route.tlp = tlp;
        const json::object let_out = redacted(an_alert(), route);
        const FormatSettings form = settings();
        const json::object bundle = to_stix({let_out, "alert.created", form});
        const std::string text = json::serialize(bundle);
        EXPECT_THAT(text, HasSubstr("\"object_marking_refs\":[\"marking-definition--" +
                                    std::string(id) + "\"]"));
        EXPECT_FALSE(bundle.contains("spec_version"));
        EXPECT_THAT(text, Not(HasSubstr("definition_type")));
    }
}

TEST(Stix, OldToolsGetTheOldMarkingsAndNoNewOnes) {
    FormatSettings form = settings();
    form.tlp1_compat = true;
    const std::string text = body_of(BodyFormat::stix, an_alert(), false, form);
    EXPECT_THAT(text, HasSubstr("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"));
    EXPECT_THAT(text, Not(HasSubstr("tlp_2_0")));
}

TEST(Stix, EveryReferenceIsToAnObjectOfTheBundle) {
    const json::object bundle = json::parse(body_of(BodyFormat::stix, an_alert())).as_object();
    std::set<std::string> ids;
    for (const auto& object : bundle.at("objects").as_array())
        EXPECT_TRUE(ids.insert(std::string(object.at("id").as_string())).second);
    for (const auto& object : bundle.at("objects").as_array())
        for (const auto& [name, value] : object.as_object()) {
            if (std::string_view(name).ends_with("_ref"))
                EXPECT_TRUE(ids.contains(std::string(value.as_string()))) << name;
            if (std::string_view(name).ends_with("_refs"))
                for (const auto& id : value.as_array())
                    EXPECT_TRUE(ids.contains(std::string(id.as_string()))) << name;
        }
}

TEST(Stix, AnUpdateKeepsTheIdsAndMovesModified) {
    Alert later = an_alert();
    later.last_seen += std::chrono::minutes{5};
    const auto sighting = [](const Alert& alert) {
        const auto bundle = json::parse(body_of(BodyFormat::stix, alert)).as_object();
        return bundle.at("objects").as_array().back().as_object();
    };
    EXPECT_EQ(sighting(an_alert()).at("id"), sighting(later).at("id"));
    EXPECT_LT(sighting(an_alert()).at("modified").as_string(),
              sighting(later).at("modified").as_string());
}

TEST(Uuid, OfANameIsAsTheRfcsExample) {
    EXPECT_EQ(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"),
              "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    // The id that other tools derive for ipv4-addr 198.51.100.3.
    EXPECT_EQ(uuid5("00abedb4-aa42-466c-9c01-fed23315a9b7", R"({"value":"198.51.100.3"})"),
              "28bb3599-77cd-5a82-a950-b5bc3caf07c4");
}

TEST(Alertmanager, TellsAlertsApartByWhatDoesNotChange) {
    Alert later = an_alert();
    later.count = 900;
    later.message = "another text";
    later.subject.source_ip = IpAddress::parse("10.9.9.9");
    const auto labels = [](const Alert& alert) {
        return json::parse(body_of(BodyFormat::alertmanager, alert)).at(0).at("labels");
    };
    EXPECT_EQ(labels(an_alert()), labels(later));
    Alert other = an_alert();  // of the same rule, about somebody else
    other.id = "01JDPY1VY00000000000000009";
    EXPECT_NE(labels(an_alert()), labels(other));
}

TEST(Heartbeat, HasABodyInEachFormThatCanCarryOne) {
    for (int i = 0; i <= static_cast<int>(BodyFormat::custom); ++i) {
        const auto format = static_cast<BodyFormat>(i);
        const bool none = format == BodyFormat::stix || format == BodyFormat::mail ||
                          format == BodyFormat::custom;
        EXPECT_EQ(
            render_heartbeat(format, false, "2029-02-14T11:31:05Z", false, settings()).empty(),
            none)
            << name_of(format);
    }
}

}  // namespace
}  // namespace kentongan
