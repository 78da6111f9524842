// Files that FTP's data connections bring, from packets to events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "collectors/packet/file/awaited_files.hpp"
#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

using testing::ElementsAre;

constexpr std::string_view kContent = "tps,suara\n3171011001001,212\n";
constexpr std::string_view kHash =
    "8a9de26f2f6dbe7770d9b884211aba25faf48d5370d392bfd6d39a4d622884bc";

struct Hosts {
    std::string_view client = "192.0.2.10";
    std::string_view server = "198.51.100.5";
};
constexpr Hosts kV6{"2001:db8::10", "2001:db8::5"};

/// A control connection and what its data connections bring, in one order of time.
class Session {
  public:
    explicit Session(Hosts hosts = {})
        : hosts_(hosts), control_({hosts.client, 40000}, {hosts.server, 21}, kStart) {
        control_.handshake()
            .server_says("220 ready\r\n")
            .client_says("USER ani\r\n")
            .server_says("331 password\r\n")
            .client_says("PASS x\r\n")
            .server_says("230 in\r\n");
        take_control();
    }
    Session& ask(std::string_view command, std::string_view reply) {
        control_.client_says(fmt::format("{}\r\n", command));
        if (!reply.empty()) control_.server_says(fmt::format("{}\r\n", reply));
        take_control();
        return *this;
    }
    Session& reply(std::string_view text) {
        control_.server_says(fmt::format("{}\r\n", text));
        take_control();
        return *this;
    }
    /// A data connection that brings `content` in two segments.
    Session& data(bool from_client, std::uint16_t port, bool server_sends,
                  std::string_view content = kContent, bool closed = true) {
        const PacketEnd client{hosts_.client, from_client ? std::uint16_t{41000} : port};
        const PacketEnd server{hosts_.server, from_client ? port : std::uint16_t{20}};
        TcpConversation talk(from_client ? client : server, from_client ? server : client,
                             frames_.back().time + std::chrono::milliseconds{1});
        talk.handshake();
        for (const auto part : {content.substr(0, 5), content.substr(5)})
            from_client == server_sends ? talk.server_says(part) : talk.client_says(part);
        if (closed) talk.close();
        append(talk.frames());
        control_.wait(std::chrono::milliseconds{20});
        return *this;
    }
    /// What came later than `time` is pushed on in time.
    Session& wait(Duration time) {
        control_.wait(time);
        return *this;
    }
    [[nodiscard]] const std::vector<TimedFrame>& frames() const { return frames_; }

  private:
    void take_control() {
        const auto& all = control_.frames();
        frames_.insert(frames_.end(), all.begin() + static_cast<std::ptrdiff_t>(taken_), all.end());
        taken_ = all.size();
    }
    void append(const std::vector<TimedFrame>& frames) {
        frames_.insert(frames_.end(), frames.begin(), frames.end());
    }

    Hosts hosts_;
    TcpConversation control_;
    std::size_t taken_ = 0;
    std::vector<TimedFrame> frames_;
};

/// "hasil.csv from 198.51.100.5, 28 bytes, text/plain, <hash>" of each file.
std::vector<std::string> files_of(const RecordingSink& sink) {
    std::vector<std::string> out;
    for (const Event& file : sink.of(EventKind::file))
        out.push_back(fmt::format(
            "{} from {}, {} bytes, {}, {}", file.text(Field::file_name),
            file.ip(Field::source_ip)->to_string(), file.integer(Field::file_size).value_or(-1),
            file.text(Field::file_mime_type), file.text(Field::file_hash_sha256)));
    return out;
}
std::vector<std::string> files_of(const Session& session) {
    SensorRun run;
    run.play(session.frames()).finish();
    return files_of(run.sink);
}
std::string told(std::string_view name, std::string_view sender, std::string_view hash = kHash) {
    return fmt::format("{} from {}, {} bytes, text/plain, {}", name, sender, kContent.size(), hash);
}

TEST(PacketFtpFiles, OneThatIsFetchedOverAPassiveConnection) {
    Session session;
    session.ask("PASV", "227 Entering Passive Mode (198,51,100,5,195,80).")
        .ask("RETR /pub/hasil.csv", "150 opening")
        .data(true, 50000, true)
        .reply("226 done");
    EXPECT_THAT(files_of(session), ElementsAre(told("hasil.csv", "198.51.100.5")));
}

TEST(PacketFtpFiles, OneThatIsStoredOverAnExtendedPassiveConnection) {
    Session session(kV6);
    session.ask("EPSV", "229 Entering Extended Passive Mode (|||50001|)")
        .ask("STOR shell.php", "150 go on")
        .data(true, 50001, false)
        .reply("226 done");
    EXPECT_THAT(files_of(session), ElementsAre(told("shell.php", kV6.client)));
}

TEST(PacketFtpFiles, OneThatTheServerBringsOverAnActiveConnection) {
    Session session;
    session.ask("PORT 192,0,2,10,195,81", "200 ok")
        .ask("RETR hasil.csv", "")
        .data(false, 50001, true)
        .reply("150 opening")
        .reply("226 done");
    EXPECT_THAT(files_of(session), ElementsAre(told("hasil.csv", "198.51.100.5")));
}

TEST(PacketFtpFiles, OneThatTheServerCallsForOverAnActiveConnection) {
    Session session(kV6);
    session.ask("EPRT |2|2001:db8::10|50002|", "200 ok")
        .ask("STOR c:\\data\\hasil.csv", "150 go on")
        .data(false, 50002, false)
        .reply("226 done");
    EXPECT_THAT(files_of(session), ElementsAre(told("hasil.csv", kV6.client)));
}

TEST(PacketFtpFiles, SeveralOneAfterAnother) {
    Session session;
    for (const std::uint16_t port : {std::uint16_t{50000}, std::uint16_t{50001}})
        session.ask("EPSV", fmt::format("229 ok (|||{}|)", port))
            .ask(fmt::format("RETR {}", port), "150 opening")
            .data(true, port, true)
            .reply("226 done");
    EXPECT_THAT(files_of(session),
                ElementsAre(told("50000", "198.51.100.5"), told("50001", "198.51.100.5")));
}

TEST(PacketFtpFiles, CommandsThatDoNotWaitForRepliesAreFollowed) {
    Session session;
    session.ask("EPSV", "")
        .ask("RETR hasil.csv", "")
        .reply("229 ok (|||50000|)")
        .reply("150 opening")
        .data(true, 50000, true)
        .reply("226 done");
    EXPECT_THAT(files_of(session), ElementsAre(told("hasil.csv", "198.51.100.5")));
}

TEST(PacketFtpFiles, AListIsNoFile) {
    Session session;
    session.ask("EPSV", "229 ok (|||50000|)").ask("LIST", "150 here").data(true, 50000, true);
    session.reply("226 done").ask("RETR hasil.csv", "425 no connection");
    session.data(true, 50000, true);
    EXPECT_THAT(files_of(session), ElementsAre());
}

TEST(PacketFtpFiles, ARefusedCommandLeavesTheConnectionToTheNext) {
    Session session;
    session.ask("EPSV", "229 ok (|||50000|)")
        .ask("RETR wrong.csv", "550 no such file")
        .ask("RETR hasil.csv", "150 opening")
        .data(true, 50000, true)
        .reply("226 done");
    EXPECT_THAT(files_of(session), ElementsAre(told("hasil.csv", "198.51.100.5")));
}

TEST(PacketFtpFiles, OneThatBreaksOffOrBeginsInItsMiddleHasNoHash) {
    Session session;
    session.ask("EPSV", "229 ok (|||50000|)")
        .ask("RETR cut.csv", "150 opening")
        .data(true, 50000, true, kContent, false)
        .reply("226 done")
        .ask("EPSV", "229 ok (|||50001|)")
        .ask("REST 100", "350 restarting")
        .ask("RETR rest.csv", "150 opening")
        .data(true, 50001, true)
        .reply("226 done");
    EXPECT_THAT(files_of(session),
                testing::UnorderedElementsAre(told("cut.csv", "198.51.100.5", ""),
                                              told("rest.csv", "198.51.100.5", "")));
}

TEST(PacketFtpFiles, AFileWithMissingBytesHasNoHash) {
    Session session;
    session.ask("EPSV", "229 ok (|||50000|)")
        .ask("RETR cut.csv", "150 opening")
        .data(true, 50000, true)
        .reply("226 done");
    auto frames = session.frames();
    std::erase_if(frames,
                  [](const TimedFrame& f) { return f.bytes.ends_with(kContent.substr(5)); });
    SensorRun run;
    run.play(frames).finish();
    ASSERT_EQ(run.sink.of(EventKind::file).size(), 1u);
    EXPECT_FALSE(run.sink.of(EventKind::file)[0].has(Field::file_hash_sha256));
}

TEST(PacketFtpFiles, ConnectionsOfOthersAreNotTakenForFiles) {
    Session session;
    session.ask("PASV", "227 (203,0,113,9,0,80)").ask("RETR x", "150 opening");
    auto frames = session.frames();
    TcpConversation web({"192.0.2.10", 41000}, {"203.0.113.9", 80}, frames.back().time);
    web.handshake()
        .client_says("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
        .server_says("HTTP/1.1 204 No Content\r\n\r\n");
    SensorRun run;
    run.play(frames).play(web.close().frames()).finish();
    EXPECT_EQ(run.sink.of(EventKind::web).size(), 1u);
    EXPECT_THAT(files_of(run.sink), ElementsAre());
}

TEST(PacketFtpFiles, WhoComesTooLateBringsNoFile) {
    Session session;
    session.ask("EPSV", "229 ok (|||50000|)").ask("RETR hasil.csv", "150 opening");
    session.wait(AwaitedFiles::kPatience + std::chrono::seconds{1}).ask("NOOP", "200 ok");
    session.data(true, 50000, true);
    EXPECT_THAT(files_of(session), ElementsAre());
}

TEST(PacketFtpFiles, TheTwoConnectionsMayComeToTwoSensors) {
    Session session;
    session.ask("EPSV", "229 ok (|||50000|)").ask("RETR hasil.csv", "150 opening");
    const std::size_t control = session.frames().size();
    session.data(true, 50000, true);
    const auto& frames = session.frames();
    const auto cut = frames.begin() + static_cast<std::ptrdiff_t>(control);
    const auto awaited = std::make_shared<AwaitedFiles>();
    SensorRun first;
    SensorRun second;
    first.sensor.share_awaited(awaited);
    second.sensor.share_awaited(awaited);
    first.play({frames.begin(), cut});
    second.play({cut, frames.end()}).finish();
    EXPECT_THAT(files_of(second.sink), ElementsAre(told("hasil.csv", "198.51.100.5")));
    EXPECT_EQ(awaited->size(), 0u);
}

TEST(PacketFtpFiles, RulesSeeTheirContentAndTheConnectionSaysWhatItWas) {
    Session session;
    session.ask("EPSV", "229 ok (|||50000|)")
        .ask("STOR shell.php", "150 go on")
        .data(true, 50000, false)
        .reply("226 done");
    SensorRun run;
    run.play(session.frames()).finish();
    const auto contents = run.sink.of(EventKind::content);
    ASSERT_EQ(contents.size(), 1u);
    EXPECT_EQ(contents[0].raw(), kContent);
    EXPECT_EQ(contents[0].text(Field::file_name), "shell.php");
    std::vector<std::string> protocols;
    for (const Event& conn : run.sink.of(EventKind::conn))
        protocols.emplace_back(conn.text(Field::network_protocol));
    EXPECT_THAT(protocols, testing::UnorderedElementsAre("ftp", "ftp-data"));
}

TEST(PacketAwaitedFiles, TheOldestOfTooManyAreLetGo) {
    AwaitedFiles files(2);
    const auto to = [](std::uint16_t port) {
        return AwaitedEnds{*IpAddress::parse("192.0.2.1"), *IpAddress::parse("192.0.2.2"), port, 0};
    };
    EXPECT_TRUE(files.await(to(1), {.name = "a"}, kStart));
    EXPECT_TRUE(files.await(to(2), {.name = "b"}, kStart));
    EXPECT_TRUE(files.await(to(1), {.name = "c"}, kStart)) << "in place of the first";
    EXPECT_FALSE(files.await(to(3), {.name = "d"}, kStart));
    EXPECT_EQ(files.size(), 2u);
    EXPECT_FALSE(files.take(to(2), kStart));
    EXPECT_EQ(files.take(to(1), kStart)->name, "c");
    EXPECT_FALSE(files.take(to(1), kStart)) << "one connection for a file";
    EXPECT_EQ(files.take(to(3), kStart)->name, "d");
}

TEST(PacketAwaitedFiles, WhatNobodyComesForMakesRoomWithoutBeingCounted) {
    AwaitedFiles files(1);
    const AwaitedEnds ends{*IpAddress::parse("192.0.2.1"), *IpAddress::parse("192.0.2.2"), 1, 0};
    AwaitedEnds others = ends;
    others.network = 7;
    EXPECT_TRUE(files.await(ends, {}, kStart));
    EXPECT_FALSE(files.take(others, kStart));
    EXPECT_TRUE(files.await(others, {}, kStart + AwaitedFiles::kPatience + Duration{1}));
    EXPECT_EQ(files.size(), 1u);
}

}  // namespace
}  // namespace kentongan::packet
