// Hostile and unusual clients.
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string answer_to(RunningServer& server, std::string_view bytes) {
    Client client{server.port};
    boost::system::error_code ignored;
    asio::write(client.socket, asio::buffer(bytes), ignored);
    return client.rest();
}

TEST(ApiConnection, MalformedRequestsAreAnsweredOnceAndClosed) {
    RunningServer server;
    for (const char* bytes :
         {"GET\r\n\r\n", "GET / HTTP/1.1\r\nHost x\r\n\r\n", "\x16\x03\x01\x02\x01 tls\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
          "chunked\r\n\r\n"}) {
        const std::string answer = answer_to(server, bytes);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << bytes;
        EXPECT_THAT(answer, HasSubstr("application/problem+json")) << bytes;
        EXPECT_EQ(answer.find("HTTP/1.1", 8), std::string::npos) << bytes;
    }
    EXPECT_THAT(answer_to(server, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
                StartsWith("HTTP/1.1 505 "));
    EXPECT_EQ(server.get("/-/healthy").result_int(), 200u);
}

TEST(ApiConnection, OversizeHeadersAndBodiesAreRefused) {
    RunningServer server;
    const auto huge = "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n";
    EXPECT_THAT(answer_to(server, huge), StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(answer_to(server, "GET /" + std::string(200'000, 'a')),
                StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(answer_to(server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"),
                StartsWith("HTTP/1.1 413 "));
    const auto chunked =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n110000\r\n" +
        std::string(0x110000, 'b') + "\r\n0\r\n\r\n";
    EXPECT_THAT(answer_to(server, chunked), StartsWith("HTTP/1.1 413 "));
}

TEST(ApiConnection, PipelinedRequestsAreAnsweredInOrder) {
    RunningServer server;
    std::string bytes;
    for (int i = 0; i < 50; ++i)
        bytes +=
            fmt::format("GET /api/v1/alerts/{} HTTP/1.1\r\nHost: x\r\n{}\r\n", i, bearer(kToken));
    Client client{server.port};
    client.send(bytes);
    for (int i = 0; i < 50; ++i)
        EXPECT_THAT(client.receive().body(),
                    HasSubstr(fmt::format("\"instance\":\"/api/v1/alerts/{}\"", i)));
}

TEST(ApiConnection, ARequestSentByteByByteIsARequest) {
    RunningServer server;
    Client client{server.port};
    client.socket.set_option(tcp::no_delay{true});
    for (const char byte : std::string_view{"GET /-/ready HTTP/1.1\r\nHost: x\r\n\r\n"})
        client.send({&byte, 1});
    EXPECT_EQ(client.receive().result_int(), 200u);
}

TEST(ApiConnection, AHalfClosedClientStillGetsItsAnswer) {
    RunningServer server;
    Client client{server.port};
    client.send("GET /-/ready HTTP/1.1\r\nHost: x\r\n\r\n");
    client.socket.shutdown(tcp::socket::shutdown_send);
    EXPECT_EQ(client.receive().result_int(), 200u);
    EXPECT_TRUE(client.closed());
}

TEST(ApiConnection, AClientThatLeavesInTheMiddleIsForgotten) {
    api::Options options = RunningServer::with_token();
    options.maximum_connections = 1;
    RunningServer server{std::move(options)};
    {
        Client client{server.port};
        client.send("GET / HTTP/1.1\r\nHo");
    }
    while (Client{server.port}.ask("GET", "/-/ready").result_int() != 200u) {
    }
}

TEST(ApiConnection, HttpOneZeroIsAnsweredAndClosedUnlessItAsksToStay) {
    RunningServer server;
    EXPECT_THAT(answer_to(server, "GET /-/ready HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close"));
    Client client{server.port};
    client.send("GET /-/ready HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.receive()[http::field::connection], "keep-alive");
    EXPECT_EQ(client.ask("GET", "/-/ready", "Connection: close\r\n")[http::field::connection],
              "close");
    EXPECT_TRUE(client.closed());
}

TEST(ApiConnection, AClientThatWaitsForContinueIsToldToGoOn) {
    RunningServer server;
    Client client{server.port};
    client.send(
        "POST /api/v1/deliveries/x:retry HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        "Content-Type: application/json\r\nContent-Length: 3\r\n" +
        bearer(kToken) + "\r\n");
    EXPECT_EQ(client.receive().result_int(), 100u);
    client.send("abc");
    EXPECT_EQ(client.receive().result_int(), 404u);
}

TEST(ApiConnection, ASlowRequestIsCutOffHoweverBusyItLooks) {
    api::Options options = RunningServer::with_token();
    options.request_timeout = std::chrono::milliseconds{50};
    RunningServer server{std::move(options)};
    Client client{server.port};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n");
    boost::system::error_code error;
    while (!error) asio::write(client.socket, asio::buffer("A: b\r\n", 6), error);
    EXPECT_EQ(server.get("/-/healthy").result_int(), 200u);
}

TEST(ApiConnection, AnIdleConnectionIsClosed) {
    api::Options options = RunningServer::with_token();
    options.idle_timeout = std::chrono::milliseconds{50};
    RunningServer server{std::move(options)};
    Client client{server.port};
    EXPECT_EQ(client.ask("GET", "/-/ready").result_int(), 200u);
    EXPECT_TRUE(client.closed());
}

TEST(ApiConnection, AClientThatDoesNotReadItsAnswerIsCutOff) {
    api::Options options = RunningServer::with_token();
    options.write_timeout = std::chrono::milliseconds{100};
    options.maximum_connections = 1;
    RunningServer server{std::move(options)};
    for (int i = 0; i < 40; ++i) server.store.add(an_alert(std::string(100'000, 'm')));
    Client client{server.port};
    std::string many;
    for (int i = 0; i < 20; ++i)
        many += "GET /api/v1/alerts?limit=1000 HTTP/1.1\r\nHost: x\r\n" + bearer(kToken) + "\r\n";
    client.send(many);
    while (Client{server.port}.ask("GET", "/-/ready").result_int() != 200u) {
    }
    EXPECT_LT(client.rest().size(), 20 * std::size_t{4'000'000});
}

TEST(ApiConnection, AHundredIdleConnectionsDoNotDisturbTheNextClient) {
    RunningServer server;
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 100; ++i) idle.push_back(std::make_unique<Client>(server.port));
    EXPECT_EQ(server.get("/api/v1/status").result_int(), 200u);
    EXPECT_EQ(idle[50]->ask("GET", "/-/ready").result_int(), 200u);
}

TEST(ApiConnection, BeyondTheMostConnectionsClientsAreTurnedAwayUntilOneLeaves) {
    api::Options options = RunningServer::with_token();
    options.maximum_connections = 3;
    RunningServer server{std::move(options)};
    std::vector<std::unique_ptr<Client>> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(std::make_unique<Client>(server.port));
        EXPECT_EQ(held.back()->ask("GET", "/-/ready").result_int(), 200u);
    }
    Client late{server.port};
    const Reply refusal = late.receive();
    EXPECT_EQ(refusal.result_int(), 503u);
    EXPECT_EQ(refusal[http::field::retry_after], "5");
    EXPECT_EQ(held.back()->ask("GET", "/-/ready", "Connection: close\r\n").result_int(), 200u);
    EXPECT_TRUE(held.back()->closed());
    held.back()->socket.close();
    while (Client{server.port}.ask("GET", "/-/ready").result_int() != 200u) {
    }
}

TEST(ApiServer, APortInUseIsNamedWithItsRemedy) {
    RunningServer server;
    asio::io_context context;
    api::Options options;
    options.listen = fmt::format("127.0.0.1:{}", server.port);
    api::Server second{
        context.get_executor(),
        options,
        {server.store, server.store, context.get_executor(), server.metrics,
         [] { return api::Health{}; }, [] { return boost::json::object{}; }, server.clock}};
    const auto listening = second.listen();
    ASSERT_FALSE(listening);
    EXPECT_EQ(listening.error().code, ErrorCode::unavailable);
    EXPECT_THAT(
        listening.error().message,
        StartsWith(fmt::format("listen on 127.0.0.1:{}: Address already in use; ", server.port)));
}

TEST(ApiServer, StopsWithConnectionsInEveryState) {
    RunningServer server;
    Client idle{server.port};
    Client half{server.port};
    half.send("GET / HT");
    Client streaming{server.port};
    streaming.send("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\n" + bearer(kToken) + "\r\n");
    std::string text;
    streaming.read_past("retry: 2000\nid: ", text);
    EXPECT_EQ(server.get("/-/ready").result_int(), 200u);
    server.stop();
    EXPECT_TRUE(idle.closed());
    EXPECT_TRUE(half.closed());
    streaming.rest();
}

}  // namespace
}  // namespace kentongan
