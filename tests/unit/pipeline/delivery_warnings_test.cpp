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

TEST(DeliveryWarnings, InsidersGoOnlyWhereSomebodyHasThoughtOfIt) {
    Config config;
    config.delivery["brin"] = {};  // gets none
    EXPECT_THAT(warnings(config), IsEmpty());
    config.delivery["noc"] = {.agency = "kpu"};
    config.delivery["bssn"] = {};
    EXPECT_THAT(warnings(config),
                ElementsAre(StartsWith("delivery.bssn: gets alerts about insiders"),
                            StartsWith("delivery.noc: gets alerts about insiders")));
    config.delivery["bssn"].enabled = false;
    config.delivery["noc"].except = {"insider"};
    config.delivery["cell"] = {.agency = "kpu", .classes = {"insider"}};
    config.delivery["watch"] = {.agency = "kpu", .classes = {"heartbeat"}};
    EXPECT_THAT(warnings(config), IsEmpty());
    config.delivery["noc"].except.clear();
    config.unit["noc"].destinations = {"noc"};
    EXPECT_THAT(warnings(config), IsEmpty());
}

TEST(DeliveryWarnings, AFormWithoutASignOfLifeSaysSo) {
    Config config;
    config.delivery["mail"] = {.agency = "brin", .kind = "mail"};
    config.delivery["taxii"] = {.agency = "brin", .kind = "taxii"};
    config.delivery["chat"] = {.agency = "brin", .format = "template"};
    config.delivery["file"] = {.agency = "brin", .kind = "ndjson", .format = "stix"};
    config.delivery["hook"] = {.agency = "brin"};
    EXPECT_THAT(warnings(config), ElementsAre(StartsWith("delivery.chat: gets no sign of life"),
                                              StartsWith("delivery.file: gets no sign of life"),
                                              StartsWith("delivery.mail: gets no sign of life"),
                                              StartsWith("delivery.taxii: gets no sign of life")));
    for (auto& [name, to] : config.delivery) to.heartbeat = false;
    EXPECT_THAT(warnings(config), IsEmpty());
}

}  // namespace
}  // namespace kentongan
