#pragma once
// Destinations with real receivers on loopback, a memory store, and time that only jumps.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "daemon/base/file.hpp"
#include "daemon/deliver/delivery_worker.hpp"
#include "daemon/deliver/webhook_channel.hpp"
#include "daemon/drill/webhook_receiver.hpp"
#include "daemon/store/memory/memory_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {

inline constexpr auto kTestSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

inline WebhookKeys test_keys() { return {WebhookKey::parse(kTestSecret).value()}; }

class DeliveryTest : public testing::Test {
  protected:
    DeliveryTest() {
        if (!replace_file(keys_file_, kTestSecret)) throw std::runtime_error("key file");
    }
    ~DeliveryTest() override { stop(); }

    WebhookReceiver receiver() { return {loop_.get_executor(), {.keys = test_keys()}}; }

    /// Lives as long as the fixture: a worker's tasks use it until they have ended.
    WebhookChannel& channel(const std::string& url, const std::string& ca_file = "",
                            int timeout_ms = 20000) {
        auto opened = WebhookChannel::open(loop_.get_executor(),
                                           {.url = url,
                                            .secret_file = keys_file_,
                                            .ca_file = ca_file,
                                            .timeout = std::chrono::milliseconds{timeout_ms}},
                                           clock_);
        channels_.push_back(std::move(opened.value()));
        return *channels_.back();
    }

    /// A worker whose pauses pass at once.
    DeliveryWorker& work(const std::string& destination, DeliveryChannel& channel,
                         Outbox* outbox = nullptr) {
        DeliveryWorkerSettings settings{.destination = destination};
        settings.tell = tell_;
        settings.pause = [this](Duration wait) { return jump(wait); };
        settings.page = [this](const std::string& name, const std::string& reason) {
            pages_.push_back(name + " " + reason);
        };
        workers_.push_back(std::make_unique<DeliveryWorker>(
            std::move(settings), channel, outbox == nullptr ? store_ : *outbox,
            loop_.get_executor(), loop_.get_executor(), metrics_, clock_));
        workers_.back()->start(group_);
        return *workers_.back();
    }

    /// One alert a message, for each of the destinations.
    void commit(int first, int last, const std::vector<std::string>& destinations,
                Urgency lane = Urgency::usual) {
        AlertBatch batch;
        for (int i = first; i <= last; ++i) {
            AlertWrite write{make_alert({.number = i}), {}};
            for (const auto& name : destinations)
                write.deliveries.push_back({name, "alert.created", body(i), lane});
            batch.alerts.push_back(std::move(write));
        }
        ASSERT_TRUE(store_.commit(batch));
        for (const auto& worker : workers_) worker->notify();
    }
    static std::string body(int i) { return fmt::format(R"({{"data":{}}})", i); }
    static std::vector<std::string> bodies(int first, int last) {
        std::vector<std::string> out;
        for (int i = first; i <= last; ++i) out.push_back(body(i));
        return out;
    }

    template <class Condition>
    void run_until(Condition condition) {
        while (!condition()) {
            loop_.restart();
            if (loop_.run_one() == 0) throw std::runtime_error("nothing left to run");
        }
    }
    DeliveryStatus status(const std::string& destination) {
        for (const auto& status : store_.status().value())
            if (status.destination == destination) return status;
        return {};
    }
    void stop() {
        group_.cancel();
        run_until([this] { return group_.running() == 0; });
        workers_.clear();
    }
    Task<> jump(Duration wait) {
        pauses_.push_back(wait);
        clock_.advance(wait);
        co_await asio::post(asio::use_awaitable);
    }

    TemporaryFolder folder_;
    const std::string keys_file_ = folder_ / "keys";
    ManualClock clock_;
    MemoryAlertStore store_{clock_};
    Metrics metrics_;
    std::vector<Duration> pauses_;
    Tell tell_;  ///< of workers that begin later
    std::vector<std::string> pages_;
    asio::io_context loop_{1};
    std::vector<std::unique_ptr<WebhookChannel>> channels_;
    std::vector<std::unique_ptr<DeliveryWorker>> workers_;
    TaskGroup group_{loop_.get_executor()};
};

}  // namespace kentongan
