// Triage, cases, suppressions and approvals as a client meets them.
#include <boost/json.hpp>

#include "tests/unit/api/running_server.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

class ApiTriage : public ::testing::Test {
  protected:
    std::string add(Severity severity = Severity::medium) {
        SampleAlert sample;
        sample.number = ++count_;
        sample.severity = severity;
        const Alert alert = make_alert(sample);
        server.on_store([&] {
            AlertBatch batch;
            batch.alerts.push_back({alert, {{"bssn", "alert.created", "body"}}});
            EXPECT_TRUE(server.records.commit(batch));
        });
        return alert.id;
    }
    Reply post(std::string_view target, std::string_view body, api::Role who = api::Role::analyst,
               std::string_view headers = "") {
        return server.post(target, body,
                           bearer(RunningServer::token_of(who)) + std::string(headers));
    }
    Reply act(const std::string& id, std::string_view verb, std::string_view body = "{}",
              std::string_view headers = "") {
        return post(fmt::format("/api/v1/alerts/{}:{}", id, verb), body, api::Role::analyst,
                    headers);
    }
    std::uint64_t entries() {
        std::uint64_t out = 0;
        server.on_store([&] { out = server.records.entry_count().value(); });
        return out;
    }
    boost::json::array actions(const std::string& id) {
        return json_of(server.get("/api/v1/alerts/" + id + "/actions")).at("actions").as_array();
    }

    RunningServer server;
    int count_ = 0;
};

TEST_F(ApiTriage, EachActIsARowAndAnEntryAndARevision) {
    const std::string id = add();
    EXPECT_EQ(act(id, "ack", R"({"why":"seen"})").result_int(), 200u);
    const Reply reply = act(id, "close", R"({"reason":"false","why":"our scanner"})");
    EXPECT_EQ(reply.result_int(), 200u) << reply.body();
    EXPECT_EQ(reply[http::field::etag], "\"3\"");
    EXPECT_EQ(json_of(reply).at("alert").at("state").as_string(), "closed");
    EXPECT_EQ(entries(), 2u);
    const auto rows = actions(id);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1].at("who").as_string(), "analyst");
    EXPECT_EQ(rows[1].at("from").as_string(), "acknowledged");
    EXPECT_EQ(rows[1].at("to").as_string(), "closed");
    EXPECT_EQ(rows[1].at("why").as_string(), "false: our scanner");
}

TEST_F(ApiTriage, AnActOnAnOldRevisionChangesNothing) {
    const std::string id = add();
    EXPECT_EQ(act(id, "ack", "{}", "If-Match: \"1\"\r\n").result_int(), 200u);
    const Reply late = act(id, "escalate", "{}", "If-Match: \"1\"\r\n");
    EXPECT_EQ(late.result_int(), 412u);
    EXPECT_THAT(late.body(), HasSubstr("at revision 2, not 1"));
    EXPECT_EQ(actions(id).size(), 1u);
    EXPECT_EQ(act(id, "escalate", "{}", "If-Match: nonsense\r\n").result_int(), 400u);
}

TEST_F(ApiTriage, AnImpossibleActSaysWhatIsPossible) {
    const std::string id = add();
    act(id, "ack");
    const Reply reply = act(id, "ack");
    EXPECT_EQ(reply.result_int(), 409u);
    EXPECT_THAT(reply.body(), HasSubstr("possible are comment, assign, escalate, close, reopen"));
    EXPECT_EQ(act(id, "close", R"({"why":"x"})").result_int(), 409u);
    EXPECT_EQ(act(id, "close", R"({"reason":"false"})").result_int(), 400u);
    EXPECT_EQ(act(id, "reopen", R"({"why":" "})").result_int(), 400u);
    EXPECT_EQ(act(id, "comment").result_int(), 400u);
    EXPECT_EQ(act("nobody", "ack").result_int(), 404u);
    for (const char* body : {"[]", "{", "\"x\"", R"({"why":7})"})
        EXPECT_EQ(act(id, "escalate", body).result_int(), 400u) << body;
}

TEST_F(ApiTriage, ARepeatedKeyGivesTheFirstAnswerAndDoesItOnce) {
    const std::string id = add();
    const auto key = "Idempotency-Key: k1\r\n";
    const Reply first = act(id, "comment", R"({"text":"hello"})", key);
    const Reply again = act(id, "comment", R"({"text":"hello"})", key);
    EXPECT_EQ(first.body(), again.body());
    EXPECT_EQ(again["Idempotency-Replayed"], "true");
    EXPECT_EQ(actions(id).size(), 1u);
    EXPECT_EQ(act(id, "comment", R"({"text":"other"})", key).result_int(), 422u);
    server.on_loop([&] { server.clock.advance(std::chrono::hours{25}); });
    EXPECT_EQ(act(id, "comment", R"({"text":"other"})", key).result_int(), 200u);
}

TEST_F(ApiTriage, ManyAtOnceGiveAResultEach) {
    const std::string one = add();
    const std::string two = add();
    act(two, "ack");
    const Reply reply = post("/api/v1/alerts:bulk",
                             fmt::format(R"({{"action":"ack","ids":["{}","{}","x"]}})", one, two));
    EXPECT_EQ(reply.result_int(), 200u) << reply.body();
    const auto body = json_of(reply);
    EXPECT_EQ(body.at("done").to_number<int>(), 1);
    EXPECT_EQ(body.at("failed").to_number<int>(), 2);
    EXPECT_EQ(body.at("results").at(2).at("status").to_number<int>(), 404);
    EXPECT_EQ(
        json_of(post("/api/v1/alerts:bulk", R"({"action":"escalate","query":{"severity":"low"}})"))
            .at("done")
            .to_number<int>(),
        2);
    EXPECT_EQ(post("/api/v1/alerts:bulk", R"({"action":"ack"})").result_int(), 400u);
    EXPECT_EQ(post("/api/v1/alerts:bulk", R"({"action":"ack","query":{"x":"y"}})").result_int(),
              400u);
}

TEST_F(ApiTriage, EachOfManyIsAtTheRevisionThatWasSeen) {
    const std::string one = add();
    const std::string two = add();
    act(two, "comment", R"({"text":"hello"})");
    const auto ask = [&](std::string_view more) {
        return post("/api/v1/alerts:bulk", fmt::format(R"({{"action":"ack",{}}})", more));
    };
    const Reply reply = ask(fmt::format(
        R"("items":[{{"id":"{}","revision":1}},{{"id":"{}","revision":1}}])", one, two));
    EXPECT_EQ(reply.result_int(), 200u) << reply.body();
    const auto results = json_of(reply).at("results").as_array();
    EXPECT_EQ(results.at(0).at("status").to_number<int>(), 200);
    EXPECT_EQ(results.at(1).at("status").to_number<int>(), 412);
    EXPECT_EQ(actions(two).size(), 1u);
    const auto left = json_of(ask(fmt::format(R"("items":[{{"id":"{}"}}])", two)));
    EXPECT_EQ(left.at("done").to_number<int>(), 1) << "no revision is no condition";
    for (const char* body : {R"("items":["x"])", R"("items":[{"revision":1}])", R"("items":{})",
                             R"("items":[{"id":"x","revision":"1"}])", R"("ids":[{"id":"x"}])",
                             R"("ids":[],"items":[])"})
        EXPECT_EQ(ask(body).result_int(), 400u) << body;
}

TEST_F(ApiTriage, ManyAreNamedInTheQueryLanguage) {
    const std::string high = add(Severity::high);
    const std::string medium = add();
    const auto ask = [&](std::string_view query) {
        return post("/api/v1/alerts:bulk", boost::json::serialize(boost::json::object{
                                               {"action", "ack"}, {"query", query}}));
    };
    const Reply reply = ask("severity >= high and not rule.id : other*");
    EXPECT_EQ(reply.result_int(), 200u) << reply.body();
    EXPECT_EQ(json_of(reply).at("done").to_number<int>(), 1);
    EXPECT_EQ(json_of(reply).at("results").at(0).at("id").as_string(), high);
    EXPECT_TRUE(actions(medium).empty());
    const Reply wrong = ask("severity >= ");
    EXPECT_EQ(wrong.result_int(), 400u);
    EXPECT_THAT(wrong.body(), HasSubstr("at byte "));
    EXPECT_EQ(ask("  ").result_int(), 400u) << "everything is not meant by nothing";
}

TEST_F(ApiTriage, InTheWindowClosingACriticalNeedsASecondPerson) {
    server.two_person = true;
    const std::string id = add(Severity::critical);
    const Reply asked = act(id, "close", R"({"reason":"benign","why":"planned"})");
    ASSERT_EQ(asked.result_int(), 202u) << asked.body();
    const std::string approval{json_of(asked).at("approval").as_string()};
    EXPECT_TRUE(actions(id).empty());
    const std::string path = "/api/v1/approvals/" + approval;
    EXPECT_EQ(post(path + ":confirm", "{}").result_int(), 403u) << "an analyst may not";
    const Reply confirmed = post(path + ":confirm", R"({"why":"checked"})", api::Role::lead);
    EXPECT_EQ(confirmed.result_int(), 200u) << confirmed.body();
    const auto rows = actions(id);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].at("who").as_string(), "analyst");
    EXPECT_EQ(rows[0].at("comment").as_string(), "confirmed by lead");
    EXPECT_EQ(post(path + ":confirm", "{}", api::Role::admin).result_int(), 409u);
    EXPECT_EQ(
        act(add(Severity::high), "close", R"({"reason":"benign","why":"planned"})").result_int(),
        200u);
}

TEST_F(ApiTriage, AYesToClosingIsToTheAlertAsItWas) {
    server.two_person = true;
    const std::string id = add(Severity::critical);
    const auto ask = [&] {
        return "/api/v1/approvals/" +
               std::string(json_of(act(id, "close", R"({"reason":"benign","why":"planned"})"))
                               .at("approval")
                               .as_string()) +
               ":confirm";
    };
    const std::string before = ask();
    EXPECT_EQ(act(id, "escalate", R"({"why":"it spreads"})").result_int(), 200u);
    const Reply late = post(before, "{}", api::Role::lead);
    EXPECT_EQ(late.result_int(), 412u);
    EXPECT_THAT(late.body(), HasSubstr("is critical and escalated by now"));
    EXPECT_EQ(actions(id).back().at("to").as_string(), "escalated");
    const std::string again = ask();
    EXPECT_EQ(act(id, "comment", R"({"text":"hm"})").result_int(), 200u);
    EXPECT_EQ(post(again, "{}", api::Role::lead).result_int(), 200u) << "a word changes nothing";
}

TEST_F(ApiTriage, NobodyConfirmsTheirOwnRequestNorAnExpiredOne) {
    server.two_person = true;
    const auto ask = [&] {
        const auto expires = to_rfc3339(server.clock.now() + std::chrono::hours{5});
        return std::string(
            json_of(
                post("/api/v1/suppressions",
                     fmt::format(R"({{"rule_id":"r","reason":"noise","expires":"{}"}})", expires),
                     api::Role::lead))
                .at("approval")
                .as_string());
    };
    const std::string path = "/api/v1/approvals/" + ask();
    EXPECT_EQ(post(path + ":confirm", "{}", api::Role::lead).result_int(), 403u);
    EXPECT_EQ(server.silenced, nullptr);
    EXPECT_EQ(post(path + ":confirm", "{}", api::Role::admin).result_int(), 200u);
    ASSERT_NE(server.silenced, nullptr);
    EXPECT_EQ(server.silenced->size(), 1u);
    const std::string late = "/api/v1/approvals/" + ask();
    server.on_loop([&] { server.clock.advance(std::chrono::hours{2}); });
    EXPECT_EQ(post(late + ":confirm", "{}", api::Role::admin).result_int(), 409u);
    EXPECT_TRUE(json_of(server.get("/api/v1/approvals")).at("approvals").as_array().empty());
}

TEST_F(ApiTriage, ASuppressionThatReachesIntoTheWindowNeedsASecondPerson) {
    server.window = server.clock.now() + std::chrono::hours{3};
    const auto ask = [&](int hours) {
        const auto expires = to_rfc3339(server.clock.now() + std::chrono::hours{hours});
        return post("/api/v1/suppressions",
                    fmt::format(R"({{"rule_id":"r","reason":"noise","expires":"{}"}})", expires),
                    api::Role::lead)
            .result_int();
    };
    EXPECT_EQ(ask(2), 201u);
    EXPECT_EQ(ask(4), 202u);
    server.on_store([&] { EXPECT_EQ(server.silenced->size(), 1u); });
}

TEST_F(ApiTriage, AChangeThatTheMachineAsksForTakesTwoPersons) {
    std::string id;
    server.on_store(
        [&] { id = server.casework.ask_change("settings:abc", "other rules").value(); });
    const std::string path = "/api/v1/approvals/" + id + ":confirm";
    const Reply first = post(path, "{}", api::Role::lead);
    EXPECT_EQ(first.result_int(), 200u) << first.body();
    EXPECT_EQ(json_of(first).at("approval").at("state").as_string(), "pending");
    EXPECT_TRUE(json_of(first).at("pending").as_bool());
    server.on_store([&] {
        EXPECT_TRUE(server.permitted.empty());
        EXPECT_EQ(server.casework.ask_change("settings:abc", "again").value(), id);
    });
    EXPECT_EQ(post(path, "{}", api::Role::lead).result_int(), 403u) << "the same person again";
    const Reply second = post(path, "{}", api::Role::admin);
    EXPECT_EQ(second.result_int(), 200u) << second.body();
    const auto approval = json_of(second).at("approval").as_object();
    EXPECT_EQ(approval.at("state").as_string(), "confirmed");
    EXPECT_EQ(approval.at("confirmed_by"), (boost::json::array{"lead", "admin"}));
    server.on_store([&] { EXPECT_EQ(server.permitted, std::vector<std::string>{"settings:abc"}); });
    EXPECT_EQ(entries(), 3u);
}

TEST_F(ApiTriage, OneNoIsEnough) {
    std::string id;
    server.on_store(
        [&] { id = server.casework.ask_change("settings:abc", "other rules").value(); });
    const std::string path = "/api/v1/approvals/" + id;
    EXPECT_EQ(post(path + ":confirm", "{}", api::Role::lead).result_int(), 200u);
    EXPECT_EQ(post(path + ":refuse", "{}", api::Role::lead).result_int(), 200u);
    EXPECT_EQ(post(path + ":confirm", "{}", api::Role::admin).result_int(), 409u);
    server.on_store([&] { EXPECT_TRUE(server.permitted.empty()); });
}

TEST_F(ApiTriage, ADestinationIsPausedWithAReasonAndResumed) {
    const auto lead = [&](std::string_view path, std::string_view body) {
        return post(path, body, api::Role::lead);
    };
    const std::string path = "/api/v1/deliveries/bssn";
    EXPECT_EQ(lead(path + ":pause", "{}").result_int(), 400u) << "a reason is needed";
    EXPECT_EQ(post(path + ":pause", R"({"why":"x"})").result_int(), 403u) << "an analyst may not";
    const Reply unknown = lead("/api/v1/deliveries/fbi:pause", R"({"why":"x"})");
    EXPECT_EQ(unknown.result_int(), 404u);
    EXPECT_THAT(unknown.body(), HasSubstr("no destination fbi; there are: bssn, kpu"));
    EXPECT_EQ(lead(path + ":resume", "{}").result_int(), 409u) << "it is not paused";
    EXPECT_EQ(lead(path + ":pause", R"({"why":"new certificate"})").result_int(), 200u);
    EXPECT_EQ(lead(path + ":pause", R"({"why":"again"})").result_int(), 409u);
    EXPECT_EQ(entries(), 1u);
    std::map<std::string, std::string> paused;
    server.on_store([&] { paused = server.paused; });
    ASSERT_EQ(paused.size(), 1u);
    EXPECT_THAT(paused.at("bssn"), HasSubstr("paused by lead since "));
    EXPECT_THAT(paused.at("bssn"), HasSubstr(": new certificate"));
    server.on_store([&] {
        server.paused.clear();
        EXPECT_TRUE(server.casework.announce_paused());
        EXPECT_TRUE(server.paused.contains("bssn")) << "it is paused after a restart, too";
    });
    EXPECT_EQ(lead(path + ":resume", "{}").result_int(), 200u);
    server.on_store([&] { EXPECT_TRUE(server.paused.empty()); });
    EXPECT_EQ(entries(), 2u);
}

TEST_F(ApiTriage, InTheWindowPausingADestinationNeedsASecondPerson) {
    server.two_person = true;
    const Reply asked =
        post("/api/v1/deliveries/bssn:pause", R"({"why":"maintenance"})", api::Role::lead);
    ASSERT_EQ(asked.result_int(), 202u) << asked.body();
    server.on_store([&] { EXPECT_TRUE(server.paused.empty()); });
    const std::string approval =
        "/api/v1/approvals/" + std::string(json_of(asked).at("approval").as_string());
    EXPECT_EQ(post(approval + ":confirm", "{}", api::Role::lead).result_int(), 403u);
    EXPECT_EQ(post(approval + ":confirm", "{}", api::Role::admin).result_int(), 200u);
    server.on_store([&] { EXPECT_THAT(server.paused["bssn"], HasSubstr("maintenance")); });
}

TEST_F(ApiTriage, ASuppressionNeedsReasonExpiryAndSomethingToName) {
    const auto until = [&](int hours) {
        return to_rfc3339(server.clock.now() + std::chrono::hours{hours});
    };
    const auto create = [&](const std::string& body) {
        return post("/api/v1/suppressions", body, api::Role::lead).result_int();
    };
    EXPECT_EQ(create(fmt::format(R"({{"rule_id":"r","expires":"{}"}})", until(1))), 400u);
    EXPECT_EQ(create(R"({"rule_id":"r","reason":"x"})"), 400u);
    EXPECT_EQ(create(fmt::format(R"({{"rule_id":"r","reason":"x","expires":"{}"}})", until(169))),
              400u);
    EXPECT_EQ(create(fmt::format(R"({{"rule_id":"r","reason":"x","expires":"{}"}})", until(-1))),
              400u);
    EXPECT_EQ(create(fmt::format(R"({{"entity":"*","reason":"x","expires":"{}"}})", until(1))),
              400u);
    EXPECT_EQ(
        create(fmt::format(R"({{"source_ip":"10/8","reason":"x","expires":"{}"}})", until(1))),
        400u);
    EXPECT_EQ(create(fmt::format(R"({{"rule_id":"r","reason":"x","expires":"{}"}})", until(2))),
              201u);
    const auto list = json_of(server.get("/api/v1/suppressions")).at("suppressions").as_array();
    ASSERT_EQ(list.size(), 1u);
    const std::string path = "/api/v1/suppressions/" + std::string(list[0].at("id").as_string());
    EXPECT_EQ(post(path + ":end", "{}", api::Role::lead).result_int(), 200u);
    EXPECT_EQ(server.silenced->size(), 0u);
    EXPECT_EQ(post(path + ":end", "{}", api::Role::lead).result_int(), 409u);
}

TEST_F(ApiTriage, ACaseGathersAlertsAndTellsThemInOrder) {
    const std::string one = add(Severity::high);
    const std::string two = add();
    const Reply opened =
        post("/api/v1/cases",
             fmt::format(R"({{"title":"Upload form","alerts":["{}"],"why":"seen twice"}})", one));
    ASSERT_EQ(opened.result_int(), 201u) << opened.body();
    const auto body = json_of(opened);
    EXPECT_EQ(body.at("severity").as_string(), "high");
    EXPECT_EQ(body.at("clocks").as_array().size(), 1u);
    EXPECT_EQ(body.at("discovered").as_string(), "2024-11-27T06:00:00.000000000Z");
    EXPECT_EQ(body.at("clocks").at(0).at("due").as_string(), "2024-11-28T06:00:00.000Z");
    const std::string path = "/api/v1/cases/" + std::string(body.at("id").as_string());
    EXPECT_EQ(post(path + "/alerts", fmt::format(R"({{"add":["{}"]}})", two)).result_int(), 200u);
    EXPECT_EQ(post(path + "/alerts", fmt::format(R"({{"add":["{}"]}})", two)).result_int(), 409u);
    EXPECT_EQ(json_of(post(path, R"({"breach":true,"impact":"none so far"})"))
                  .at("clocks")
                  .as_array()
                  .size(),
              2u);
    EXPECT_EQ(post(path, R"({"discovered":"2999-01-01T00:00:00Z"})").result_int(), 400u);
    const auto moved = R"("discovered":"2024-11-26T06:00:00Z","title":"Upload page")";
    const Reply unsaid = post(path, fmt::format("{{{}}}", moved));
    EXPECT_EQ(unsaid.result_int(), 400u);
    EXPECT_THAT(unsaid.body(), HasSubstr("why it is moved"));
    EXPECT_EQ(
        post(path, fmt::format(R"({{{},"why":"the log of the day before"}})", moved)).result_int(),
        200u);
    server.on_store([&] {
        const auto acts = server.triage.actions("case:" + path.substr(path.rfind('/') + 1), 10);
        const ActionRow& last = acts.value().back();
        EXPECT_EQ(last.why, "the log of the day before");
        EXPECT_EQ(last.comment, R"(title: "Upload form" -> "Upload page"; )"
                                R"(discovered: "2024-11-27T06:00:00.000000000Z" -> )"
                                R"("2024-11-26T06:00:00.000000000Z")");
    });
    const auto timeline = json_of(server.get(path + "/timeline")).at("timeline").as_array();
    std::string before;
    std::set<std::string> kinds;
    for (const auto& item : timeline) {
        EXPECT_LE(before, item.at("at").as_string());
        before = item.at("at").as_string();
        kinds.emplace(item.at("kind").as_string());
    }
    EXPECT_EQ(kinds, (std::set<std::string>{"act", "alert", "case", "notification"}));
    EXPECT_EQ(post(path + ":close", "{}").result_int(), 400u);
    EXPECT_EQ(post(path + ":close", R"({"summary":"a scanner of ours"})", api::Role::analyst,
                   "If-Match: \"1\"\r\n")
                  .result_int(),
              412u);
    EXPECT_EQ(post(path + ":close", R"({"summary":"a scanner of ours"})").result_int(), 200u);
    EXPECT_EQ(post(path, R"({"title":"x"})").result_int(), 409u);
    EXPECT_TRUE(json_of(server.get("/api/v1/cases?state=open")).at("cases").as_array().empty());
}

/// What a report to BSSN and a statement to the public may never hold.
constexpr std::string_view kPlanted[]{"3174021508900001", "912.477",     "100026",
                                      "c2VjcmV0LXRva2Vu", "op_depok_17", "siti.rahma@mail.example"};

std::string planted(const Alert& from) {
    return "op_depok_17 (NIK 3174021508900001, siti.rahma@mail.example) gave candidate 100026 its "
           "votes, suara_sah is 912.477; Authorization: Bearer c2VjcmV0LXRva2Vu; " +
           from.id;
}

TEST_F(ApiTriage, AReportToBssnSaysOfAnAlertWhatBssnMayRead) {
    SampleAlert sample;
    Alert alert = make_alert(sample);
    alert.message = planted(alert);
    alert.subject.user = "op_depok_17";
    alert.related_user = {"op_depok_17"};
    alert.tlp = Tlp::red;
    server.on_store([&] {
        AlertBatch batch;
        batch.alerts.push_back({alert, {}});
        EXPECT_TRUE(server.records.commit(batch));
    });
    const auto opened = json_of(post(
        "/api/v1/cases",
        fmt::format(
            R"({{"title":"NIK 3174021508900001","tlp":"GREEN","alerts":["{}"],"impact":"suara_sah 912.477"}})",
            alert.id)));
    EXPECT_EQ(opened.at("tlp"), "RED") << "no lower than its alerts";
    const std::string path = "/api/v1/cases/" + std::string(opened.at("id").as_string());
    EXPECT_EQ(json_of(post(path, R"({"tlp":"CLEAR"})")).at("tlp"), "RED");
    const auto written = [&] {
        return std::vector<std::string>{server.get(path + "/report?format=html").body(),
                                        server.get(path + "/report?format=text").body(),
                                        server.get(path + "/statement").body()};
    };
    const auto nothing_planted_in = [](const std::vector<std::string>& texts) {
        for (const std::string& text : texts)
            for (const auto value : kPlanted)
                EXPECT_EQ(text.find(value), std::string::npos) << value << " in:\n" << text;
    };
    const auto untold = written();
    nothing_planted_in(untold);
    EXPECT_THAT(untold[1], HasSubstr("peringatan: Sample\n"));
    server.on_store([&] {
        server.bssn.emplace();
        server.bssn->withhold = {"user", "related.user"};
    });
    const auto told = written();
    nothing_planted_in(told);
    EXPECT_THAT(told[1], HasSubstr("peringatan: Sample: [withheld] (NIK "));
    EXPECT_THAT(told[1], HasSubstr(alert.id)) << "the rest of the message is there";
    EXPECT_THAT(server.get(path + "/timeline").body(), HasSubstr("op_depok_17"))
        << "our own people read it as it is";
}

TEST_F(ApiTriage, AnAlertCarriesItsPlace) {
    const std::string id = add();
    Alert same = an_alert();
    server.on_store([&] { server.store.add(same); });
    same.id = fmt::format("01J{:023}", 1);
    server.on_store([&] {
        AlertBatch batch;
        batch.alerts.push_back({same, {}});
        EXPECT_TRUE(server.records.commit(batch));
    });
    act(same.id, "assign", R"({"assignee":"budi"})");
    const auto alert = json_of(server.get("/api/v1/alerts/" + same.id));
    EXPECT_EQ(alert.at("kentongan").at("state").as_string(), "assigned");
    EXPECT_EQ(alert.at("kentongan").at("assignee").as_string(), "budi");
    EXPECT_EQ(alert.at("kentongan").at("revision").to_number<int>(), 2);
    const auto page = json_of(server.get("/api/v1/alerts"));
    EXPECT_EQ(page.at("alerts").at(0).at("kentongan").at("state").as_string(), "assigned");
}

TEST_F(ApiTriage, AnErasureLeavesRuleAndTimesAndNothingPersonal) {
    const std::string id = add();
    act(id, "comment", R"({"text":"it was Siti"})");
    const std::string order =
        fmt::format(R"({{"object":"alert:{}","ground":"UU 27/2022 art. 16"}})", id);
    EXPECT_EQ(post("/api/v1/evidence:erase", order).result_int(), 403u);
    const auto entries_before = entries();
    const Reply done = post("/api/v1/evidence:erase", order, api::Role::lead);
    ASSERT_EQ(done.result_int(), 200u) << done.body();
    EXPECT_EQ(entries(), entries_before + 3) << "the erasure, what is left, the act";
    const auto rows = actions(id);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].at("comment").as_string(), "");
    EXPECT_EQ(rows[1].at("action").as_string(), "erase");
    server.on_store([&] {
        const auto stored = server.records.get(id).value().value();
        const auto left = alert_from_json(boost::json::parse(stored.json)).value();
        EXPECT_EQ(left.message, "[erased]");
        EXPECT_EQ(left.entity, "");
        EXPECT_EQ(server.records.salts("alert:" + id)->size(), 1u) << "of what is left";
        EXPECT_EQ(server.records.every_delivery()[0].message.body, "");
        // What is found of it once more changes nothing.
        AlertBatch again;
        Alert same = left;
        same.message = "Siti";
        again.alerts.push_back({same, {{"bssn", "alert.updated", "Siti"}}});
        EXPECT_TRUE(server.records.commit(again));
        EXPECT_EQ(server.records.get(id).value().value().json, stored.json);
        EXPECT_EQ(server.records.every_delivery().size(), 1u);
    });
}

TEST_F(ApiTriage, AnErasureIsRefusedOfAnOpenAlertWithoutGroundAndWithSomebodysNumber) {
    const std::string id = add();
    const auto erase = [&](std::string_view object, std::string_view ground) {
        return post("/api/v1/evidence:erase",
                    fmt::format(R"({{"object":"{}","ground":"{}"}})", object, ground),
                    api::Role::lead);
    };
    EXPECT_EQ(erase("alert:" + id, "").result_int(), 400u);
    EXPECT_EQ(erase("rule:x", "law").result_int(), 400u);
    EXPECT_EQ(erase("alert:nobody", "law").result_int(), 404u);
    EXPECT_THAT(erase("alert:" + id, "3171014509900007 asked").body(), HasSubstr("nobody"));
    server.on_store([&] {
        AlertBatch open;
        open.entries = {R"({"alert":"x","event":"created","kind":"alert"})"};
        open.about = {{0, id}};
        EXPECT_TRUE(server.records.commit(open));
    });
    const Reply refused = erase("alert:" + id, "law");
    EXPECT_EQ(refused.result_int(), 409u);
    EXPECT_THAT(refused.body(), HasSubstr("may still be merged"));
}

TEST_F(ApiTriage, InTheWindowAnErasureNeedsASecondPersonAndTakesTheCaseWithIt) {
    const std::string id = add();
    const Reply opened =
        post("/api/v1/cases", fmt::format(R"({{"title":"Siti","alerts":["{}"]}})", id));
    const std::string one_case(json_of(opened).at("id").as_string());
    const std::string order = fmt::format(R"({{"object":"case:{}","ground":"law"}})", one_case);
    EXPECT_EQ(post("/api/v1/evidence:erase", order, api::Role::lead).result_int(), 409u)
        << "it is open";
    post(fmt::format("/api/v1/cases/{}:close", one_case), R"({"summary":"it was Siti"})");
    server.on_store([&] { server.two_person = true; });
    const Reply asked = post("/api/v1/evidence:erase", order, api::Role::lead);
    ASSERT_EQ(asked.result_int(), 202u) << asked.body();
    EXPECT_THAT(server.get("/api/v1/cases/" + one_case).body(), HasSubstr("Siti"));
    const std::string approval(json_of(asked).at("approval").as_string());
    const Reply done =
        post(fmt::format("/api/v1/approvals/{}:confirm", approval), "{}", api::Role::admin);
    ASSERT_EQ(done.result_int(), 200u) << done.body();
    EXPECT_THAT(server.get("/api/v1/cases/" + one_case).body(), testing::Not(HasSubstr("Siti")));
    server.on_store(
        [&] { EXPECT_THAT(server.records.get(id).value().value().json, HasSubstr("[erased]")); });
}

TEST_F(ApiTriage, MessagesAreQueuedAgainInTheCallersName) {
    server.on_loop([&] { server.store.destinations.push_back(a_destination("bssn")); });
    const auto before = entries();
    EXPECT_EQ(post("/api/v1/deliveries/bssn:retry", "", api::Role::lead).result_int(), 200u);
    EXPECT_EQ(post("/api/v1/deliveries/bssn:replay?since=2024-01-01T00:00:00Z&"
                   "until=2024-01-02T00:00:00Z",
                   "", api::Role::lead)
                  .result_int(),
              200u);
    EXPECT_EQ(post("/api/v1/deliveries/nobody:retry", "", api::Role::lead).result_int(), 404u);
    EXPECT_EQ(entries(), before + 2);
    server.on_store([&] {
        const auto acts = server.triage.actions("delivery:bssn", 10).value();
        ASSERT_EQ(acts.size(), 2u);
        EXPECT_EQ(acts[0].who, "lead");
        EXPECT_EQ(acts[0].action, "retry");
        EXPECT_EQ(acts[1].comment, "2024-01-01T00:00:00.000Z to 2024-01-02T00:00:00.000Z");
    });
}

}  // namespace
}  // namespace kentongan
