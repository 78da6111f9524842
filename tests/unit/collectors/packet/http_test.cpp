#include <gtest/gtest.h>

#include "collectors/packet/http/exchange.hpp"
#include "collectors/packet/http/http_parser.hpp"
#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

constexpr std::string_view kRequest =
    "GET /tps/3171?page=1&q=%27 HTTP/1.1\r\nHost: Sirekap-Web.kpu.go.id:8080\r\n"
    "User-Agent: sqlmap/1.7\r\nReferer: http://a/b\r\n\r\n";
constexpr std::string_view kResponse =
    "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nnope\n";

std::vector<Event> web(SensorRun& run) { return run.sink.of(EventKind::web); }

TEST(PacketHttp, ARequestAndItsResponseAreOneWebEvent) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().client_says(kRequest).server_says(kResponse);
    SensorRun run;
    run.play(talk.frames());
    ASSERT_EQ(web(run).size(), 1u);
    const Event event = web(run).front();
    EXPECT_EQ(event.logsource.category, "webserver");
    EXPECT_EQ(event.text(Field::http_request_method), "GET");
    EXPECT_EQ(event.text(Field::url_original), "/tps/3171?page=1&q=%27");
    EXPECT_EQ(event.text(Field::url_path), "/tps/3171");
    EXPECT_EQ(event.text(Field::url_query), "page=1&q=%27");
    EXPECT_EQ(event.text(Field::url_domain), "sirekap-web.kpu.go.id");
    EXPECT_EQ(event.text(Field::http_version), "1.1");
    EXPECT_EQ(event.text(Field::user_agent_original), "sqlmap/1.7");
    EXPECT_EQ(event.text(Field::http_request_referrer), "http://a/b");
    EXPECT_EQ(event.integer(Field::http_response_status_code), 404);
    EXPECT_EQ(event.integer(Field::http_response_body_bytes), 5);
    EXPECT_EQ(event.integer(Field::http_request_body_bytes), 0);
    EXPECT_EQ(event.ip(Field::source_ip)->to_string(), "192.0.2.10");
    EXPECT_EQ(event.integer(Field::destination_port), 80);
    EXPECT_EQ(event.raw(), kRequest);
    EXPECT_EQ(event.time, kStart + std::chrono::milliseconds{4});
    EXPECT_EQ(event.origin.position, 4u);
}

TEST(PacketHttp, BodiesAreKeptUpToTheirLimitAndCountedBeyond) {
    Options options;
    options.body_bytes = 8;
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake()
        .client_says(
            "POST /u HTTP/1.1\r\nHost: h\r\nContent-Type: image/jpeg\r\n"
            "Content-Length: 12\r\n\r\n01234")
        .client_says("56789ab")
        .server_says(kResponse);
    SensorRun run(options);
    run.play(talk.frames());
    ASSERT_EQ(web(run).size(), 1u);
    EXPECT_EQ(web(run)[0].text(Field::http_request_body_content), "01234567");
    EXPECT_EQ(web(run)[0].integer(Field::http_request_body_bytes), 12);
    EXPECT_EQ(web(run)[0].text(Field::http_request_mime_type), "image/jpeg");
}

TEST(PacketHttp, PipelinedRequestsAreToldOneByOne) {
    TcpConversation talk(kClient, kServer, kStart);
    const std::string two = "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n";
    talk.handshake().client_says(two).server_says(std::string(kResponse) + std::string(kResponse));
    SensorRun run;
    run.play(talk.frames());
    ASSERT_EQ(web(run).size(), 2u);
    EXPECT_EQ(web(run)[0].text(Field::url_path), "/a");
    EXPECT_EQ(web(run)[1].text(Field::url_path), "/b");
}

TEST(PacketHttp, ARequestWithoutAnAnswerIsToldWhenItsFlowEnds) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().client_says(kRequest);
    SensorRun run;
    run.play(talk.frames());
    EXPECT_TRUE(web(run).empty());
    run.finish();
    ASSERT_EQ(web(run).size(), 1u);
    EXPECT_FALSE(web(run)[0].has(Field::http_response_status_code));
}

TEST(PacketHttp, SegmentsOutOfOrderTwiceOrByteByByteReadTheSame) {
    TcpConversation whole(kClient, kServer, kStart);
    whole.handshake();
    for (const char c : kRequest) whole.client_says(std::string_view(&c, 1));
    whole.server_says(kResponse.substr(0, 30)).server_says(kResponse.substr(30));
    auto shuffled = whole.frames();
    const auto body = shuffled.begin() + 3;
    std::reverse(body, body + static_cast<std::ptrdiff_t>(kRequest.size()));
    std::rotate(body, shuffled.end() - 2, shuffled.end());  // the response comes first
    for (std::size_t i = 0; i < shuffled.size(); ++i) shuffled[i].time = whole.frames()[i].time;
    auto twice = whole.frames();
    for (std::size_t i = 3; i < twice.size(); i += 2)
        twice.insert(twice.begin() + long(i), twice[i]);
    for (const auto& frames : {whole.frames(), shuffled, twice}) {
        SensorRun run;
        run.play(frames);
        ASSERT_EQ(web(run).size(), 1u);
        EXPECT_EQ(web(run)[0].raw(), kRequest);
        EXPECT_EQ(web(run)[0].integer(Field::http_response_status_code), 404);
        EXPECT_EQ(run.sensor.counts().gap_bytes, 0u);
    }
}

TEST(PacketHttp, MissingBytesGiveTheStreamUpAndAreCounted) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().client_says(kRequest);
    const std::string chunk(1000, 'x');
    for (int i = 0; i < 400; ++i) talk.client_says(chunk);
    auto frames = talk.frames();
    frames.erase(frames.begin() + 4);
    SensorRun run;
    run.play(frames).finish();
    EXPECT_EQ(run.sensor.counts().gap_bytes, 400'000u);
    ASSERT_EQ(web(run).size(), 1u);  // the request that was whole is not lost
    const auto conns = run.sink.of(EventKind::conn);
    ASSERT_EQ(conns.size(), 1u);
    EXPECT_EQ(conns[0].integer(Field::network_gap_bytes), 400'000);
}

TEST(PacketHttp, AfterMissingBytesItIsReadFromTheNextRequest) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake()
        .client_says("GET /first HTTP/1.1\r\nHost: h\r\n\r\n")
        .server_says("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
        .server_says(std::string(1000, 'a'))
        .server_says(std::string(1000, 'b'))
        .client_says("GET /second HTTP/1.1\r\nHost: h\r\n\r\n")
        .server_says("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        .close();
    auto frames = talk.frames();
    frames.erase(frames.begin() + 5);  // the first part of the body
    SensorRun run;
    run.play(frames).finish();
    ASSERT_EQ(web(run).size(), 2u);
    EXPECT_EQ(web(run)[0].text(Field::url_path), "/first");
    EXPECT_EQ(web(run)[1].text(Field::url_path), "/second");
    EXPECT_EQ(web(run)[1].integer(Field::http_response_status_code), 404);
    EXPECT_EQ(run.sensor.counts().gap_bytes, 2000u) << "what is missing, and what came unread";
    EXPECT_EQ(run.sensor.counts().files.hashed, 0u) << "no hash of a part";
}

TEST(PacketHttp, AnUrgentByteIsNoPartOfTheRequest) {
    constexpr std::size_t kFlags = 14 + 20 + 13;
    constexpr std::size_t kPointer = 14 + 20 + 18;
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake()
        .client_says("GET /malic")
        .client_says("iX")
        .client_says("ous HTTP/1.1\r\nHost: h\r\n\r\n")
        .server_says(kResponse);
    auto frames = talk.frames();
    frames[4].bytes[kFlags] |= 0x20;
    frames[4].bytes[kPointer + 1] = 2;
    auto late = frames;
    std::swap(late[4].bytes, late[5].bytes);
    for (const auto& each : {frames, late}) {
        SensorRun run;
        run.play(each);
        ASSERT_EQ(web(run).size(), 1u);
        EXPECT_EQ(web(run)[0].text(Field::url_path), "/malicious");
        EXPECT_EQ(run.sensor.counts().gap_bytes, 0u);
    }
}

TEST(PacketHttp, AConnectionPickedUpInTheMiddleIsReadFromItsNextRequest) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.server_says("…the end of something").client_says(kRequest).server_says(kResponse);
    SensorRun run;
    run.play(talk.frames());
    ASSERT_EQ(web(run).size(), 1u);
    EXPECT_EQ(web(run)[0].ip(Field::source_ip)->to_string(), "192.0.2.10");
}

TEST(PacketHttp, RequestsAreToldWhereTheAnswersWereNotCaptured) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake();
    for (int i = 0; i < 5; ++i) talk.client_says(kRequest).server_says(kResponse);
    talk.close();
    std::vector<TimedFrame> of_client;
    for (const TimedFrame& frame : talk.frames())
        if (ip_packet_of(frame.bytes).substr(12, 4) ==
            ip_packet_of(talk.frames()[0].bytes).substr(12, 4))
            of_client.push_back(frame);
    SensorRun run;
    run.play(of_client).finish();
    ASSERT_EQ(web(run).size(), 5u);
    for (const Event& event : web(run)) EXPECT_FALSE(event.has(Field::http_response_status_code));
    EXPECT_EQ(run.sensor.held_bytes(), 0u);
}

TEST(PacketHttp, OtherProtocolsAreLeftAlone) {
    for (const auto* greeting : {"SSH-2.0-OpenSSH_9.2\r\n", "EHLO mail.example\r\n", "\x16\x03\x01",
                                 "USER anonymous\r\n"}) {
        TcpConversation talk(kClient, kServer, kStart);
        talk.handshake().client_says(greeting).server_says("250 ok\r\n").client_says(kRequest);
        SensorRun run;
        run.play(talk.frames()).finish();
        EXPECT_TRUE(web(run).empty()) << greeting;
        EXPECT_EQ(run.sensor.counts().gap_bytes, 0u) << greeting;
    }
}

TEST(PacketHttp, AnEndlessPipelineIsBounded) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake();
    for (int i = 0; i < 300; ++i) talk.client_says("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    SensorRun run;
    run.play(talk.frames()).finish();
    EXPECT_GE(web(run).size(), HttpParser::kMaximumOpen);
    const auto anomalies = run.sink.of(EventKind::anomaly);
    ASSERT_EQ(anomalies.size(), 1u);
    EXPECT_EQ(anomalies[0].text(Field::network_anomaly), "http_unreadable");
}

TEST(PacketHttp, ATunnelAfterConnectIsNotRead) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake()
        .client_says("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n")
        .server_says("HTTP/1.1 200 OK\r\n\r\n")
        .client_says("\x16\x03\x01 secret");
    SensorRun run;
    run.play(talk.frames()).finish();
    ASSERT_EQ(web(run).size(), 1u);
    EXPECT_EQ(web(run)[0].text(Field::http_request_method), "CONNECT");
    EXPECT_EQ(web(run)[0].integer(Field::http_response_status_code), 200);
}

TEST(PacketHttp, RequestsAreRecognisedByTheirFirstBytes) {
    EXPECT_EQ(begins_request("GET / HTTP/1.1"), true);
    EXPECT_EQ(begins_request("\r\n\r\nPUT http://h/ HTTP/1.1"), true);
    EXPECT_EQ(begins_request("M-SEARCH * HTTP/1.1"), true);
    EXPECT_EQ(begins_request("CONNECT h:443"), true);
    EXPECT_EQ(begins_request("POST  \t /  HTTP/1.0"), true) << "servers take more blanks";
    EXPECT_EQ(begins_request("GET" + std::string(100, ' ') + "/"), false);
    EXPECT_EQ(begins_request("PRI * HTTP/2.0"), false) << "HTTP/2's preface";
    EXPECT_EQ(begins_request("GE"), std::nullopt);
    EXPECT_EQ(begins_request("GET "), std::nullopt);
    EXPECT_EQ(begins_request("GET ht"), std::nullopt);
    EXPECT_EQ(begins_request("HELO there"), false);
    EXPECT_EQ(begins_request(std::string(40, 'A')), false);
    EXPECT_EQ(begins_request("\x16\x03"), false);
    EXPECT_EQ(begins_request(" GET /"), false);
}

TEST(PacketHttp, TargetsAreSplitAsSent) {
    EXPECT_EQ(split_target("/a?b?c").query, "b?c");
    EXPECT_EQ(split_target("http://h:1/a?b").path, "/a");
    EXPECT_EQ(split_target("http://h").path, "");
    EXPECT_EQ(split_target("/go?to=http://x/").path, "/go");
}

}  // namespace
}  // namespace kentongan::packet
