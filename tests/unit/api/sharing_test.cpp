// An alert that a person shares with an agency.
#include <boost/json.hpp>

#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/seals.hpp"
#include "tests/unit/api/running_server.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ApiSharing : public ::testing::Test {
  protected:
    ApiSharing() {
        SampleAlert sample;
        sample.number = 1;
        alert_ = make_alert(sample);
        put();
    }
    /// As the pipeline does it: with an entry of the history.
    void put(ledger::AlertEvent event = ledger::AlertEvent::created) {
        server.on_store([&] {
            AlertBatch batch;
            batch.alerts.push_back({alert_, {}});
            batch.salts.push_back({"alert:" + alert_.id, "salt"});
            batch.about.push_back({0, alert_.id});
            batch.entries.push_back(ledger::alert_entry(alert_,
                                                        boost::json::serialize(to_json(alert_)),
                                                        event, "salt", server.clock.now()));
            EXPECT_TRUE(server.records.commit(batch));
        });
    }
    Reply share(std::string_view body, api::Role who = api::Role::lead,
                std::string_view headers = "") {
        return server.post("/api/v1/alerts/" + alert_.id + ":share", body,
                           bearer(RunningServer::token_of(who)) + std::string(headers));
    }
    std::vector<Delivery> waiting() {
        std::vector<Delivery> out;
        server.on_store([&] { out = server.records.pending("polri", 10).value(); });
        return out;
    }
    boost::json::array actions() {
        return json_of(server.get("/api/v1/alerts/" + alert_.id + "/actions"))
            .at("actions")
            .as_array();
    }
    /// What the history says is wrong with the alert and its messages.
    std::vector<std::string> problems() {
        std::vector<std::string> out;
        server.on_store([&] {
            ledger::Seals seals;
            ledger::Problems found;
            const auto entries = server.records.entries(0, 100).value();
            for (std::size_t i = 0; i < entries.size(); ++i) seals.read(i, entries[i]);
            const auto salts = server.records.salts("alert:" + alert_.id).value();
            const auto place = server.triage.place(alert_.id).value().value();
            seals.check(ledger::StoredSeal{.id = alert_.id,
                                           .json = server.records.get(alert_.id).value()->json,
                                           .state = place.state,
                                           .revision = static_cast<std::uint64_t>(place.revision),
                                           .salts = salts,
                                           .place = ledger::alert_place("", "", "")},
                        found);
            for (const DeliveryRecord& one : server.records.every_delivery())
                seals.check(ledger::StoredMessage{one.message.alert_id, one.message.destination,
                                                  one.message.type, one.message.body, salts},
                            found);
            for (const ActionRow& act : server.triage.actions("alert:" + alert_.id, 10).value())
                seals.check(ledger::StoredAct{.object = act.object,
                                              .who = act.who,
                                              .what = act.action,
                                              .why = act.why + "\n" + act.comment,
                                              .at = act.at,
                                              .salts = salts},
                            found);
            seals.check_dropped(found);
            for (const ledger::Problem& one : found.list()) out.push_back(one.text);
        });
        return out;
    }

    RunningServer server;
    Alert alert_;
};

TEST_F(ApiSharing, SendsWhatTheAgencysRowLetsOutWithActAndSeal) {
    const Reply done = share(R"({"agency":"polri","why":"reviewed by KPU"})");
    ASSERT_EQ(done.result_int(), 200u) << done.body();
    EXPECT_EQ(done[http::field::etag], "\"2\"");
    EXPECT_EQ(json_of(done).at("destinations").as_array(), (boost::json::array{"polri"}));
    const auto sent = waiting();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].alert_id, alert_.id);
    EXPECT_EQ(sent[0].type, "alert.created");
    EXPECT_THAT(sent[0].body, HasSubstr(alert_.id));
    EXPECT_THAT(sent[0].body, Not(HasSubstr(alert_.message))) << "its row withholds it";
    const auto rows = actions();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].at("action").as_string(), "share");
    EXPECT_EQ(rows[0].at("who").as_string(), "lead");
    EXPECT_EQ(rows[0].at("why").as_string(), "with polri: reviewed by KPU");
    EXPECT_EQ(problems(), std::vector<std::string>{});
    server.on_store([&] { EXPECT_EQ(server.queued, 1); });
}

TEST_F(ApiSharing, IsRefusedWithoutReasonRoleRowOrAlert) {
    EXPECT_EQ(share(R"({"agency":"polri"})").result_int(), 400u);
    EXPECT_EQ(share(R"({"why":"x"})").result_int(), 400u);
    EXPECT_EQ(share(R"({"agency":"polri","why":"x"})", api::Role::analyst).result_int(), 403u);
    const Reply no_row = share(R"({"agency":"brin","why":"x"})");
    EXPECT_EQ(no_row.result_int(), 409u);
    EXPECT_THAT(no_row.body(), HasSubstr("no row for brin"));
    EXPECT_EQ(server
                  .post("/api/v1/alerts/x:share", R"({"agency":"polri","why":"x"})",
                        bearer(RunningServer::token_of(api::Role::lead)))
                  .result_int(),
              404u);
    EXPECT_TRUE(waiting().empty());
    EXPECT_TRUE(actions().empty());
}

TEST_F(ApiSharing, TakesTheRevisionThatWasSeenAndAKey) {
    const std::string_view body = R"({"agency":"polri","why":"x"})";
    EXPECT_EQ(share(body, api::Role::lead, "If-Match: \"7\"\r\n").result_int(), 412u);
    const std::string_view headers = "If-Match: \"1\"\r\nIdempotency-Key: k\r\n";
    EXPECT_EQ(share(body, api::Role::lead, headers).result_int(), 200u);
    const Reply again = share(body, api::Role::lead, headers);
    EXPECT_EQ(again.result_int(), 200u);
    EXPECT_EQ(again["Idempotency-Replayed"], "true");
    EXPECT_EQ(waiting().size(), 1u);
}

TEST_F(ApiSharing, WhatGrowsLaterGoesOutWhenItIsSharedAgain) {
    ASSERT_EQ(share(R"({"agency":"polri","why":"x"})").result_int(), 200u);
    alert_.count += 41;
    put(ledger::AlertEvent::updated);
    EXPECT_EQ(waiting().size(), 1u);
    ASSERT_EQ(share(R"({"agency":"polri","why":"it goes on"})").result_int(), 200u);
    const auto sent = waiting();
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[1].type, "alert.updated");
    EXPECT_THAT(sent[1].body, HasSubstr(fmt::format("\"count\":{}", alert_.count)));
    EXPECT_EQ(problems(), std::vector<std::string>{});
}

TEST_F(ApiSharing, InTheWindowNeedsASecondPerson) {
    server.two_person = true;
    const Reply asked = share(R"({"agency":"polri","why":"extortion"})");
    ASSERT_EQ(asked.result_int(), 202u) << asked.body();
    EXPECT_TRUE(waiting().empty());
    const std::string path =
        "/api/v1/approvals/" + std::string(json_of(asked).at("approval").as_string()) + ":confirm";
    const auto confirm = [&](api::Role who) {
        return server.post(path, "{}", bearer(RunningServer::token_of(who))).result_int();
    };
    EXPECT_EQ(confirm(api::Role::lead), 403u) << "who asked";
    EXPECT_EQ(confirm(api::Role::admin), 200u);
    EXPECT_EQ(waiting().size(), 1u);
    EXPECT_EQ(actions().at(0).at("comment").as_string(), "confirmed by admin");
    EXPECT_EQ(actions().at(0).at("who").as_string(), "lead");
}

}  // namespace
}  // namespace kentongan
