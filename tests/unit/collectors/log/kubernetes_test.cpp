#include "collectors/log/formats/signs.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

std::string audit(std::string_view stage, std::string_view rest) {
    return R"({"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"a-1",)"
           R"("stage":")" +
           std::string(stage) +
           R"(","requestURI":"/api/v1/namespaces/kube-system/pods?fieldManager=kubectl",)"
           R"("verb":"create","user":{"username":"budi","groups":["system:masters","ops"]},)"
           R"("sourceIPs":["203.0.113.9","10.0.0.1"],"userAgent":"kubectl/v1.30",)"
           R"("objectRef":{"resource":"pods","namespace":"kube-system","name":"x",)"
           R"("apiVersion":"v1"},"responseStatus":{"metadata":{},"code":403},)"
           R"("requestReceivedTimestamp":"2024-11-27T09:31:05.120345Z",)"
           R"("stageTimestamp":"2024-11-27T09:31:05.130000Z")" +
           std::string(rest) + "}";
}

TEST(KubernetesFormat, AnAuditEventHasItsOwnAndEcsNames) {
    Reader read{"kubernetes"};
    const Event& e = read(audit("ResponseComplete", ""));
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.130Z");
    EXPECT_EQ(e.logsource.category, "application");
    EXPECT_EQ(e.logsource.product, "kubernetes");
    EXPECT_EQ(e.logsource.service, "audit");
    EXPECT_EQ(e.kind, EventKind::log);
    EXPECT_EQ(said(e, "verb"), "create");
    EXPECT_EQ(said(e, "event.action"), "create");
    EXPECT_EQ(said(e, "objectRef.resource"), "pods");
    EXPECT_EQ(said(e, "objectRef.namespace"), "kube-system");
    EXPECT_EQ(said(e, "orchestrator.namespace"), "kube-system");
    EXPECT_EQ(said(e, "responseStatus.code"), "403");
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "user.name"), "budi");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "user_agent.original"), "kubectl/v1.30");
    EXPECT_EQ(said(e, "url.query"), "fieldManager=kubectl");
}

TEST(KubernetesFormat, WhatBreaksOutOfAPodIsNamedAndBodiesAreNotKept) {
    Reader read{"kubernetes"};
    const Event& e = read(audit(
        "ResponseComplete",
        R"(,"requestObject":{"metadata":{"labels":{"k":"v"}},"spec":{"volumes":[{"hostPath":)"
        R"({"path":"/etc"}}],"containers":[{"image":"x:1","securityContext":{"privileged":true,)"
        R"("capabilities":{"add":["SYS_ADMIN"]}}}]}},"responseObject":{"data":{"p":"rahasia"}})"));
    EXPECT_EQ(said(e, "hostPath"), "/etc");
    EXPECT_EQ(said(e, "capabilities"), "SYS_ADMIN");
    EXPECT_EQ(said(e, "privileged"), "true");
    EXPECT_EQ(said(e, "container.image.name"), "x:1");
    EXPECT_EQ(to_json(e).find("rahasia"), std::string::npos);
    EXPECT_EQ(to_json(e).find("labels"), std::string::npos);
}

TEST(KubernetesFormat, ARequestThatIsNotAnsweredYetIsNotCounted) {
    Reader read{"kubernetes"};
    EXPECT_EQ(read(audit("RequestReceived", "")).logsource.service, "audit-received");
}

TEST(KubernetesFormat, WhatIsNoAuditEventStaysRaw) {
    Reader read{"kubernetes"};
    for (const std::string_view line : {"x", "{}", R"({"kind":"Event","verb":"get"})"}) {
        EXPECT_EQ(read(line).raw(), line);
        EXPECT_EQ(read.result, ParseResult::unparsed);
    }
}

TEST(KubernetesFormat, IsRecognisedByItsLines) {
    EXPECT_TRUE(is_kubernetes(audit("ResponseComplete", "")));
    EXPECT_FALSE(is_kubernetes(R"({"kind":"Event"})"));
}

}  // namespace
}  // namespace kentongan::log
