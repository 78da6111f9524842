// GET /api/v1/rules: what each rule has raised, and since when it is silent.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

TEST(ApiRules, SayHowOftenTheyFiredAndSinceWhenTheyAreSilent) {
    RunningServer server;
    server.rules = boost::json::parse(R"({"rules":[{"id":"one","name":"A"},
        {"id":"never","name":"B"},{"id":"","name":"broken"}]})")
                       .as_object();
    server.store.fired = {{"one", 7, server.clock.now() - std::chrono::minutes{5}},
                          {"gone", 2, server.clock.now()}};
    const auto body = json_of(server.get("/api/v1/rules"));
    const auto& rules = body.at("rules").as_array();
    ASSERT_EQ(rules.size(), 3u);
    EXPECT_EQ(rules[0].at("fired"), 7);
    EXPECT_EQ(rules[0].at("silent_seconds"), 300);
    EXPECT_EQ(rules[0].at("last_fired").as_string(),
              to_rfc3339(server.clock.now() - std::chrono::minutes{5}, 0));
    for (const std::size_t silent : {1u, 2u}) {
        EXPECT_EQ(rules[silent].at("fired"), 0);
        EXPECT_TRUE(rules[silent].at("last_fired").is_null());
        EXPECT_TRUE(rules[silent].at("silent_seconds").is_null());
    }
}

}  // namespace
}  // namespace kentongan
