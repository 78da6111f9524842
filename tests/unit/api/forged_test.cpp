// Changes that a page of another site makes a browser send.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

constexpr std::string_view kTarget = "/api/v1/alerts:bulk";
constexpr std::string_view kBody = R"({"action":"ack","ids":[]})";

unsigned change(const RunningServer& server, std::string_view headers, std::string_view body) {
    Client client{server.port};
    client.send(fmt::format("POST {} HTTP/1.1\r\nHost: x\r\n{}{}Content-Length: {}\r\n\r\n{}",
                            kTarget, bearer(kToken), headers, body.size(), body));
    return client.receive().result_int();
}

TEST(ApiForged, ChangesFromPagesOfOtherSitesAreRefused) {
    RunningServer server;
    constexpr std::string_view kJson = "Content-Type: application/json\r\n";
    const unsigned usual = change(server, kJson, kBody);
    EXPECT_NE(usual, 403u);
    for (const std::string_view site : {"cross-site", "same-site", "unknown"})
        EXPECT_EQ(change(server, fmt::format("{}Sec-Fetch-Site: {}\r\n", kJson, site), kBody), 403u)
            << site;
    for (const std::string_view site : {"same-origin", "none"})
        EXPECT_EQ(change(server, fmt::format("{}Sec-Fetch-Site: {}\r\n", kJson, site), kBody),
                  usual)
            << site;
}

TEST(ApiForged, ReadingFromAnotherPageIsForTheBrowserToRefuse) {
    RunningServer server;
    EXPECT_EQ(server.ask("GET", "/api/v1/status", "Sec-Fetch-Site: cross-site\r\n").result_int(),
              200u);
}

TEST(ApiForged, ABodyThatAFormCanSendIsRefused) {
    RunningServer server;
    for (const std::string_view type :
         {"", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n",
          "Content-Type: multipart/form-data; boundary=x\r\n",
          "Content-Type: text/plain; application/json\r\n"})
        EXPECT_EQ(change(server, type, kBody), 415u) << type;
    const unsigned usual = change(server, "Content-Type: application/json\r\n", kBody);
    EXPECT_NE(usual, 415u);
    EXPECT_EQ(change(server, "Content-Type: Application/JSON; charset=utf-8\r\n", kBody), usual);
}

}  // namespace
}  // namespace kentongan
