// GET /api/v1/coverage: its parameters and what it is asked without a register.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

TEST(ApiCoverage, AsksForTheAreaAndTheTime) {
    RunningServer server;
    EXPECT_EQ(server.get("/api/v1/coverage").body(), R"({"area":"","at":""})");
    EXPECT_EQ(server.get("/api/v1/coverage?area=3171&at=2024-11-27T18:00:00%2B07:00").body(),
              R"({"area":"3171","at":"2024-11-27T11:00:00.000Z"})");
}

TEST(ApiCoverage, AnUnknownAreaIsNotFound) {
    RunningServer server;
    EXPECT_EQ(server.get("/api/v1/coverage?area=32").result_int(), 404u);
}

TEST(ApiCoverage, WrongParametersAreNamed) {
    RunningServer server;
    const Reply reply = server.get("/api/v1/coverage?area=31710110060011&at=noon&level=4");
    EXPECT_EQ(reply.result_int(), 400u);
    for (const auto* word : {"area", "RFC 3339", "level"})
        EXPECT_THAT(reply.body(), HasSubstr(word));
}

}  // namespace
}  // namespace kentongan
