// For every route of the shipped routing file and every form: what was planted in an alert and may
// not leave is not in the bytes.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/base/file.hpp"
#include "daemon/deliver/destinations.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

struct Planted {
    const char* what;
    const char* value;
    bool (*may)(const Route& route);
};

bool owner(const Route& route) { return route.full; }
bool personal(const Route& route) { return route.personal; }
bool tallies(const Route& route) { return route.tallies; }
bool candidates(const Route& route) { return route.candidates; }
/// Account names are for whom no row withholds or hashes them.
bool accounts(const Route& route) {
    const auto has = [](const std::vector<std::string>& paths) {
        return std::ranges::find(paths, "user") != paths.end();
    };
    return !has(route.withhold) && !has(route.hash) && (route.only.empty() || has(route.only));
}

/// Addresses are for whom no row withholds them or cuts them to networks.
bool addresses(const Route& route) {
    const auto has = [](const std::vector<std::string>& paths) {
        return std::ranges::any_of(paths, [](const std::string& path) {
            return path == "source" || path == "source.ip" || path == "related.ip";
        });
    };
    return !has(route.withhold) && !has(route.hash) && !has(route.prefix) &&
           (route.only.empty() || has(route.only));
}

constexpr Planted kPlanted[]{{"NIK", "3174021508900001", personal},
                             {"NIK in groups", "3174 0215 0890 0017", personal},
                             {"NKK", "3273061204110005", personal},
                             {"phone", "081234567890", personal},
                             {"phone", "+62 812-9876-5432", personal},
                             {"e-mail", "siti.rahma@mail.example", personal},
                             {"account name", "op_depok_17", accounts},
                             {"account name in a storm", "op_bogor_23", accounts},
                             {"address in a storm", "192.0.2.99", addresses},
                             {"network of a storm", "192.0.2.0/24", addresses},
                             {"account name in a storm", "op_bogor_99", accounts},
                             {"tally", "48213", tallies},
                             {"tally", "912.477", tallies},
                             {"candidate", "100026", candidates},
                             {"candidate's name", "Budi Santosa", candidates},
                             {"token", "c2VjcmV0LXRva2Vu", owner},
                             {"password", "hunter2hunter2", owner},
                             {"JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", owner}};

Alert an_alert(std::string rule_class) {
    auto rule = std::make_shared<Rule>();
    rule->id = "sirekap:edit-after-submit";
    rule->name = "Result changed after it was submitted";
    rule->ruleset = Ruleset::sirekap;
    rule->rule_class = std::move(rule_class);
    rule->techniques = {"T1565.001"};
    rule->severity = Severity::critical;
    const std::string text =
        "op_bogor_23 from 192.0.2.99 and op_depok_17 (NIK 3174021508900001, 3174 0215 0890 0017, "
        "KK 3273061204110005, WA "
        "081234567890 or +62 812-9876-5432, siti.rahma@mail.example) gave candidate 100026 Budi "
        "Santosa 48213 votes, suara_sah is 912.477, {\"100026\": 48213}; Authorization: Bearer "
        "c2VjcmV0LXRva2Vu password=hunter2hunter2 "
        "session=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc";
    Alert out;
    out.id = "01JDPY1VY00000000000000000";
    out.rule = rule;
    out.entity = "op_depok_17";
    out.message = text;
    out.severity = Severity::critical;
    out.count = 3;
    out.first_seen = out.created = *parse_rfc3339("2029-02-14T11:31:05.12Z");
    out.last_seen = *parse_rfc3339("2029-02-14T11:31:09Z");
    out.subject.source_ip = IpAddress::parse("203.0.113.77");
    out.subject.user = "op_depok_17";
    out.subject.url = "/upload?nik=3174021508900001&token=c2VjcmV0LXRva2Vu&total=48213";
    out.subject.file_path = "/srv/op_depok_17/3273061204110005.csv";
    out.subject.tps = "3171011001001";
    out.related_ip = {"203.0.113.77", "203.0.113.78", "198.51.100.9"};
    out.related_user = {"op_depok_17"};
    out.storm = Storm{.of = "network",
                      .name = "192.0.2.0/24",
                      .alerts = 40,
                      .ids = {"01JDPY1VY00000000000000001"},
                      .entities = {"192.0.2.99", "op_bogor_23", "3174021508900001", text}};
    out.severity_reasons = {"op_bogor_23 is watched: " + text};
    out.suppressed = text;
    out.evidence.push_back({"log", "/var/log/sirekap.log", 4711, std::string(64, 'b'), text});
    out.agencies = {"kpu", "bssn", "polri", "brin"};
    out.hostname = "jkt-02";
    return out;
}

/// The alert of a storm: samples of entities that stand nowhere else, and texts of the desk.
Alert a_storm(std::string rule_class) {
    Alert out = an_alert(std::move(rule_class));
    out.subject = {};
    out.entity = "storm of sirekap:edit-after-submit";
    out.message = "Storm: counted here until it is calm. Newest: op_bogor_99 and " + out.message;
    out.severity_reasons = {"asset of op_depok_17 and 3174021508900001 is critical"};
    out.suppressed = "op_depok_17-081234567890";
    out.storm = Storm{
        .of = "rule",
        .name = "sirekap:edit-after-submit",
        .alerts = 90,
        .ids = {"01JDPY1VY00000000000000001"},
        .entities = {"op_bogor_99", "op_bogor_23", "192.0.2.99", "op_depok_17", "3174021508900001",
                     "Budi Santosa", "siti.rahma@mail.example", "203.0.113.77"}};
    return out;
}

/// Without the soft line ends that break a mail's lines, and the escapes of what is not ASCII.
std::string as_read(BodyFormat format, std::string bytes) {
    if (format != BodyFormat::mail) return bytes;
    for (auto at = bytes.find("=\r\n"); at != std::string::npos; at = bytes.find("=\r\n"))
        bytes.erase(at, 3);
    return bytes;
}

std::shared_ptr<const Routing> shipped(bool with_keys) {
    const auto path = project_root() / "rules/routing/routing.toml";
    std::string text = read_file(path).value();
    const std::string none = "candidate_names = []";
    text.replace(text.find(none), none.size(), "candidate_names = [\"Budi Santosa\"]");
    const auto routing = Routing::parse(text, path.string()).value();
    PseudonymKeys keys;
    for (const auto& name : routing.agencies())
        if (with_keys) keys[name] = std::make_shared<const PseudonymKey>(PseudonymKey::generate());
    return routing.with_keys(keys);
}

Destination in_form(BodyFormat format, bool in_syslog) {
    Destination out{.name = "x", .agency = "", .format = format, .in_syslog = in_syslog};
    out.form.mail_from = "k@kpu.example";
    out.form.mail_to = {"soc@bssn.example"};
    out.form.link = "https://hub.example/alerts/";
    out.form.text =
        R"({"chat_id":1,"text":"{{markdown:message}} {{user.name}} {{url:url.original}}"})";
    return out;
}

using MakeAlert = Alert (*)(std::string rule_class);

/// Every row of the class, those that wait for a review among them.
std::vector<Route> rows_of(const Routing& routing, const std::string& name) {
    std::vector<Route> out;
    for (const std::string& agency : routing.agencies())
        if (const Route* row = routing.share(an_alert(name), agency)) out.push_back(*row);
    return out;
}

class PlantedValues : public testing::TestWithParam<std::tuple<bool, MakeAlert>> {};

TEST_P(PlantedValues, NeverLeaveForWhomTheyAreNot) {
    const auto [with_keys, make] = GetParam();
    const auto routing = shipped(with_keys);
    int bodies = 0;
    for (const std::string& name : routing->classes())
        for (const Route& route : rows_of(*routing, name))
            for (int form = 0; form <= static_cast<int>(BodyFormat::custom); ++form)
                for (const bool in_syslog : {false, true}) {
                    Destination to = in_form(static_cast<BodyFormat>(form), in_syslog);
                    if (in_syslog && to.format != BodyFormat::syslog &&
                        to.format != BodyFormat::cef && to.format != BodyFormat::ecs &&
                        to.format != BodyFormat::ocsf)
                        continue;
                    to.agency = route.agency;
                    const Destinations all{{to}};
                    const auto sent = all.messages(make(name), route, "alert.created");
                    ASSERT_EQ(sent.size(), 1u);
                    const std::string bytes = as_read(to.format, sent[0].body);
                    ++bodies;
                    for (const Planted& planted : kPlanted) {
                        if (planted.may(route)) continue;
                        EXPECT_EQ(bytes.find(planted.value), std::string::npos)
                            << planted.what << " in class " << name << " to " << route.agency
                            << " as " << name_of(to.format) << (in_syslog ? " in syslog" : "")
                            << ":\n"
                            << bytes;
                        if (testing::Test::HasFailure()) return;
                    }
                }
    EXPECT_GT(bodies, 300);
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutKeys, PlantedValues,
                         testing::Combine(testing::Bool(), testing::Values(&an_alert, &a_storm)));

TEST(Planted, TheOwnerReadsTextsAsTheyAre) {
    const auto routing = shipped(true);
    for (const Route& route : routing->route(an_alert("result_integrity"))) {
        const Destinations none;
        const auto sent = none.messages(an_alert("result_integrity"), route, "alert.created");
        ASSERT_EQ(sent.size(), 1u);
        EXPECT_EQ(sent[0].destination, route.agency);
        if (route.full) {
            EXPECT_NE(sent[0].body.find("3174021508900001"), std::string::npos);
            EXPECT_NE(sent[0].body.find("48213"), std::string::npos);
        }
    }
}

TEST(Planted, PseudonymsAreTheSameUnderOneKeyAndDifferentUnderAnother) {
    const auto key = PseudonymKey::parse("k3:" + std::string("MDEyMzQ1Njc4OWFiY2RlZg==")).value();
    EXPECT_EQ(key.name("NIK", "3174021508900001"), key.name("NIK", "3174021508900001"));
    EXPECT_EQ(key.name("NIK", "3174021508900001").size(), std::string("NIK#k3:").size() + 16);
    EXPECT_NE(key.name("NIK", "3174021508900001"), key.name("NIK", "3174021508900002"));
    EXPECT_NE(key.name("USER", "x"), key.name("HOST", "x"));
    EXPECT_NE(PseudonymKey::generate().name("NIK", "1"), PseudonymKey::generate().name("NIK", "1"));
    EXPECT_FALSE(PseudonymKey::parse("k3:dG9vIHNob3J0"));
}

TEST(Destinations, AnInsiderAlertDoesNotReachTheSubjectsOwnUnit) {
    Destination noc{.name = "kpu", .agency = "kpu"};
    Destination cell{.name = "kpu_cell", .agency = "kpu", .classes = {"insider"}};
    const Destinations all{{noc, cell},
                           {{.users = {"op_*"}, .hosts = {"noc-*"}, .destinations = {"kpu"}}}};
    Route route;
    route.agency = "kpu";
    route.full = true;
    const auto about = all.messages(an_alert("insider"), route, "alert.created");
    ASSERT_EQ(about.size(), 1u);
    EXPECT_EQ(about[0].destination, "kpu_cell");
    Alert other = an_alert("insider");
    other.subject.user = "dba_3";
    other.related_user = {"dba_3"};
    EXPECT_EQ(all.messages(other, route, "alert.created").size(), 2u);
    EXPECT_EQ(all.messages(an_alert("attack"), route, "alert.created").size(), 1u);
}

TEST(Destinations, NobodyHearsOfItsOwnFailureAndCriticalsOvertake) {
    const Destinations all{{{.name = "bssn", .agency = "x"}, {.name = "kpu", .agency = "x"}}};
    Route route;
    route.agency = "x";
    Alert alert = an_alert("delivery");
    alert.entity = "bssn";
    const auto sent = all.messages(alert, route, "alert.created");
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].destination, "kpu");
    EXPECT_EQ(sent[0].lane, Urgency::critical);
}

}  // namespace
}  // namespace kentongan
