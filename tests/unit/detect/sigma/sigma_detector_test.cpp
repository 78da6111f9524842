#include "daemon/detect/sigma/sigma_detector.hpp"

#include <gtest/gtest.h>

#include "tests/support/findings.hpp"
#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

constexpr std::string_view kRules = R"(title: Admin page probed
id: 11111111-1111-4111-8111-111111111111
author: 'A. Penulis (Tim, Jakarta), B'
date: 2024-01-01
modified: 2024-02-02
level: high
tags: [attack.initial-access, attack.t1190, attack.t1110.001, kentongan.class.compromise]
logsource: {category: webserver}
detection:
    s: {cs-uri-stem|startswith: '/admin'}
    condition: s
---
title: Seen elsewhere
id: 22222222-2222-4222-8222-222222222222
tags: [kentongan.category.web, kentongan.category.network]
logsource: {category: proxy}
detection:
    s: {cs-uri-stem|startswith: '/admin'}
    condition: s
---
title: Keyword
id: 33333333-3333-4333-8333-333333333333
logsource: {service: nginx}
detection:
    k: [admin]
    condition: k
)";

Event admin_request() {
    return an_event()
        .of(EventKind::web)
        .at("2024-11-27T06:00:00Z")
        .in("access.log", 120)
        .from({"webserver", "", "nginx"})
        .saying("GET /admin/x")
        .with(Field::url_path, "/admin/x")
        .with(Field::source_ip, *IpAddress::parse("203.0.113.7"))
        .build();
}

TEST(SigmaDetector, ReportsEachRuleOnceWithWhatMatched) {
    SigmaDetector detector(std::make_shared<const Ruleset>(ruleset_of(kRules)));
    RecordingFindings findings;
    detector.inspect(admin_request(), findings);
    ASSERT_EQ(findings.all.size(), 2u);
    const Finding& first = findings.all[0];
    EXPECT_EQ(first.message, "Admin page probed: url.path is '/admin/x'");
    EXPECT_EQ(first.entity, "203.0.113.7");
    EXPECT_EQ(first.rule->severity, Severity::high);
    EXPECT_EQ(first.evidence.at(0).offset, 120u);
    EXPECT_EQ(findings.all[1].message, "Keyword: 'GET /admin/x'");
}

TEST(SigmaDetector, RulesCarryTheirMetadata) {
    const auto ruleset = ruleset_of(kRules);
    const Rule& rule = *ruleset.program().rules[0].rule;
    EXPECT_EQ(rule.id, "11111111-1111-4111-8111-111111111111");
    EXPECT_EQ(rule.ruleset, kentongan::Ruleset::sigma);
    EXPECT_EQ(rule.version, "2024-02-02");
    EXPECT_EQ(rule.authors, (std::vector<std::string>{"A. Penulis (Tim, Jakarta)", "B"}));
    EXPECT_EQ(rule.techniques, (std::vector<std::string>{"T1190", "T1110.001"}));
    EXPECT_EQ(rule.rule_class, "compromise");
    EXPECT_EQ(rule.categories, (std::vector<std::string>{"web"}));
    const Rule& second = *ruleset.program().rules[1].rule;
    EXPECT_EQ(second.rule_class, "attack");
    EXPECT_EQ(second.severity, Severity::medium);
    EXPECT_EQ(second.categories, (std::vector<std::string>{"web", "network"}));
}

TEST(SigmaDetector, ForgetsOneEventBeforeTheNext) {
    SigmaDetector detector(std::make_shared<const Ruleset>(ruleset_of(kRules)));
    RecordingFindings findings;
    detector.inspect(admin_request(), findings);
    findings.all.clear();
    detector.inspect(an_event().from({"webserver", "", ""}).with(Field::url_path, "/").build(),
                     findings);
    EXPECT_TRUE(findings.all.empty());
    for (int i = 0; i < 200; ++i) {  // more logsources than a lane remembers
        const std::string service = "service" + std::to_string(i);
        detector.inspect(an_event().from({"x", "", service}).saying("admin").build(), findings);
    }
    EXPECT_TRUE(findings.all.empty());
    detector.inspect(admin_request(), findings);
    EXPECT_EQ(findings.all.size(), 2u);
}

std::uint64_t count_of(const SigmaDetector& detector, std::string_view name) {
    for (const auto& count : detector.counts())
        if (count.name == name) return count.total;
    return ~std::uint64_t{0};
}

TEST(SigmaDetector, UntilItsPlanIsCompiledAClassIsJudgedPlainlyWithTheSameFindings) {
    const auto rules = std::make_shared<const Ruleset>(ruleset_of(kRules));
    SigmaDetector detector(rules);
    RecordingFindings findings;
    for (int i = 0; i < 99; ++i) detector.inspect(admin_request(), findings);
    EXPECT_FALSE(rules->plans().take_duty());  // so few are not worth a plan
    detector.inspect(admin_request(), findings);
    EXPECT_TRUE(rules->plans().take_duty());
    EXPECT_FALSE(rules->plans().take_duty());  // one takes it
    EXPECT_EQ(count_of(detector, "unplanned"), 100u);
    rules->plans().compile_wanted();
    detector.inspect(admin_request(), findings);
    EXPECT_EQ(count_of(detector, "unplanned"), 100u);
    EXPECT_EQ(findings.all.size(), 202u);
}

TEST(SigmaDetector, CountsEventsThatNoRuleOrEveryRuleIsFor) {
    SigmaDetector detector(std::make_shared<const Ruleset>(ruleset_of(kRules)));
    RecordingFindings findings;
    detector.inspect(an_event().from({"dns", "", "unbound"}).saying("admin").build(), findings);
    EXPECT_EQ(count_of(detector, "unrouted"), 1u);
    EXPECT_EQ(count_of(detector, "without_logsource"), 0u);
    detector.inspect(an_event().saying("admin").build(), findings);
    EXPECT_EQ(count_of(detector, "unrouted"), 1u);
    EXPECT_EQ(count_of(detector, "without_logsource"), 1u);
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST(SigmaDetector, WantsEverythingButHeartbeats) {
    const SigmaDetector detector(std::make_shared<const Ruleset>(ruleset_of(kRules)));
    EXPECT_TRUE(detector.wants(EventKind::file));
    EXPECT_TRUE(detector.wants(EventKind::notice));
    EXPECT_FALSE(detector.wants(EventKind::heartbeat));
}

}  // namespace
}  // namespace kentongan::sigma
