#include "daemon/async/loop_thread.hpp"
#include "tests/unit/deliver/delivery_fixture.hpp"

namespace kentongan {
namespace {

using Kind = ReceiverAnswer::Kind;

/// An outbox whose settle() fails as long as told to.
class StubbornOutbox final : public Outbox {
  public:
    explicit StubbornOutbox(Outbox& real) : real_(real) {}
    Result<std::vector<Delivery>> pending(const std::string& name, std::size_t limit) override {
        return real_.pending(name, limit);
    }
    Result<> settle(const std::vector<DeliveryOutcome>& outcomes, const NewEntries& told) override {
        ++refused;
        if (refusing) return fail(ErrorCode::io, "store alerts.db: disk is full");
        return real_.settle(outcomes, told);
    }
    Result<std::vector<DeliveryStatus>> status() override { return real_.status(); }
    Result<std::uint64_t> revive(const std::string& name) override { return real_.revive(name); }
    Result<std::uint64_t> replay(const std::string& name, Timestamp since,
                                 Timestamp until) override {
        return real_.replay(name, since, until);
    }
    Result<std::vector<DeliveryRecord>> records(const DeliveryQuery& query) override {
        return real_.records(query);
    }
    Result<std::optional<DeliveryRecord>> record(std::int64_t sequence) override {
        return real_.record(sequence);
    }

    bool refusing = true;
    int refused = 0;

  private:
    Outbox& real_;
};

TEST_F(DeliveryTest, EverythingArrivesInOrderOnceTheDestinationIsBack) {
    WebhookReceiver kpu = receiver();
    kpu.down();
    WebhookChannel& to_kpu = channel(kpu.url());
    const DeliveryWorker& worker = work("kpu", to_kpu);
    commit(1, 600, {"kpu"});
    run_until([&] { return pauses_.size() >= 4; });
    EXPECT_NE(worker.status().text.find("Connection refused"), std::string::npos)
        << worker.status().text;
    EXPECT_EQ(status("kpu").pending, 600u);

    kpu.up();
    run_until([&] { return status("kpu").delivered == 600; });
    EXPECT_EQ(kpu.accepted_bodies(), bodies(1, 600));
    EXPECT_EQ(kpu.received().size(), 600u) << "each message is acknowledged once";
    EXPECT_EQ(status("kpu").last_error, "");
    run_until([&] { return worker.status().text == "everything is delivered"; });
}

TEST_F(DeliveryTest, SendsTheHeadersOfTheSpecification) {
    WebhookReceiver kpu = receiver();
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 1, {"kpu"});
    run_until([&] { return status("kpu").delivered == 1; });
    const ReceivedMessage& message = kpu.received().front();
    EXPECT_TRUE(message.verified);
    EXPECT_EQ(message.target, "/alerts");
    EXPECT_EQ(message.headers.at("content-type"), "application/json");
    EXPECT_EQ(message.headers.at("user-agent"), "kentongan/" KENTONGAN_VERSION);
    EXPECT_EQ(from_nanoseconds(message.timestamp * 1'000'000'000), clock_.now());
    EXPECT_EQ(message.id.find('.'), std::string::npos);
}

TEST_F(DeliveryTest, ASilentDestinationIsTriedAgainAfterTheTimeout) {
    WebhookReceiver kpu = receiver();
    kpu.script({{.kind = Kind::hang}});
    WebhookChannel& to_kpu = channel(kpu.url(), "", 30);
    work("kpu", to_kpu);
    commit(1, 2, {"kpu"});
    run_until([&] { return status("kpu").last_error != ""; });
    EXPECT_NE(status("kpu").last_error.find("no answer within 30 ms"), std::string::npos);
    run_until([&] { return status("kpu").delivered == 2; });
    ASSERT_EQ(kpu.received().size(), 3u);
    EXPECT_EQ(kpu.received()[0].id, kpu.received()[1].id);
}

TEST_F(DeliveryTest, OneSilentDestinationDoesNotDelayAnother) {
    WebhookReceiver bssn = receiver();
    WebhookReceiver kpu = receiver();
    bssn.usually({.kind = Kind::hang});
    WebhookChannel& to_bssn = channel(bssn.url());
    WebhookChannel& to_kpu = channel(kpu.url());
    work("bssn", to_bssn);
    work("kpu", to_kpu);
    commit(1, 50, {"bssn", "kpu"});
    run_until([&] { return status("kpu").delivered == 50; });
    EXPECT_EQ(status("bssn").pending, 50u);
    EXPECT_EQ(bssn.received().size(), 1u);
    EXPECT_EQ(metrics_.delivery_attempts.with({"kpu", "ok"}).value(), 50);
    EXPECT_EQ(metrics_.delivery_attempts.with({"bssn", "ok"}).value(), 0);
}

TEST_F(DeliveryTest, AMessageThatIsRejectedTwentyTimesIsPutAsideAndTheNextGoes) {
    WebhookReceiver kpu = receiver();
    kpu.choose([](const ReceivedMessage& message) -> std::optional<ReceiverAnswer> {
        if (message.body != body(2)) return std::nullopt;
        return ReceiverAnswer{.status = 400, .body = "no such field"};
    });
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 3, {"kpu"});
    run_until([&] { return status("kpu").delivered == 2; });
    EXPECT_EQ(kpu.accepted_bodies(), (std::vector{body(1), body(3)}));
    EXPECT_EQ(status("kpu").dead, 1u);
    EXPECT_EQ(kpu.received().size(), 22u);
    EXPECT_EQ(metrics_.delivery_attempts.with({"kpu", "rejected"}).value(), 19);
    EXPECT_EQ(metrics_.delivery_attempts.with({"kpu", "dead"}).value(), 1);

    kpu.choose(nullptr);
    ASSERT_EQ(store_.revive("kpu"), 1u);
    workers_.front()->notify();
    run_until([&] { return status("kpu").delivered == 3; });
}

TEST_F(DeliveryTest, AMessageThatCannotBeDeliveredForThreeDaysIsPutAside) {
    WebhookReceiver kpu = receiver();
    kpu.usually({.status = 500});
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    const Timestamp start = clock_.now();
    commit(1, 1, {"kpu"});
    run_until([&] { return status("kpu").dead == 1; });
    EXPECT_GE(clock_.now() - start, std::chrono::hours{72});
    EXPECT_LE(clock_.now() - start, std::chrono::hours{72} + std::chrono::seconds{72});
}

TEST_F(DeliveryTest, WaitsAsLongAsTheDestinationAsks) {
    WebhookReceiver kpu = receiver();
    kpu.script({{.status = 429, .body = "", .headers = {{"Retry-After", "17"}}}, {.status = 410}});
    WebhookChannel& to_kpu = channel(kpu.url());
    const DeliveryWorker& worker = work("kpu", to_kpu);
    commit(1, 1, {"kpu"});
    run_until([&] { return pauses_.size() == 2; });
    EXPECT_EQ(pauses_[0], std::chrono::seconds{17});
    EXPECT_TRUE(worker.status().attention) << "410: somebody has to look";
    run_until([&] { return status("kpu").delivered == 1; });
    EXPECT_FALSE(worker.status().attention);
}

TEST_F(DeliveryTest, AnAnswerThatBreaksOffOrRedirectsIsNoAcknowledgement) {
    WebhookReceiver kpu = receiver();
    kpu.script({{.kind = Kind::cut},
                {.kind = Kind::close},
                {.status = 302, .body = "", .headers = {{"Location", "/elsewhere"}}}});
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 2, {"kpu"});
    run_until([&] { return status("kpu").delivered == 2; });
    ASSERT_EQ(kpu.received().size(), 5u);
    for (const auto& message : kpu.received()) EXPECT_EQ(message.target, "/alerts");
    EXPECT_EQ(metrics_.delivery_attempts.with({"kpu", "retry"}).value(), 3);
}

TEST_F(DeliveryTest, AMessageWhoseReceiptWasLostGoesOutAgainWithTheSameId) {
    WebhookReceiver kpu = receiver();
    WebhookChannel& to_kpu = channel(kpu.url());
    StubbornOutbox losing{store_};
    work("kpu", to_kpu, &losing);
    commit(1, 3, {"kpu"});
    run_until([&] { return kpu.received().size() == 3 && losing.refused > 0; });
    stop();  // as a crash would: nothing of the receipts is in the store
    EXPECT_EQ(status("kpu").pending, 3u);

    work("kpu", to_kpu);
    run_until([&] { return status("kpu").delivered == 3; });
    ASSERT_EQ(kpu.received().size(), 6u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(kpu.received()[i].id, kpu.received()[i + 3].id);
        EXPECT_TRUE(kpu.received()[i + 3].repeated);
    }
    EXPECT_EQ(kpu.accepted_bodies(), bodies(1, 3));
}

TEST_F(DeliveryTest, AFailingStoreMakesNoMessageGoOutTwice) {
    WebhookReceiver kpu = receiver();
    WebhookChannel& to_kpu = channel(kpu.url());
    StubbornOutbox full{store_};
    const DeliveryWorker& worker = work("kpu", to_kpu, &full);
    commit(1, 20, {"kpu"});
    run_until([&] { return kpu.received().size() == 20 && full.refused > 3; });
    run_until([&] { return worker.status().text.find("disk is full") != std::string::npos; });
    full.refusing = false;
    run_until([&] { return status("kpu").delivered == 20; });
    EXPECT_EQ(kpu.received().size(), 20u);
}

TEST_F(DeliveryTest, WhatTheHistorySaysOfReceiptsIsStoredWithThem) {
    WebhookReceiver kpu = receiver();
    int asked = 0;
    std::size_t told = 0;
    tell_ = [&](const std::string& destination, const auto& outcomes) -> Result<NewEntries> {
        if (++asked < 3) return fail(ErrorCode::io, "store alerts.db: disk is full");
        told += outcomes.size();
        return NewEntries{.entries = {destination}};
    };
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 20, {"kpu"});
    run_until([&] { return status("kpu").delivered == 20; });
    EXPECT_EQ(told, 20u);
    EXPECT_EQ(store_.entries(0, 1).value(), std::vector<std::string>{"kpu"});
    EXPECT_EQ(kpu.received().size(), 20u);
}

TEST_F(DeliveryTest, CancellingStopsAtOnceAndKeepsTheReceiptsThatCame) {
    WebhookReceiver kpu = receiver();
    kpu.choose([](const ReceivedMessage& message) -> std::optional<ReceiverAnswer> {
        if (message.body != body(4)) return std::nullopt;
        return ReceiverAnswer{.kind = Kind::hang};
    });
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 9, {"kpu"});
    run_until([&] { return kpu.received().size() == 4; });
    stop();
    EXPECT_EQ(status("kpu").delivered, 3u);
    EXPECT_EQ(status("kpu").pending, 6u);
}

TEST_F(DeliveryTest, APausedDestinationIsSentNothingAndThenAllThatWaited) {
    WebhookReceiver kpu = receiver();
    WebhookReceiver bssn = receiver();
    DeliveryWorker& worker = work("kpu", channel(kpu.url()));
    work("bssn", channel(bssn.url()));
    worker.pause("paused by ani: maintenance");
    commit(1, 20, {"kpu", "bssn"});
    run_until([&] { return status("bssn").delivered == 20; });
    EXPECT_TRUE(kpu.received().empty());
    EXPECT_EQ(status("kpu").pending, 20u);
    EXPECT_EQ(worker.status().text, "paused by ani: maintenance");
    EXPECT_TRUE(worker.status().attention);
    worker.pause("");
    run_until([&] { return status("kpu").delivered == 20; });
    EXPECT_EQ(kpu.accepted_bodies(), bodies(1, 20));
}

TEST_F(DeliveryTest, WorksWithTheStoreOnAThreadOfItsOwn) {
    WebhookReceiver kpu = receiver();
    WebhookChannel& to_kpu = channel(kpu.url());
    LoopThread store{"store"};
    TaskGroup group{loop_.get_executor()};
    DeliveryWorker worker{{.destination = "kpu"}, to_kpu,   store_, loop_.get_executor(),
                          store.executor(),       metrics_, clock_};
    commit(1, 300, {"kpu"});
    worker.start(group);
    const Counter delivered = metrics_.delivery_attempts.with({"kpu", "ok"});
    run_until([&] { return delivered.value() == 300; });
    group.cancel();
    run_until([&] { return group.running() == 0; });
    store.finish();
    EXPECT_EQ(status("kpu").delivered, 300u);
    EXPECT_EQ(kpu.accepted_bodies(), bodies(1, 300));
}

}  // namespace
}  // namespace kentongan
