#include "daemon/pipeline/pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/store/memory/memory_alert_store.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/pipeline/fixtures.hpp"

namespace kentongan {
namespace {

constexpr std::string_view kRouting = R"(
agencies = ["kpu", "bssn"]
owner = "kpu"
[class.default]
kpu = { tlp = "RED" }
bssn = { tlp = "AMBER", minimum = "high" }
)";

class PipelineTest : public ::testing::Test {
  protected:
    static Event login(std::string_view source, int position, int second, std::string_view user) {
        return an_event()
            .of(EventKind::auth)
            .at(*parse_rfc3339("2024-11-27T06:00:00Z") + std::chrono::seconds{second})
            .in(source, static_cast<std::uint64_t>(position))
            .with(Field::user_name, user)
            .saying("line")
            .build();
    }
    /// Events of one source, `stride` seconds apart.
    static std::vector<Event> logins(std::string_view source, int count, int start, int stride) {
        std::vector<Event> out;
        for (int i = 0; i < count; ++i)
            out.push_back(login(source, i, start + i * stride, "u" + std::to_string(i % 7)));
        return out;
    }

    struct Outcome {
        std::vector<std::string> seen;
        std::vector<std::string> hits;
        std::vector<std::string> seconds;
        std::vector<std::string> alerts;
        std::vector<Error> failures;
        std::map<std::string, std::string> bookmarks;
    };

    Outcome run(Order order, std::size_t lanes, std::vector<std::unique_ptr<Collector>> sources,
                std::function<void(Pipeline&)> meanwhile = nullptr) {
        Outcome out;
        asio::io_context loop{1};
        Metrics metrics;
        MemoryAlertStore store;
        RuleSlot rules{std::make_shared<TestRulebook>("test:one")};
        std::vector<std::unique_ptr<Detector>> stateful;
        stateful.push_back(std::make_unique<OrderDetector>(out.seen));
        stateful.push_back(std::make_unique<HitOrderDetector>(out.hits));
        stateful.push_back(std::make_unique<SecondsDetector>(out.seconds));
        if (reviewed_) stateful.push_back(std::make_unique<EveryOtherReviewer>());
        Pipeline pipeline{loop.get_executor(),
                          {.order = order, .lanes = lanes},
                          rules,
                          std::move(stateful),
                          metrics,
                          clock_};
        for (auto& source : sources) pipeline.add(std::move(source));
        const auto routing =
            std::make_shared<const Routing>(Routing::parse(kRouting, "routing.toml").value());
        DeskStage desk{{.live = false, .retry = false},
                       AlertDesk{{}, routing},
                       routing,
                       store,
                       loop.get_executor(),
                       metrics,
                       clock_,
                       nullptr};
        if (meanwhile) meanwhile(pipeline);
        out.failures = run_task(pipeline.run(desk), loop);
        AlertQuery all;
        all.newest_first = false;
        all.limit = 1000;
        const auto page = store.find(all, std::nullopt);
        for (const auto& alert : page->alerts) out.alerts.push_back(alert.json);
        out.bookmarks = store.bookmarks().value();
        return out;
    }

    static std::vector<std::unique_ptr<Collector>> three_sources(std::size_t batch) {
        std::vector<std::unique_ptr<Collector>> out;
        out.push_back(std::make_unique<ScriptedCollector>("a", logins("a", 500, 0, 3), batch));
        out.push_back(std::make_unique<ScriptedCollector>("b", logins("b", 300, 40, 2), batch + 1));
        out.push_back(std::make_unique<ScriptedCollector>("c", logins("c", 1, 700, 1), 1));
        return out;
    }

    ManualClock clock_;
    bool reviewed_ = false;
};

TEST_F(PipelineTest, RecordedSourcesAreMergedByTimeWhateverTheLanesAndBatches) {
    const auto one = run(Order::event_time, 1, three_sources(1));
    ASSERT_EQ(one.alerts.size(), 7u);
    EXPECT_EQ(one.seen[0], "second 2024-11-27T06:00:00Z");
    for (const std::size_t lanes : {2u, 3u, 4u})
        for (const std::size_t batch : {1u, 7u, 1000u}) {
            const auto other = run(Order::event_time, lanes, three_sources(batch));
            EXPECT_EQ(other.seen, one.seen) << lanes << " lanes, batches of " << batch;
            EXPECT_EQ(other.alerts, one.alerts) << lanes << " lanes, batches of " << batch;
        }
}

TEST_F(PipelineTest, HitsOfAllLanesComeInTheOrderOfTheirEventsAndThenTheEnd) {
    const auto one = run(Order::event_time, 1, three_sources(1));
    ASSERT_EQ(one.hits.size(), 802u);
    EXPECT_EQ(one.hits.back(), "end");
    std::vector<std::string> events = one.seen;
    std::erase_if(events, [](const auto& line) { return line.starts_with("second"); });
    EXPECT_EQ(std::vector(one.hits.begin(), one.hits.end() - 1), events);
    EXPECT_EQ(run(Order::event_time, 4, three_sources(7)).hits, one.hits);
    const auto live = run(Order::arrival, 1, three_sources(7)).hits;
    EXPECT_EQ(live.size(), 801u) << "live input has no end";
}

TEST_F(PipelineTest, FindingsOfAllLanesAreReviewedInOneOrder) {
    reviewed_ = true;
    const auto one = run(Order::event_time, 1, three_sources(1));
    ASSERT_EQ(one.alerts.size(), 7u);
    EXPECT_THAT(one.alerts.back(), testing::HasSubstr(" as number "));
    EXPECT_THAT(one.alerts.back(), testing::HasSubstr("\"severity\":\"high\""));
    EXPECT_EQ(run(Order::event_time, 4, three_sources(7)).alerts, one.alerts);
}

TEST_F(PipelineTest, SecondsOfLogsAreTheSameWhateverTheLanesAndBatches) {
    const auto three_logs = [](std::size_t batch) {
        std::vector<std::unique_ptr<Collector>> out;
        out.push_back(std::make_unique<ScriptedCollector>("log:a", logins("a", 500, 0, 1), batch));
        out.push_back(
            std::make_unique<ScriptedCollector>("log:b", logins("b", 300, 40, 2), batch + 1));
        out.push_back(std::make_unique<ScriptedCollector>("other", logins("c", 9, 5, 1), 1));
        return out;
    };
    const auto one = run(Order::event_time, 1, three_logs(1));
    EXPECT_EQ(one.seconds.size(), 800u);  // not those of what is no log
    EXPECT_THAT(one.seconds, testing::Contains("log:a 2024-11-27T06:00:41Z 1"));
    EXPECT_THAT(one.seconds, testing::Contains("log:b 2024-11-27T06:10:38Z 1 ended"));
    for (const std::size_t lanes : {2u, 4u})
        for (const std::size_t batch : {7u, 1000u})
            EXPECT_EQ(run(Order::event_time, lanes, three_logs(batch)).seconds, one.seconds)
                << lanes << " lanes, batches of " << batch;
}

TEST_F(PipelineTest, EqualTimesKeepTheOrderOfTheSources) {
    std::vector<std::unique_ptr<Collector>> sources;
    sources.push_back(std::make_unique<ScriptedCollector>("a", logins("a", 2, 5, 0), 1));
    sources.push_back(std::make_unique<ScriptedCollector>("b", logins("b", 2, 5, 0), 1));
    const auto out = run(Order::event_time, 2, std::move(sources));
    const std::vector<std::string> expected{
        "second 2024-11-27T06:00:05Z", "a/0", "a/1", "b/0", "b/1", "second 2024-11-27T07:00:05Z"};
    EXPECT_EQ(out.seen, expected);
}

TEST_F(PipelineTest, ASourceThatFailsDoesNotStopTheOthersOfARecording) {
    std::vector<std::unique_ptr<Collector>> sources;
    sources.push_back(std::make_unique<ScriptedCollector>("broken", logins("broken", 3, 0, 1), 2,
                                                          false, fail(ErrorCode::data, "cut off")));
    sources.push_back(std::make_unique<ScriptedCollector>("whole", logins("whole", 50, 0, 1), 9));
    const auto out = run(Order::event_time, 1, std::move(sources));
    ASSERT_EQ(out.failures.size(), 1u);
    EXPECT_EQ(out.failures[0].message, "broken: cut off");
    EXPECT_EQ(std::ranges::count_if(out.seen, [](auto& s) { return s.starts_with("whole"); }), 50);
    EXPECT_EQ(std::ranges::count_if(out.seen, [](auto& s) { return s.starts_with("broken"); }), 3);
}

TEST_F(PipelineTest, ALiveSourceThatFailsStopsTheDaemonAndIsNamed) {
    std::vector<std::unique_ptr<Collector>> sources;
    sources.push_back(
        std::make_unique<ScriptedCollector>("good", logins("good", 5, 0, 1), 1, true));
    sources.push_back(std::make_unique<ScriptedCollector>(
        "bad", logins("bad", 1, 0, 1), 1, true, fail(ErrorCode::no_input, "no such interface")));
    sources[1] = std::make_unique<ScriptedCollector>("bad", std::vector<Event>{}, 1, false,
                                                     fail(ErrorCode::no_input, "no interface"));
    const auto out = run(Order::arrival, 2, std::move(sources));
    ASSERT_EQ(out.failures.size(), 1u);
    EXPECT_EQ(out.failures[0].message, "bad: no interface");
    EXPECT_EQ(out.failures[0].code, ErrorCode::no_input);
}

TEST_F(PipelineTest, ABookmarkIsStoredWithTheAlertsOfEverythingBeforeIt) {
    std::vector<std::unique_ptr<Collector>> sources;
    sources.push_back(std::make_unique<ScriptedCollector>("a", logins("a", 21, 0, 1), 7));
    const auto out = run(Order::event_time, 1, std::move(sources));
    EXPECT_EQ(out.bookmarks.at("a"), "21");
    std::uint64_t findings = 0;
    for (const auto& alert : out.alerts)
        findings +=
            boost::json::parse(alert).at("kentongan").at("count").to_number<std::uint64_t>();
    EXPECT_EQ(findings, 21u);
}

TEST_F(PipelineTest, FilesAreScannedBeforeTheirEventsGoOn) {
    std::vector<Event> files;
    for (int i = 0; i < 20; ++i)
        files.push_back(an_event()
                            .of(EventKind::file)
                            .at("2024-11-27T06:00:00Z")
                            .in("tree", static_cast<std::uint64_t>(i))
                            .with(Field::event_action, i == 3 ? "removed" : "created")
                            .with(Field::file_path, "/srv/f" + std::to_string(i))
                            .build());
    std::vector<std::unique_ptr<Collector>> sources;
    sources.push_back(std::make_unique<ScriptedCollector>("tree", files, 6));
    const auto out = run(Order::event_time, 2, std::move(sources));
    EXPECT_EQ(out.alerts.size(), 19u);
}

TEST(LaneSink, SaysInWhichFilesSomethingWasFound) {
    Metrics metrics;
    RuleSlot rules{std::make_shared<TestRulebook>("test:one")};
    Channel<LaneBatch> out{4};
    asio::io_context context{1};
    LaneSink::Options options;
    options.source_name = "reports";
    options.scan = context.get_executor();
    LaneSink sink{options, rules, out, metrics};
    for (const auto* path : {"/photos/a.jpg", "/photos/b.jpg"})
        sink.emit(an_event()
                      .of(EventKind::file)
                      .at("2024-11-27T06:00:00Z")
                      .with(Field::event_action, "created")
                      .with(Field::file_path, path)
                      .build());
    EXPECT_TRUE(sink.take_flagged_files().empty());
    run_task(sink.flush({}, std::nullopt), context);
    EXPECT_THAT(sink.take_flagged_files(), testing::ElementsAre("/photos/a.jpg", "/photos/b.jpg"));
    EXPECT_TRUE(sink.take_flagged_files().empty());
}

TEST(LaneSink, OfferDropsEventsWhenTheNextStageIsFullButKeepsWhatWasDetected) {
    Metrics metrics;
    RuleSlot rules{std::make_shared<TestRulebook>("test:one")};
    Channel<LaneBatch> out{1};
    asio::io_context context{1};
    LaneSink::Options options;
    options.source_name = "packets";
    options.forwarded.set(static_cast<std::size_t>(EventKind::auth));
    options.scan = context.get_executor();
    LaneSink sink{options, rules, out, metrics};
    const Event event = an_event()
                            .of(EventKind::auth)
                            .at("2024-11-27T06:00:00Z")
                            .with(Field::user_name, "u")
                            .build();
    sink.emit(event);
    EXPECT_TRUE(sink.offer(event.time));
    sink.emit(event);
    EXPECT_FALSE(sink.offer(event.time));
    EXPECT_EQ(metrics.pipeline_dropped.with({"lane", "correlator_full"}).value(), 1);
    auto first = run_task(out.receive());
    ASSERT_TRUE(first);
    EXPECT_EQ(first->items.size(), 3u);
    EXPECT_TRUE(sink.offer(event.time));
    const auto second = run_task(out.receive());
    ASSERT_TRUE(second);
    ASSERT_EQ(second->items.size(), 2u);
    EXPECT_TRUE(std::holds_alternative<Finding>(second->items[0].what));
    EXPECT_TRUE(std::holds_alternative<std::shared_ptr<const Hit>>(second->items[1].what));
}

TEST(LaneSink, ANewRulebookTakesEffectWithTheNextBatch) {
    Metrics metrics;
    RuleSlot rules{std::make_shared<TestRulebook>("test:old")};
    Channel<LaneBatch> out{8};
    asio::io_context context{1};
    LaneSink::Options options;
    options.source_name = "log";
    options.scan = context.get_executor();
    LaneSink sink{options, rules, out, metrics};
    const Event event = an_event().of(EventKind::auth).with(Field::user_name, "u").build();
    const auto id_of_next = [&] {
        sink.emit(event);
        run_task(sink.flush(event.time, std::nullopt));
        auto batch = run_task(out.receive());
        return std::get<Finding>(batch->items.at(0).what).rule->id;
    };
    EXPECT_EQ(id_of_next(), "test:old");
    rules.swap(std::make_shared<TestRulebook>("test:new"));
    (void)id_of_next();
    EXPECT_EQ(id_of_next(), "test:new");
}

}  // namespace
}  // namespace kentongan
