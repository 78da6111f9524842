// kentongan rules filter preview on the alerts of a real daemon, running and stopped.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/integration/daemon/probe_rules.hpp"
#include "tests/integration/daemon/probed_host.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

namespace json = boost::json;

class FilterPreview : public testing::Test {
  protected:
    void SetUp() override {
        host.daemon.start();
        ASSERT_TRUE(eventually([&] { return host.daemon.ready(); })) << host.daemon.log();
        host.distinct.append(25);
        host.repeated.append(25);
        ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    }

    Ended run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), KENTONGAN_COMMAND);
        for (const auto* option : {"-o", "json", "--config"}) arguments.emplace_back(option);
        arguments.push_back(host.daemon.config());
        const auto log = host.daemon.path("kentongan.log");
        std::filesystem::remove(log);
        return run_program(arguments, log, 60).value();
    }
    json::value ask(const std::vector<std::string>& arguments) const {
        const auto ended = run(arguments);
        EXPECT_EQ(ended.status, 0) << ended.output;
        boost::system::error_code bad;
        auto value = json::parse(ended.output, bad);
        EXPECT_FALSE(bad) << ended.output;
        return value;
    }
    json::value preview() const {
        return ask({"rules", "filter", "preview", host.daemon.path("local.yml"), "--days", "2"});
    }
    void write_filter(const std::string& values, const std::string& condition = "not those") {
        host.daemon.write("local.yml",
                          "title: Scanner of our own\nlogsource: {category: webserver}\n"
                          "filter:\n  rules: any\n  those: {c-ip: [" +
                              values + "]}\n  condition: " + condition + "\n");
    }

    ProbedHost host{67};
};

TEST_F(FilterPreview, NamesTheAlertsThatWouldBeGoneOnlineAndOffline) {
    const auto critical = ask({"alerts", "list", "--severity", "critical"});
    const auto all = ask({"alerts", "list", "--rule", std::string(kAgainRule)});
    ASSERT_FALSE(critical.as_array().empty());
    ASSERT_FALSE(all.as_array().empty());
    const auto entity = [](const json::value& alert) {
        return std::string(alert.at("kentongan").at("entity").as_string());
    };
    const std::set<std::string> addresses{entity(critical.at(0)), entity(all.at(0))};
    write_filter(fmt::format("{}", fmt::join(addresses, ", ")));
    std::set<std::string> expected;
    const auto stored = ask({"alerts", "list"});
    for (const auto& alert : stored.as_array())
        if (addresses.contains(entity(alert)))
            expected.emplace(alert.at("event").at("id").as_string());
    const auto shown = preview();
    std::set<std::string> quieted;
    for (const auto& one : shown.at("alerts").as_array()) {
        EXPECT_EQ(one.at("reason").as_string(), "");
        if (one.at("outcome").as_string() == "suppressed")
            quieted.emplace(one.at("id").as_string());
        else
            EXPECT_EQ(one.at("outcome").as_string(), "kept");
    }
    EXPECT_EQ(quieted, expected);
    EXPECT_EQ(shown.at("by_severity").at("critical").at("suppressed").to_number<int>(), 1);
    EXPECT_EQ(shown.at("alerts_looked_at").to_number<int>(), 35);
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    EXPECT_EQ(preview(), shown);
}

TEST_F(FilterPreview, ABrokenOrMissingFilterIsRefusedByName) {
    write_filter("x", "not these");
    const auto broken = run({"rules", "filter", "preview", host.daemon.path("local.yml")});
    EXPECT_EQ(broken.status, 65);
    EXPECT_TRUE(broken.output.contains("line 6")) << broken.output;
    const auto missing = run({"rules", "filter", "preview", host.daemon.path("none.yml")});
    EXPECT_EQ(missing.status, 66);
    EXPECT_TRUE(missing.output.contains("none.yml")) << missing.output;
}

}  // namespace
}  // namespace kentongan
