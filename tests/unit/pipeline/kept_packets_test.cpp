#include "daemon/pipeline/kept_packets.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "collectors/packet/ring/pcapng.hpp"
#include "tests/support/packet_builder.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

using namespace packet::ring;

const Timestamp kSeen = *parse_rfc3339("2024-11-27T09:31:05Z");

Alert alert_about(std::optional<IpAddress> source, std::optional<IpAddress> destination) {
    auto rule = std::make_shared<Rule>();
    rule->id = "anomaly:port-scan";
    rule->name = "Port scan";
    rule->ruleset = Ruleset::anomaly;
    rule->version = "1";
    Alert out;
    out.id = "01JDPY1VY00000000000000000";
    out.rule = rule;
    out.count = 1;
    out.first_seen = out.last_seen = out.created = kSeen;
    out.subject.source_ip = source;
    out.subject.destination_ip = destination;
    return out;
}

std::string text_of(const Alert& alert) { return boost::json::serialize(to_json(alert)); }

class KeptPackets : public testing::Test {
  protected:
    KeptPackets() {
        std::string section;
        append_section(section, 1);
        for (const auto& [port, seconds] : {std::pair{443, 0}, {444, 30}, {443, 600}}) {
            const std::string frame = udp_frame(
                {"192.0.2.7", 40000}, {"10.0.0.5", static_cast<std::uint16_t>(port)}, "x");
            append_packet(section, {.linktype = 1,
                                    .time = kSeen + std::chrono::seconds{seconds},
                                    .bytes = as_bytes(frame),
                                    .wire_bytes = frame.size()});
        }
        SegmentWriter writer{{folder_.name(), "packet:eth0", 1 << 20}};
        EXPECT_TRUE(writer.write(section));
    }
    Result<FoundPackets> of(const Alert& alert) {
        return packets_of_alert({folder_.name()}, text_of(alert));
    }
    const IpAddress client_ = *IpAddress::parse("192.0.2.7");
    const IpAddress server_ = *IpAddress::parse("10.0.0.5");
    TemporaryFolder folder_;
};

TEST_F(KeptPackets, AreThoseOfTheAlertsAddressesAroundItsTime) {
    EXPECT_EQ(of(alert_about(client_, server_))->packets, 2u);
    EXPECT_EQ(of(alert_about(client_, std::nullopt))->packets, 2u);
    EXPECT_EQ(of(alert_about(std::nullopt, server_))->packets, 2u);
}

TEST_F(KeptPackets, OfOneEventAreThoseOfItsPorts) {
    Alert alert = alert_about(client_, server_);
    alert.subject.source_port = 40000;
    alert.subject.destination_port = 444;
    EXPECT_EQ(of(alert)->packets, 1u);
    alert.count = 2;
    EXPECT_EQ(of(alert)->packets, 2u);
}

TEST_F(KeptPackets, AreMissedWithAReason) {
    const auto other = of(alert_about(IpAddress::parse("192.0.2.8"), server_));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::no_input);
    EXPECT_NE(other.error().message.find("not captured"), std::string::npos);
    const auto nobody = of(alert_about(std::nullopt, std::nullopt));
    ASSERT_FALSE(nobody);
    EXPECT_NE(nobody.error().message.find("names no address"), std::string::npos);
}

TEST(RingFolders, AreThoseOfSourcesThatKeepPackets) {
    Config config;
    config.daemon.state_directory = "/state";
    config.packet["a"].ring_mib = 10;
    config.packet["b"];
    config.packet["c"].ring_mib = 10;
    config.packet["d"].ring_mib = 10;
    config.packet["d"].ring_folder = "/elsewhere";
    EXPECT_EQ(ring_folders(config),
              (std::vector<std::filesystem::path>{"/elsewhere", "/state/packets"}));
    EXPECT_EQ(ring_options("a", config.packet["a"], config.daemon).quota_bytes, 10u << 20);
}

}  // namespace
}  // namespace kentongan
