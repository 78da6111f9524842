// GET /api/v1/alerts/{id}/packets.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

std::string path_of(std::int64_t sequence) {
    return fmt::format("/api/v1/alerts/01J{:023}/packets", sequence);
}

TEST(ApiPackets, GivesThemAsAFileWithTheirNumber) {
    RunningServer server;
    server.on_store([&] { server.store.add(an_alert()); });
    const Reply reply = server.get(path_of(1));
    EXPECT_EQ(reply.result_int(), 200u);
    EXPECT_EQ(reply.body(), std::string("\0packets", 8));
    EXPECT_EQ(reply["Content-Type"], "application/x-pcapng");
    EXPECT_EQ(reply["Kentongan-Packets"], "3");
    EXPECT_EQ(reply["Kentongan-Packets-Cut"], "true");
    EXPECT_EQ(reply["Content-Disposition"],
              "attachment; filename=\"01J00000000000000000000001.pcapng\"");
}

TEST(ApiPackets, AnAlertWithoutPacketsIsNotFoundAndSaysWhy) {
    RunningServer server;
    server.on_store([&] { server.store.add(an_alert("never captured")); });
    const Reply reply = server.get(path_of(1));
    EXPECT_EQ(reply.result_int(), 404u);
    EXPECT_THAT(reply.body(), HasSubstr("no packets are kept"));
    EXPECT_EQ(server.get(path_of(2)).result_int(), 404u);
}

TEST(ApiPackets, ADiskThatFailsIsATroubleOfTheServer) {
    RunningServer server;
    server.on_store([&] { server.store.add(an_alert("disk fails")); });
    EXPECT_EQ(server.get(path_of(1)).result_int(), 503u);
}

TEST(ApiPackets, NeedsAToken) {
    RunningServer server;
    server.on_store([&] { server.store.add(an_alert()); });
    EXPECT_EQ(Client{server.port}.ask("GET", path_of(1)).result_int(), 401u);
}

}  // namespace
}  // namespace kentongan
