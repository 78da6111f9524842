// An agency that cannot be reached delays nobody but itself, and gets everything later.
#include <gtest/gtest.h>

#include "tests/integration/daemon/probe_rules.hpp"
#include "tests/integration/daemon/probed_host.hpp"
#include "tests/support/eventually.hpp"

namespace kentongan {
namespace {

/// The alerts of a lane an agency was told of, in the order in which it was told, each message
/// once.
std::vector<std::string> told(const ProbedHost& host, const std::string& agency,
                              const std::set<std::string>& lane) {
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (const auto& message : host.agencies.accepted(agency))
        if (lane.contains(message.alert_id) && seen.insert(message.webhook_id).second)
            out.push_back(message.alert_id);
    return out;
}

TEST(AgencyDown, TheOthersAreToldMeanwhileAndItGetsEverythingInOrderLater) {
    ProbedHost host{31};
    host.agencies.down("bssn");
    host.agencies.usually("polri", {.kind = ReceiverAnswer::Kind::hang});
    host.daemon.start();
    host.distinct.append(100);
    ASSERT_TRUE(eventually([&] {
        return host.agencies.alerts("kpu") == 100 && host.agencies.alerts("brin") == 100;
    })) << host.daemon.log();
    EXPECT_EQ(host.agencies.alerts("bssn"), 0u);
    EXPECT_EQ(host.agencies.alerts("polri"), 0u);

    host.agencies.up("bssn");
    host.agencies.usually("polri", {});
    host.distinct.append(20);
    ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    host.expect_each_line_once();
    const auto stored = host.stored();  // in the order in which they were raised
    for (const auto& agency : AgenciesUnderTest::names())
        for (const bool grave : {true, false}) {  // criticals overtake; each lane is in order
            std::vector<std::string> expected;
            for (const auto& alert : stored)
                if (alert.agencies.contains(agency) && (alert.rule == kGraveRule) == grave)
                    expected.push_back(alert.id);
            EXPECT_EQ(told(host, agency, {expected.begin(), expected.end()}), expected) << agency;
        }
}

TEST(AgencyDown, WhatWaitsForItOutlivesTheDaemon) {
    ProbedHost host{32};
    host.agencies.down("bssn");
    host.daemon.start();
    host.distinct.append(50);
    ASSERT_TRUE(eventually([&] { return host.agencies.alerts("kpu") == 50; })) << host.daemon.log();
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    host.agencies.up("bssn");
    host.daemon.start();
    ASSERT_TRUE(eventually([&] { return host.drained(); })) << host.daemon.log();
    ASSERT_EQ(host.daemon.stop(), 0) << host.daemon.log();
    host.expect_each_line_once();
}

}  // namespace
}  // namespace kentongan
