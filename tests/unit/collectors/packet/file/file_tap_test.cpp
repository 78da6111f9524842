#include "collectors/packet/file/file_tap.hpp"

#include <gtest/gtest.h>

#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

TEST(PacketFiles, AFileThatCameWholeIsToldWithItsHash) {
    FileTap tap;
    auto file = tap.begin({"a.pdf", "application/pdf", "http"}, {kStart, 7}, {.scan = true});
    tap.bytes(*file, as_bytes("ab"));
    tap.bytes(*file, as_bytes("c"));
    Event event;
    EXPECT_EQ(tap.end(std::move(file), true, event), "abc");
    EXPECT_EQ(event.text(Field::event_action), "transfer");
    EXPECT_EQ(event.text(Field::file_name), "a.pdf");
    EXPECT_EQ(event.integer(Field::file_size), 3);
    EXPECT_EQ(event.text(Field::file_hash_sha256),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(event.origin.position, 7u);
    EXPECT_EQ(tap.open(), 0u);
}

TEST(PacketFiles, AContentThatIsTooLargeIsNotKept) {
    FileTap tap;
    const std::string part(FileTap::kContentBytes / 2, 'x');
    auto small = tap.begin({"a", "", "ftp"}, {}, {.scan = true});
    auto large = tap.begin({"b", "", "ftp"}, {}, {.scan = true});
    for (int i = 0; i < 3; ++i) tap.bytes(*large, as_bytes(part));
    tap.bytes(*small, as_bytes(part));
    Event event;
    EXPECT_EQ(tap.end(std::move(large), true, event), "");
    EXPECT_EQ(event.text(Field::file_scan), "too_large");
    EXPECT_TRUE(event.has(Field::file_hash_sha256));
    Event cut;
    EXPECT_EQ(tap.end(std::move(small), false, cut), "") << "a part is no file";
    EXPECT_FALSE(cut.has(Field::file_scan));
}

TEST(PacketFiles, TooManyAtOnceAreRefusedAndCounted) {
    FileTap tap(1);
    auto first = tap.begin({"a", "", "ftp"}, {}, {});
    EXPECT_NE(first, nullptr);
    EXPECT_EQ(tap.begin({"b", "", "ftp"}, {}, {}), nullptr);
    EXPECT_EQ(tap.counts().refused, 1u);
    Event event;
    tap.end(std::move(first), false, event);
    EXPECT_FALSE(event.has(Field::file_hash_sha256)) << "a part's hash would name no file";
    EXPECT_NE(tap.begin({"b", "", "ftp"}, {}, {}), nullptr);
}

TEST(PacketFiles, HttpBodiesAreFilesOfWhoSentThem) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake()
        .client_says("POST /up/form.jpg HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
        .server_says("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
    SensorRun run;
    run.play(talk.frames());
    const auto files = run.sink.of(EventKind::file);
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].text(Field::file_name), "form.jpg");
    EXPECT_EQ(files[0].ip(Field::source_ip)->to_string(), kClient.address);
    EXPECT_EQ(files[1].ip(Field::source_ip)->to_string(), kServer.address);
    EXPECT_EQ(files[1].text(Field::file_mime_type), "text/plain");
    EXPECT_EQ(files[1].integer(Field::file_size), 2);
    EXPECT_TRUE(files[1].has(Field::file_hash_sha256));
}

TEST(PacketFiles, ACompressedBodyIsHashedAsWhatItHolds) {
    constexpr char kGzipOfAbc[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x4c\x4a\x06\x00\xc2\x41\x24\x35\x03\x00\x00"
        "\x00";
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().client_says("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    talk.server_says("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 23\r\n\r\n" +
                     std::string(kGzipOfAbc, 23));
    SensorRun run;
    run.play(talk.frames()).finish();
    const auto files = run.sink.of(EventKind::file);
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].text(Field::file_hash_sha256),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace kentongan::packet
