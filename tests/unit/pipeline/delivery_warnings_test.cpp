#include "daemon/pipeline/delivery_warnings.hpp"

#include <gmock/gmock.h>

namespace kentongan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Routing a_routing() {
    return Routing::parse(R"(
agencies = ["kpu", "bssn", "brin"]
owner = "kpu"
advisory = []
[class.insider]
kpu = { tlp = "RED" }
bssn = { tlp = "AMBER+STRICT", minimum = "high" }
[class.default]
kpu = { tlp = "AMBER" }
brin = { tlp = "AMBER" }
)",
                          "routing.toml")
        .value();
}

std::vector<std::string> warnings(const Config& config) {
    return delivery_warnings(config, a_routing());
}

DeliverySettings a_destination(std::string agency, std::string kind = "webhook",
                               std::string format = "") {
    DeliverySettings out;
    out.agency = std::move(agency);
    out.kind = std::move(kind);
    out.format = std::move(format);
    return out;
}

TEST(DeliveryWarnings, DailyFiguresNeedAFormThatHasAPlaceForThem) {
    const Routing routing = Routing::parse(
                                "agencies = ['kpu', 'brin']\nowner = 'kpu'\n[class.default]\n"
                                "kpu = { tlp = 'RED' }\nbrin = { tlp = 'GREEN', daily = true }\n",
                                "routing.toml")
                                .value();
    Config config;
    const auto warned = [&](std::string kind, std::string format) {
        config.delivery["brin"] = a_destination("", std::move(kind), std::move(format));
        config.delivery["brin"].heartbeat = false;
        return delivery_warnings(config, routing);
    };
    EXPECT_THAT(warned("webhook", ""), IsEmpty());
    EXPECT_THAT(warned("ndjson", ""), IsEmpty());
    EXPECT_THAT(warned("mail", ""), IsEmpty());
    for (const auto& [kind, format] : {std::pair{"taxii", ""},
                                       {"syslog", "ecs"},
                                       {"webhook", "eve"},
                                       {"alertmanager", ""},
                                       {"ndjson", "stix"}})
        EXPECT_THAT(warned(kind, format),
                    ElementsAre(StartsWith("delivery.brin: gets no daily figures")))
            << kind;
    config.delivery["brin"].except = {"figures"};
    EXPECT_THAT(delivery_warnings(config, routing), IsEmpty());
}

TEST(DeliveryWarnings, InsidersGoOnlyWhereSomebodyHasThoughtOfIt) {
    Config config;
    config.delivery["brin"] = {};  // gets none
    EXPECT_THAT(warnings(config), IsEmpty());
    config.delivery["noc"] = a_destination("kpu");
    config.delivery["bssn"] = {};
    EXPECT_THAT(warnings(config),
                ElementsAre(StartsWith("delivery.bssn: gets alerts about insiders"),
                            StartsWith("delivery.noc: gets alerts about insiders")));
    config.delivery["bssn"].enabled = false;
    config.delivery["noc"].except = {"insider"};
    config.delivery["cell"] = a_destination("kpu");
    config.delivery["cell"].classes = {"insider"};
    config.delivery["watch"] = a_destination("kpu");
    config.delivery["watch"].classes = {"heartbeat"};
    EXPECT_THAT(warnings(config), IsEmpty());
    config.delivery["noc"].except.clear();
    config.unit["noc"].destinations = {"noc"};
    EXPECT_THAT(warnings(config), IsEmpty());
}

TEST(DeliveryWarnings, AFormWithoutASignOfLifeSaysSo) {
    Config config;
    config.delivery["mail"] = a_destination("brin", "mail");
    config.delivery["taxii"] = a_destination("brin", "taxii");
    config.delivery["chat"] = a_destination("brin", "webhook", "template");
    config.delivery["file"] = a_destination("brin", "ndjson", "stix");
    config.delivery["hook"] = a_destination("brin");
    EXPECT_THAT(warnings(config), ElementsAre(StartsWith("delivery.chat: gets no sign of life"),
                                              StartsWith("delivery.file: gets no sign of life"),
                                              StartsWith("delivery.mail: gets no sign of life"),
                                              StartsWith("delivery.taxii: gets no sign of life")));
    for (auto& [name, to] : config.delivery) to.heartbeat = false;
    EXPECT_THAT(warnings(config), IsEmpty());
}

}  // namespace
}  // namespace kentongan
