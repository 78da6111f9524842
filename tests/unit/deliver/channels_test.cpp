// The channels but the webhook, each against a small peer on loopback that it can be judged by.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "daemon/deliver/channel/alertmanager_channel.hpp"
#include "daemon/deliver/channel/file_channel.hpp"
#include "daemon/deliver/channel/mail_channel.hpp"
#include "daemon/deliver/channel/syslog_channel.hpp"
#include "daemon/deliver/channel/taxii_channel.hpp"
#include "daemon/deliver/net/smtp_reply.hpp"
#include "daemon/deliver/net/taxii_status.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/test_certificates.hpp"
#include "tests/unit/deliver/delivery_fixture.hpp"

namespace kentongan {
namespace {

using asio::ip::tcp;
using testing::HasSubstr;

Delivery saying(std::string body) {
    return {.sequence = 1,
            .alert_id = "01JDPY1VY00000000000000000",
            .destination = "x",
            .type = "alert.created",
            .body = std::move(body)};
}

/// Accepts connections and keeps what comes over each.
struct TextPeer {
    explicit TextPeer(asio::io_context& loop)
        : acceptor(loop, {asio::ip::address_v4::loopback(), 0}) {
        accept();
    }
    void accept() {
        acceptor.async_accept([this](boost::system::error_code code, tcp::socket socket) {
            if (code) return;
            sockets.push_back(std::make_shared<tcp::socket>(std::move(socket)));
            texts.emplace_back();
            read(sockets.back(), texts.size() - 1);
            accept();
        });
    }
    void read(const std::shared_ptr<tcp::socket>& socket, std::size_t index) {
        auto bytes = std::make_shared<std::string>(4096, '\0');
        socket->async_read_some(asio::buffer(*bytes),
                                [this, socket, bytes, index](auto code, auto n) {
                                    texts[index].append(*bytes, 0, n);
                                    if (!code) read(socket, index);
                                });
    }
    std::uint16_t port() const { return acceptor.local_endpoint().port(); }

    tcp::acceptor acceptor;
    std::vector<std::shared_ptr<tcp::socket>> sockets;
    std::deque<std::string> texts;
};

class ChannelsTest : public DeliveryTest {
  protected:
    Result<Receipt> deliver(DeliveryChannel& channel, std::string body) {
        std::optional<Result<Receipt>> out;
        const auto attempt = [](DeliveryChannel& c, std::string text, auto& result) -> Task<> {
            result = co_await c.deliver(saying(std::move(text)));
        };
        group_.spawn("attempt", attempt(channel, std::move(body), out));
        run_until([&] { return out.has_value(); });
        return *out;
    }
    std::string file(const std::string& name, const std::string& text) {
        const std::string path = folder_ / name;
        if (!replace_file(path, text)) throw std::runtime_error(path);
        return path;
    }
};

TEST_F(ChannelsTest, SyslogCountsOctetsAndSaysAgainAfterABreak) {
    TextPeer peer{loop_};
    auto channel = SyslogChannel::open(loop_.get_executor(),
                                       {.url = fmt::format("tcp://127.0.0.1:{}", peer.port())});
    ASSERT_TRUE(channel) << channel.error().message;
    ASSERT_EQ(deliver(**channel, "<130>1 first")->status, 200);
    ASSERT_EQ(deliver(**channel, "<130>1 second")->status, 200);
    run_until([&] { return !peer.texts.empty() && peer.texts[0].size() >= 31; });
    EXPECT_EQ(peer.texts[0], "12 <130>1 first13 <130>1 second");
    boost::system::error_code ignored;
    peer.sockets[0]->shutdown(tcp::socket::shutdown_both, ignored);
    peer.sockets[0]->close(ignored);
    for (int i = 0; i < 50; ++i) loop_.poll_one();
    while (deliver(**channel, "<130>1 third")->status != 200) {
    }
    run_until([&] { return peer.texts.size() > 1 && peer.texts[1].ends_with("third"); });
    EXPECT_THAT(peer.texts[1], HasSubstr("12 <130>1 first13 <130>1 second"));
}

TEST_F(ChannelsTest, SyslogIsNotDeliveredToAPeerThatTakesNothing) {
    tcp::acceptor mute{loop_};
    mute.open(tcp::v4());
    mute.set_option(asio::socket_base::receive_buffer_size(4096));
    mute.bind({asio::ip::address_v4::loopback(), 0});
    mute.listen();
    SyslogSettings settings{.url = fmt::format("tcp://127.0.0.1:{}", mute.local_endpoint().port())};
    settings.peer.timeout = std::chrono::milliseconds{300};
    auto channel = SyslogChannel::open(loop_.get_executor(), settings);
    ASSERT_TRUE(channel);
    // More than its buffer holds, and less than ours: the kernel would have taken it all.
    const auto sent = deliver(**channel, std::string(100'000, 'x'));
    ASSERT_FALSE(sent);
    EXPECT_THAT(sent.error().message, HasSubstr("no answer in time (waiting for the peer to take"));
}

TEST_F(ChannelsTest, SyslogGoesOverUdpToo) {
    asio::ip::udp::socket peer{loop_, {asio::ip::address_v4::loopback(), 0}};
    auto channel = SyslogChannel::open(
        loop_.get_executor(),
        {.url = fmt::format("udp://127.0.0.1:{}", peer.local_endpoint().port())});
    ASSERT_TRUE(channel);
    ASSERT_EQ(deliver(**channel, "<130>1 datagram")->status, 200);
    std::string got(100, '\0');
    got.resize(peer.receive(asio::buffer(got)));
    EXPECT_EQ(got, "<130>1 datagram");
}

/// An alert as Alertmanager takes it, whose last finding was so long ago.
std::string firing_since(const Clock& clock, std::chrono::hours ago, const std::string& id) {
    return fmt::format(R"([{{"labels":{{"alertname":"Rule","alert_id":"{}"}},"endsAt":"{}"}}])", id,
                       to_rfc3339(clock.now() - ago + std::chrono::hours{1}));
}

TEST_F(ChannelsTest, AnAlertThatComesLateToAlertmanagerStillFires) {
    WebhookReceiver peer{loop_.get_executor(), {}};
    auto channel = AlertmanagerChannel::open(
        loop_.get_executor(), {.urls = {fmt::format("http://127.0.0.1:{}", peer.port())}}, clock_);
    ASSERT_TRUE(channel);
    ASSERT_TRUE(deliver(**channel, firing_since(clock_, std::chrono::hours{7}, "a")));
    ASSERT_TRUE(deliver(**channel, firing_since(clock_, std::chrono::hours{0}, "b")));
    ASSERT_EQ(peer.received().size(), 2u);
    for (const ReceivedMessage& one : peer.received())
        EXPECT_THAT(one.body, HasSubstr(to_rfc3339(clock_.now() + std::chrono::hours{1})));
}

TEST_F(ChannelsTest, SettingsThatCannotWorkAreRefusedWithTheReason) {
    const auto error = [](const auto& opened) { return opened ? "" : opened.error().message; };
    EXPECT_THAT(error(SyslogChannel::open(loop_.get_executor(), {.url = "syslog://x"})),
                HasSubstr("expected tls://, tcp://, udp://HOST:PORT"));
    EXPECT_THAT(error(MailChannel::open(
                    loop_.get_executor(),
                    {.url = "smtp://x", .from = "a@b\r\nRCPT TO:<x@y>", .to = {"a@b"}})),
                HasSubstr("is no address"));
    EXPECT_THAT(
        error(TaxiiChannel::open(loop_.get_executor(), {.url = "https://taxii.example/api/"})),
        HasSubstr("/collections/ID/objects/"));
    EXPECT_THAT(
        error(AlertmanagerChannel::open(loop_.get_executor(), {.urls = {"http://am:9093"}})),
        HasSubstr("plain http only goes to a loopback address"));
}

TEST_F(ChannelsTest, AnAddressOutsideTheAllowedNetworksIsNotDialled) {
    TextPeer peer{loop_};
    SyslogSettings settings{.url = fmt::format("tcp://127.0.0.1:{}", peer.port())};
    settings.peer.allow = {"203.0.113.0/24"};
    auto channel = SyslogChannel::open(loop_.get_executor(), settings);
    ASSERT_TRUE(channel);
    const auto answer = deliver(**channel, "x");
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("in none of the allowed networks"));
    EXPECT_TRUE(peer.texts.empty());
}

TEST(Dial, RefusesWhatANameMustNotLeadTo) {
    const auto why = [](const char* address, const char* host, DialPolicy policy = {}) {
        return refusal_of(IpAddress::parse(address).value(), host, policy);
    };
    EXPECT_EQ(why("203.0.113.9", "bssn.example"), "");
    EXPECT_EQ(why("10.0.0.9", "bssn.example"), "") << "agencies are on private networks";
    EXPECT_NE(why("169.254.169.254", "bssn.example"), "");
    EXPECT_NE(why("127.0.0.1", "bssn.example"), "");
    EXPECT_EQ(why("127.0.0.1", "localhost"), "");
    EXPECT_NE(why("0.0.0.0", "bssn.example"), "");
    EXPECT_NE(why("fe80::1", "bssn.example"), "");
    EXPECT_NE(why("203.0.113.9", "x", {.only_loopback = true}), "");
    EXPECT_FALSE(parse_proxy("http://user@proxy:3128"));
    EXPECT_EQ(parse_proxy("http://proxy.kpu.example:3128/")->second, 3128);
}

TEST_F(ChannelsTest, AFileIsLinesOnTheDiskAndIsPutByWhenItIsLarge) {
    const std::string path = folder_ / "alerts.ndjson";
    ASSERT_TRUE(write_file(path, "{\"torn\":"));
    FileChannel channel{loop_.get_executor(), {.path = path, .rotate_bytes = 60}, clock_};
    ASSERT_EQ(deliver(channel, "{\"a\":\n1}")->status, 200);
    EXPECT_EQ(read_file(path), "{\"torn\":\n{\"a\": 1}\n");
    ASSERT_EQ(deliver(channel, std::string(50, 'x'))->status, 200);
    EXPECT_EQ(read_file(path), std::string(50, 'x') + "\n");
    EXPECT_EQ(read_file(path + ".20241127T060000Z"), "{\"torn\":\n{\"a\": 1}\n");
}

TEST_F(ChannelsTest, APipeThatNobodyReadsIsTriedAgain) {
    const std::string path = folder_ / "pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    FileChannel channel{loop_.get_executor(), {.path = path}, clock_};
    const auto answer = deliver(channel, "x");
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("nobody reads the pipe"));
}

TEST_F(ChannelsTest, MailIsNotSentInClearToAnotherMachine) {
    EXPECT_EQ(data_of("a\r\n.b\r\n..\r\n"), "a\r\n..b\r\n...\r\n.\r\n");
    EXPECT_EQ(data_of("a\n.\nQUIT"), "a\r\n..\r\nQUIT\r\n.\r\n");
}

TEST(SmtpReply, IsReadLineByLine) {
    SmtpReplyReader reader;
    EXPECT_FALSE(reader.add("250-mail.example")->has_value());
    EXPECT_FALSE(reader.add("250-STARTTLS")->has_value());
    const auto reply = reader.add("250 AUTH PLAIN LOGIN");
    ASSERT_TRUE(reply && *reply);
    EXPECT_TRUE((*reply)->extension("starttls"));
    EXPECT_EQ((*reply)->extension("AUTH"), "PLAIN LOGIN");
    EXPECT_FALSE((*reply)->extension("SIZE"));
    EXPECT_FALSE(reader.add("hello"));
    EXPECT_FALSE(SmtpReplyReader{}.add("250+x"));
    SmtpReplyReader changing;
    (void)changing.add("250-a");
    EXPECT_FALSE(changing.add("550 b"));
    EXPECT_EQ(status_of({.code = 250, .lines = {}}), 200);
    EXPECT_EQ(status_of({.code = 450, .lines = {}}), 503);
    EXPECT_EQ(status_of({.code = 535, .lines = {}}), 401);
    EXPECT_EQ(status_of({.code = 550, .lines = {}}), 422);
}

TEST(TaxiiStatus, IsReadAndItsIdIsSafeInAPath) {
    const auto done = parse_taxii_status(
        R"({"id":"2d086da7","status":"complete","success_count":4,"failure_count":0})");
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->complete);
    EXPECT_EQ(done->succeeded, 4u);
    EXPECT_FALSE(parse_taxii_status(R"({"id":"../x","status":"pending"})"));
    EXPECT_FALSE(parse_taxii_status(R"({"status":"lost"})"));
    EXPECT_FALSE(parse_taxii_status("[]"));
    EXPECT_EQ(taxii_root("/taxii2/root/collections/91a7/objects/"), "/taxii2/root/");
    EXPECT_FALSE(taxii_root("/objects/"));
}

}  // namespace
}  // namespace kentongan
