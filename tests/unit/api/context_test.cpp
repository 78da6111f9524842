// GET /api/v1/alerts/{id}/context.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

TEST(ApiContext, IsOfOneEvidenceByItsNumber) {
    RunningServer server;
    server.on_store([&] { server.store.add(an_alert()); });
    const std::string path = fmt::format("/api/v1/alerts/01J{:023}/context", 1);
    EXPECT_EQ(server.get(path + "?evidence=0").result_int(), 200u);
    EXPECT_EQ(server.get(path + "?evidence=1").result_int(), 404u);
    EXPECT_EQ(server.get(path + "?evidence=-1").result_int(), 400u);
    EXPECT_EQ(server.get(path + "?file=/etc/shadow").result_int(), 400u);
    EXPECT_EQ(server.get(fmt::format("/api/v1/alerts/01J{:023}/context", 2)).result_int(), 404u);
}

TEST(ApiContext, OfARedAlertIsTold) {
    RunningServer server;
    Alert alert = an_alert();
    alert.tlp = Tlp::red;
    server.on_store([&] { server.store.add(alert); });
    server.get(fmt::format("/api/v1/alerts/01J{:023}/context", 1));
    server.on_loop([&] { EXPECT_EQ(server.red_read.size(), 1u); });
}

}  // namespace
}  // namespace kentongan
