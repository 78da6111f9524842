#include <boost/asio/ip/tcp.hpp>

#include "daemon/base/digest.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/test_certificates.hpp"
#include "tests/unit/deliver/delivery_fixture.hpp"

namespace kentongan {
namespace {

Delivery a_message(int number) {
    return {.sequence = number,
            .alert_id = "01JDPY1VY00000000000000000",
            .destination = "kpu",
            .type = "alert.created",
            .body = fmt::format(R"({{"n":{}}})", number)};
}

class WebhookChannelTest : public DeliveryTest {
  protected:
    Result<Receipt> deliver(WebhookChannel& channel, int number = 1) {
        std::optional<Result<Receipt>> out;
        const auto attempt = [](WebhookChannel& c, int n, auto& result) -> Task<> {
            result = co_await c.deliver(a_message(n));
        };
        group_.spawn("attempt", attempt(channel, number, out));
        run_until([&] { return out.has_value(); });
        return *out;
    }
    std::string trusting(const TestAuthority& authority) {
        const std::string path = folder_ / "ca.pem";
        if (!replace_file(path, authority.certificate_pem())) throw std::runtime_error(path);
        return path;
    }
    WebhookReceiver receiver_as(const TestAuthority& authority, const std::string& name) {
        const CertificatePem pem = authority.issue(name);
        return {loop_.get_executor(),
                {.keys = test_keys(),
                 .certificate_pem = pem.certificate,
                 .private_key_pem = pem.private_key}};
    }
};

TEST_F(WebhookChannelTest, KeepsItsConnection) {
    WebhookReceiver kpu = receiver();
    WebhookChannel& to_kpu = channel(kpu.url());
    for (int i = 1; i <= 20; ++i) ASSERT_EQ(deliver(to_kpu, i)->status, 200);
    EXPECT_EQ(kpu.received().back().connection, 1);
}

TEST_F(WebhookChannelTest, AConnectionThatWentStaleCostsNoAttempt) {
    WebhookReceiver kpu = receiver();
    WebhookChannel& to_kpu = channel(kpu.url());
    ASSERT_EQ(deliver(to_kpu, 1)->status, 200);
    kpu.down();
    kpu.up();
    ASSERT_TRUE(deliver(to_kpu, 2));
    EXPECT_EQ(kpu.received().back().connection, 2);
}

TEST_F(WebhookChannelTest, ReadsNoMoreThan16KiBOfAnAnswer) {
    WebhookReceiver kpu = receiver();
    kpu.script({{.body = std::string(16384, 'a')}, {.body = std::string(300'000, 'b')}});
    WebhookChannel& to_kpu = channel(kpu.url());
    EXPECT_EQ(deliver(to_kpu, 1)->body, std::string(16384, 'a'));
    EXPECT_EQ(deliver(to_kpu, 2)->body, std::string(16384, 'b'));
    EXPECT_EQ(deliver(to_kpu, 3)->body, "");
    EXPECT_EQ(kpu.received()[1].connection, 1);
    EXPECT_EQ(kpu.received()[2].connection, 2);
}

TEST_F(WebhookChannelTest, SpeaksTlsToAHostWhoseCertificateFits) {
    const TestAuthority authority;
    for (const std::string host : {"localhost", "127.0.0.1"}) {
        WebhookReceiver kpu =
            receiver_as(authority, host == "localhost" ? "DNS:localhost" : "IP:127.0.0.1");
        WebhookChannel& to_kpu = channel(kpu.url(host), trusting(authority));
        for (int i = 1; i <= 3; ++i) {
            const auto receipt = deliver(to_kpu, i);
            ASSERT_TRUE(receipt) << receipt.error().message;
            EXPECT_EQ(receipt->status, 200);
        }
        EXPECT_EQ(kpu.received().back().connection, 1);
    }
}

TEST_F(WebhookChannelTest, RefusesACertificateOfAnotherHost) {
    const TestAuthority authority;
    WebhookReceiver impostor = receiver_as(authority, "DNS:kpu.example");
    for (const std::string host : {"localhost", "127.0.0.1"}) {
        WebhookChannel& to_kpu = channel(impostor.url(host), trusting(authority));
        const auto receipt = deliver(to_kpu);
        ASSERT_FALSE(receipt);
        EXPECT_NE(receipt.error().message.find("mismatch"), std::string::npos)
            << receipt.error().message;
    }
    EXPECT_TRUE(impostor.received().empty());
}

TEST_F(WebhookChannelTest, RefusesACertificateOfAnUnknownAuthority) {
    const TestAuthority known;
    WebhookReceiver impostor = receiver_as(TestAuthority{}, "IP:127.0.0.1");
    WebhookChannel& to_kpu = channel(impostor.url(), trusting(known));
    const auto receipt = deliver(to_kpu);
    ASSERT_FALSE(receipt);
    EXPECT_NE(receipt.error().message.find("certificate is refused"), std::string::npos)
        << receipt.error().message;
    EXPECT_TRUE(impostor.received().empty());
}

TEST_F(WebhookChannelTest, ASilentTlsHandshakeTimesOut) {
    const TestAuthority authority;
    asio::ip::tcp::acceptor mute{loop_, {asio::ip::address_v4::loopback(), 0}};
    const auto url = fmt::format("https://127.0.0.1:{}/", mute.local_endpoint().port());
    WebhookChannel& to_kpu = channel(url, trusting(authority), 20);
    const auto receipt = deliver(to_kpu);
    ASSERT_FALSE(receipt);
    EXPECT_NE(receipt.error().message.find("no answer within 20 ms (TLS handshake)"),
              std::string::npos)
        << receipt.error().message;
}

TEST_F(WebhookChannelTest, AnErrorDoesNotNameThePathWhichMayHoldAToken) {
    asio::ip::tcp::acceptor gone{loop_, {asio::ip::address_v4::loopback(), 0}};
    const auto port = gone.local_endpoint().port();
    gone.close();
    WebhookChannel& chat =
        channel(fmt::format("http://127.0.0.1:{}/bot8041:AAE-s3cret/sendMessage?key=s3cret", port));
    const auto receipt = deliver(chat);
    ASSERT_FALSE(receipt);
    EXPECT_EQ(receipt.error().message.find("s3cret"), std::string::npos) << receipt.error().message;
    EXPECT_NE(receipt.error().message.find(fmt::format("POST http://127.0.0.1:{}", port)),
              std::string::npos)
        << receipt.error().message;
}

TEST_F(WebhookChannelTest, AKeyIsRotatedWithoutARestart) {
    const WebhookKey old_key = test_keys().front();
    const auto new_text =
        "whsec_" + to_base64(kentongan::as_bytes("a new secret of 32 characters...."));
    WebhookReceiver kpu{loop_.get_executor(), {.keys = {WebhookKey::parse(new_text).value()}}};
    WebhookChannel& to_kpu = channel(kpu.url());
    EXPECT_EQ(deliver(to_kpu)->status, 401) << "the agency has the new key only";
    ASSERT_TRUE(replace_file(keys_file_, std::string(kTestSecret) + "\n" + new_text + "\n"));
    const auto swap = to_kpu.reread();
    ASSERT_TRUE(swap) << swap.error().message;
    EXPECT_EQ(deliver(to_kpu)->status, 401) << "what was read is not in force yet";
    (*swap)();
    EXPECT_EQ(deliver(to_kpu)->status, 200);
    ASSERT_TRUE(replace_file(keys_file_, "nonsense"));
    EXPECT_FALSE(to_kpu.reread());
    EXPECT_EQ(deliver(to_kpu)->status, 200) << "a bad file is refused and the keys stay";
}

TEST(MessageId, IsStableAndDiffersByAlertDestinationAndSequence) {
    const Delivery message = a_message(1);
    Delivery retried = message;
    retried.attempts = 9;
    EXPECT_EQ(message_id(message), message_id(retried));
    Delivery elsewhere = message;
    elsewhere.destination = "bssn";
    Delivery later = message;
    later.sequence = 2;
    EXPECT_NE(message_id(message), message_id(elsewhere));
    EXPECT_NE(message_id(message), message_id(later));
}

}  // namespace
}  // namespace kentongan
