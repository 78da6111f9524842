// What a running daemon says about itself, over HTTP and through kentongan.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <thread>

#include "daemon/base/text.hpp"
#include "daemon/metrics/metrics.hpp"
#include "tests/integration/daemon/probe_rules.hpp"
#include "tests/integration/daemon/probed_host.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

namespace json = boost::json;

class Status : public testing::Test {
  protected:
    void SetUp() override {
        host.daemon.start();
        ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
        host.distinct.append(25);
        host.repeated.append(25);
        ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    }

    /// What `kentongan ...` answers as JSON.
    json::value ask(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), KENTONGAN_COMMAND);
        for (const auto* option : {"-o", "json", "--config"}) arguments.emplace_back(option);
        arguments.push_back(host.daemon.config());
        const auto log = host.daemon.path("kentongan.log");
        std::filesystem::remove(log);
        const auto ended = run_program(arguments, log, 60);
        EXPECT_TRUE(ended && ended->status == 0) << (ended ? ended->output : "");
        boost::system::error_code bad;
        auto value = json::parse(ended ? ended->output : "", bad);
        EXPECT_FALSE(bad) << (ended ? ended->output : "");
        return value;
    }

    ProbedHost host{61};
};

TEST_F(Status, CommandShowsSourcesAgenciesAndAlerts) {
    const auto status = ask({"status"});
    EXPECT_TRUE(status.at("ready").as_bool());
    EXPECT_EQ(status.at("name").as_string(), "under-test");
    EXPECT_EQ(status.at("alerts").at("stored").to_number<int>(), 35);
    std::map<std::string, double> events;
    for (const auto& source : status.at("sources").as_array())
        events[std::string(source.at("source").as_string())] =
            source.at("events").to_number<double>();
    EXPECT_EQ(events, (std::map<std::string, double>{{"log:distinct", 25}, {"log:repeated", 25}}));
    EXPECT_EQ(status.at("agencies").as_array().size(), 4u);
    EXPECT_FALSE(status.at("heartbeat").is_null());
}

TEST_F(Status, ItsNumbersAreThoseOfTheMetrics) {
    ASSERT_TRUE(eventually([&] { return host.daemon.metric("kentongan_pipeline_queue_items"); }));
    ASSERT_TRUE(eventually([&] { return host.daemon.metric("kentongan_spool_bytes") > 0.0; }));
    const auto status = ask({"status"});
    std::map<std::string, double> parsed;
    for (const auto& log : status.at("logs").as_array()) {
        parsed[std::string(log.at("source").as_string())] = log.at("parsed").to_number<double>();
        EXPECT_EQ(log.at("unparsed").to_number<double>(), 0);
    }
    EXPECT_EQ(parsed, (std::map<std::string, double>{{"log:distinct", 25}, {"log:repeated", 25}}));
    std::map<std::string, double> room;
    for (const auto& queue : status.at("queues").as_array())
        if (!queue.at("room").is_null())
            room[std::string(queue.at("stage").as_string())] = queue.at("room").to_number<double>();
    for (const auto* stage : {"correlate", "desk"})
        EXPECT_EQ(room[stage], host.daemon.metric(
                                   std::string("kentongan_pipeline_queue_capacity_items{stage=\"") +
                                   stage + "\"}"));
    const auto& detect = status.at("latency").as_array().at(0);
    EXPECT_EQ(detect.at("of").as_string(), "detect");
    EXPECT_LE(detect.at("p50").to_number<double>(), detect.at("p99").to_number<double>());
    EXPECT_EQ(status.at("disk").at("newest_alert").to_number<double>(),
              host.daemon.metric("kentongan_hub_committed_sequence{sensor=\"under-test\"}"));
    // The first event of each source is timed.
    EXPECT_GE(host.daemon.metric("kentongan_rule_eval_seconds_count{engine=\"sigma\"}").value_or(0),
              2.0);
    EXPECT_FALSE(status.at("ledger").at("failing").as_bool());
    EXPECT_TRUE(status.at("captures").as_array().empty());
}

TEST_F(Status, AnswersHaveTheMembersThatTheDescriptionOfTheApiPromises) {
    const auto described = host.daemon.get("/api/v1/openapi.json");
    ASSERT_TRUE(described && described->status == 200);
    std::vector<std::string> answered;
    for (const auto& [path, methods] : json::parse(described->body).at("paths").as_object()) {
        const auto* operation = methods.as_object().if_contains("get");
        if (operation == nullptr || path.contains('{')) continue;
        const json::object* schema = promised(operation->as_object());
        if (schema == nullptr) continue;
        const auto answer = host.daemon.get(std::string(path));
        ASSERT_TRUE(answer) << path;
        if (answer->status == 404) continue;  // this daemon has no register and plays no drill
        ASSERT_EQ(answer->status, 200) << path << answer->body;
        EXPECT_EQ(broken_promise(*schema, json::parse(answer->body)), "") << path;
        answered.emplace_back(path);
    }
    for (const auto* path : {"sensors", "services", "settings", "status", "rules", "deliveries"})
        EXPECT_TRUE(std::ranges::find(answered, fmt::format("/api/v1/{}", path)) != answered.end())
            << path;
}

TEST_F(Status, TopShowsTheNumbersOfStatus) {
    const auto status = ask({"status"});
    const auto top = ask({"top", "--times", "1"});
    EXPECT_EQ(top.at("status").at("alerts"), status.at("alerts"));
    EXPECT_EQ(top.at("status").at("sources"), status.at("sources"));
    EXPECT_EQ(top.at("sensors").as_array().size(), status.at("sources").as_array().size());
    EXPECT_EQ(top.at("deliveries").as_array().size(), status.at("agencies").as_array().size());
}

TEST_F(Status, SensorsAreTheSources) {
    std::vector<std::string_view> alive;
    const auto sensors = ask({"sensors"});
    for (const auto& sensor : sensors.at("sensors").as_array())
        if (sensor.at("alive").as_bool()) alive.emplace_back(sensor.at("source").as_string());
    EXPECT_EQ(alive, (std::vector<std::string_view>{"log:distinct", "log:repeated"}));
}

TEST_F(Status, TailShowsTheNewestThenWhatComesAlsoWhenTheDaemonWasAway) {
    Ended tail;
    std::jthread watching{[&] {
        auto ended = run_program({KENTONGAN_COMMAND, "tail", "--newest", "5", "--times", "8", "-o",
                                  "ndjson", "--config", host.daemon.config()},
                                 host.daemon.path("tail.log"), 120);
        if (ended) tail = std::move(*ended);
    }};
    const auto watched = [&] { return host.daemon.metric("kentongan_live_tails") == 1.0; };
    ASSERT_TRUE(eventually(watched));
    host.distinct.append(1);
    ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    host.daemon.kill();
    host.distinct.append(1);
    host.daemon.start();
    ASSERT_TRUE(eventually(watched)) << host.daemon.log();
    host.distinct.append(1);
    watching.join();
    EXPECT_EQ(tail.status, 0);
    std::vector<std::string> ids;
    for (std::string_view rest = tail.output; !rest.empty();) {
        boost::system::error_code bad;
        const std::string_view line = take_until(rest, '\n');
        const auto alert = json::parse(line, bad);
        if (bad) continue;  // what it says of the daemon that is away
        ids.emplace_back(alert.at("event").at("id").as_string());
    }
    std::vector<std::string> stored;
    for (const auto& alert : ask({"alerts", "list", "--limit", "8"}).as_array())
        stored.emplace(stored.begin(), alert.at("event").at("id").as_string());
    EXPECT_EQ(ids, stored);
    EXPECT_TRUE(tail.output.contains("trying again")) << tail.output;
}

TEST_F(Status, AlertsAreTheSameFromTheDaemonAndFromItsDatabase) {
    const auto online = ask({"alerts", "list"});
    ASSERT_EQ(online.as_array().size(), 35u);
    const std::string id(online.as_array()[0].at("event").at("id").as_string());
    const auto shown = ask({"alerts", "show", id});
    const auto grave = ask({"alerts", "list", "--severity", "critical", "--oldest"});
    EXPECT_EQ(grave.as_array().size(), 5u);
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    EXPECT_EQ(ask({"alerts", "list"}), online);
    EXPECT_EQ(ask({"alerts", "show", id}), shown);
    EXPECT_EQ(ask({"alerts", "list", "--severity", "critical", "--oldest"}), grave);
}

TEST_F(Status, EveryMetricIsADocumentedOneAndTheOnesOperatorsNeedAreThere) {
    // The gauges of the queues are read once a second.
    ASSERT_TRUE(eventually([&] { return host.daemon.metric("kentongan_pipeline_queue_items"); }));
    const Metrics documented;
    std::set<std::string> known;
    for (const auto& description : documented.registry.descriptions())
        known.insert(description.name);
    const auto answer = host.daemon.get("/metrics");
    ASSERT_TRUE(answer);
    std::set<std::string> shown;
    std::string_view rest = answer->body;
    while (!rest.empty()) {
        std::string_view line = take_until(rest, '\n');
        if (!line.starts_with("# TYPE ")) continue;
        line.remove_prefix(7);
        shown.emplace(take_until(line, ' '));
    }
    for (const auto& name : shown) EXPECT_TRUE(known.contains(name)) << name;
    for (const auto* name : {"kentongan_build_info",
                             "kentongan_config_last_reload_successful",
                             "kentongan_rules_loaded",
                             "kentongan_log_lines_total",
                             "kentongan_log_lag_seconds",
                             "kentongan_pipeline_items_total",
                             "kentongan_pipeline_queue_items",
                             "kentongan_pipeline_heartbeat_timestamp_seconds",
                             "kentongan_events_total",
                             "kentongan_alerts_total",
                             "kentongan_detect_latency_seconds",
                             "kentongan_store_commit_seconds",
                             "kentongan_delivery_attempts_total",
                             "kentongan_delivery_pending",
                             "kentongan_http_requests_total",
                             "kentongan_rule_bundle_info",
                             "kentongan_rule_eval_seconds",
                             "kentongan_sensor_last_seen_timestamp_seconds",
                             "kentongan_hub_committed_sequence",
                             "kentongan_spool_bytes",
                             "kentongan_spool_fsync_seconds"})
        EXPECT_TRUE(shown.contains(name)) << name;
    EXPECT_EQ(
        host.daemon.metric("kentongan_log_lines_total{result=\"parsed\",source=\"log:distinct\"}"),
        25.0);
}

}  // namespace
}  // namespace kentongan
