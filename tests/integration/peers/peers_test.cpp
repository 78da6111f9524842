// Real peers from Debian receive what we send; a peer that is not installed is a skip.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/deliver/channel/alertmanager_channel.hpp"
#include "daemon/deliver/channel/mail_channel.hpp"
#include "daemon/deliver/channel/syslog_channel.hpp"
#include "daemon/deliver/channel/taxii_channel.hpp"
#include "daemon/deliver/destinations.hpp"
#include "daemon/deliver/webhook_channel.hpp"
#include "daemon/drill/child.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_get.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_certificates.hpp"

namespace kentongan {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;

Alert an_alert(int number) {
    auto rule = std::make_shared<Rule>();
    rule->id = "anomaly:brute-force";
    rule->name = fmt::format("Rule {}", number);
    rule->rule_class = "attack";
    Alert out;
    out.id = fmt::format("01JDPY1VY{:017}", number);
    out.rule = rule;
    out.message = fmt::format("10 failed logins, number {} – \"quoted\" ]", number);
    out.severity = Severity::critical;
    out.count = 10;
    out.first_seen = out.last_seen = out.created = std::chrono::system_clock::now();
    out.hostname = "jkt-02";
    out.exercise = true;
    return out;
}

Route to_all() {
    Route out;
    out.agency = "x";
    out.tlp = Tlp::amber;
    return out;
}

class PeersTest : public testing::Test {
  protected:
    static std::string body(BodyFormat format, bool in_syslog, int number,
                            std::string_view type = "alert.created") {
        Destination to{
            .name = "x", .agency = "x", .format = format, .in_syslog = in_syslog, .resolves = true};
        to.form.hostname = "jkt-02";
        to.form.envelope = true;  // as a collection takes STIX
        to.form.mail_from = "kentongan@kpu.example";
        to.form.mail_to = {"soc@bssn.example", "piket@bssn.example"};
        const Destinations table{{to}};
        return (type == "alert.resolved" ? table.endings(an_alert(number), to_all())
                                         : table.messages(an_alert(number), to_all(), type))
            .at(0)
            .body;
    }
    Result<Receipt> deliver(DeliveryChannel& channel, std::string text,
                            std::string type = "alert.created") {
        std::optional<Result<Receipt>> out;
        const Delivery message{.sequence = 1,
                               .alert_id = "a",
                               .destination = "x",
                               .type = std::move(type),
                               .body = std::move(text)};
        const auto attempt = [](DeliveryChannel& c, Delivery m, auto& result) -> Task<> {
            result = co_await c.deliver(std::move(m));
        };
        asio::co_spawn(loop_, attempt(channel, message, out), [](std::exception_ptr) {});
        loop_.restart();
        while (!out) loop_.run_one();
        return *out;
    }
    std::string file(const std::string& name, const std::string& text) {
        const std::string path = folder_ / name;
        if (!write_file(path, text)) throw std::runtime_error(path);
        std::filesystem::permissions(
            path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return path;
    }
    std::string text_of(const std::string& name) { return read_file(folder_ / name).value_or(""); }
    void start(const std::vector<std::string>& command) {
        auto child = Child::start(command, folder_ / "peer.log");
        ASSERT_TRUE(child) << child.error().message;
        peer_.emplace(std::move(*child));
    }
    static bool has(const char* program) { return ::access(program, X_OK) == 0; }
    std::pair<std::string, std::string> certificate(const std::string& name,
                                                    const std::string& whose) {
        const CertificatePem pem = authority_.issue(whose);
        return {file(name + ".crt", pem.certificate), file(name + ".key", pem.private_key)};
    }

    TemporaryFolder folder_;
    TestAuthority authority_;
    asio::io_context loop_{1};
    std::optional<Child> peer_;
};

TEST_F(PeersTest, RsyslogTakesSyslogOverTlsWithBothCertificates) {
    const bool driver =
        std::filesystem::exists("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so") ||
        std::filesystem::exists("/usr/lib/aarch64-linux-gnu/rsyslog/lmnsd_ossl.so");
    if (!has("/usr/sbin/rsyslogd") || !driver)
        GTEST_SKIP() << "rsyslog with rsyslog-openssl is not installed";
    const auto [certificate_file, key_file] = certificate("server", "DNS:localhost");
    const auto [client_certificate, client_key] = certificate("client", "DNS:localhost");
    const std::string ca = file("ca.pem", authority_.certificate_pem());
    const auto port = free_port();
    const std::string settings = fmt::format(
        "global(workDirectory=\"{0}\" maxMessageSize=\"64k\" "
        "defaultNetstreamDriverCAFile=\"{1}\" defaultNetstreamDriverCertFile=\"{2}\" "
        "defaultNetstreamDriverKeyFile=\"{3}\")\n"
        "module(load=\"imtcp\" streamDriver.name=\"ossl\" streamDriver.mode=\"1\" "
        "streamDriver.authMode=\"x509/certvalid\")\n"
        "input(type=\"imtcp\" port=\"{4}\" address=\"127.0.0.1\")\n"
        "template(name=\"raw\" type=\"string\" string=\"%rawmsg%\\n\")\n"
        "action(type=\"omfile\" file=\"{0}/received\" template=\"raw\")\n",
        folder_.name(), ca, certificate_file, key_file, port);
    start(
        {"/usr/sbin/rsyslogd", "-n", "-i", folder_ / "pid", "-f", file("rsyslog.conf", settings)});
    SyslogSettings to{.url = fmt::format("tls://localhost:{}", port)};
    to.peer.ca_file = ca;
    to.peer.certificate_file = client_certificate;
    to.peer.key_file = client_key;
    auto channel = SyslogChannel::open(loop_.get_executor(), to);
    ASSERT_TRUE(channel) << channel.error().message;
    Result<Receipt> first = fail(ErrorCode::unavailable, "not tried");
    ASSERT_TRUE(eventually([&] {
        first = deliver(**channel, body(BodyFormat::syslog, true, 1));
        return first.has_value();
    })) << first.error().message
        << text_of("peer.log");
    for (int i = 2; i <= 20; ++i)
        ASSERT_TRUE(deliver(**channel, body(i % 2 ? BodyFormat::ecs : BodyFormat::cef, true, i)));
    ASSERT_TRUE(eventually([&] {
        return text_of("received").find("Rule 20") != std::string::npos;
    })) << text_of("received")
        << text_of("peer.log");
    const std::string received = text_of("received");
    EXPECT_THAT(received, HasSubstr("<130>1 "));
    EXPECT_THAT(received, HasSubstr("jkt-02 kentongand - ALERT [alert@32473 id=\"01JDPY1VY"));
    EXPECT_THAT(received, HasSubstr("CEF:0|KPU|kentongan|"));
    for (int i = 1; i <= 20; ++i)
        EXPECT_THAT(received, HasSubstr(fmt::format("01JDPY1VY{:017}", i)));
}

TEST_F(PeersTest, AlertmanagerShowsTheAlertAndItsEnd) {
    const char* program = "/usr/bin/prometheus-alertmanager";
    if (!has(program)) GTEST_SKIP() << "prometheus-alertmanager is not installed";
    const auto port = free_port();
    const std::string settings =
        file("am.yml", "route:\n  receiver: none\nreceivers:\n  - name: none\n");
    start({program, "--config.file=" + settings, "--storage.path=" + folder_.name(),
           fmt::format("--web.listen-address=127.0.0.1:{}", port), "--cluster.listen-address="});
    ASSERT_TRUE(eventually([&] {
        const auto ready = http_get(port, "/-/ready", "");
        return ready && ready->status == 200;
    })) << text_of("peer.log");
    const std::string url = fmt::format("http://127.0.0.1:{}", port);
    auto channel = AlertmanagerChannel::open(
        loop_.get_executor(), {.urls = {url, fmt::format("http://127.0.0.1:{}", free_port())}});
    ASSERT_TRUE(channel) << channel.error().message;
    const auto sent = deliver(**channel, body(BodyFormat::alertmanager, false, 7));
    ASSERT_TRUE(sent) << sent.error().message;
    EXPECT_EQ(sent->status, 200) << sent->body << " (the member that is down does not matter)";
    EXPECT_EQ((*channel)->remembered(), 1u);
    const auto shown = [&] { return http_get(port, "/api/v2/alerts", "").value().body; };
    ASSERT_TRUE(eventually([&] { return shown().find("Rule 7") != std::string::npos; })) << shown();
    const json::value alerts = json::parse(shown());
    const auto& alert = alerts.as_array().at(0).as_object();
    EXPECT_EQ(alert.at("labels").at("severity"), "critical");
    EXPECT_EQ(alert.at("labels").at("exercise"), "true");
    EXPECT_EQ(alert.at("annotations").at("tlp"), "AMBER");
    EXPECT_EQ(std::string(alert.at("annotations").at("kentongan_alert_id").as_string()),
              fmt::format("01JDPY1VY{:017}", 7));
    ASSERT_EQ(deliver(**channel, body(BodyFormat::alertmanager, false, 7, "alert.resolved"),
                      "alert.resolved")
                  ->status,
              200);
    EXPECT_TRUE(eventually([&] { return shown().find("Rule 7") == std::string::npos; })) << shown();
}

TEST_F(PeersTest, AMailServerTakesMailAfterStarttlsAndLogin) {
    const auto ended =
        run_program({"/usr/bin/python3", "-c", "import aiosmtpd"}, folder_ / "probe.log", 60);
    if (!ended || ended->status != 0) GTEST_SKIP() << "python3-aiosmtpd is not installed";
    const auto [certificate_file, key_file] = certificate("mail", "DNS:localhost");
    const auto port = free_port();
    start({"/usr/bin/python3", KENTONGAN_MAIL_SERVER, std::to_string(port), certificate_file,
           key_file, folder_ / "mails", "rahasia"});
    ASSERT_TRUE(eventually([&] { return text_of("peer.log").find("ready") != std::string::npos; }))
        << text_of("peer.log");
    MailSettings to{.url = fmt::format("smtp://localhost:{}", port)};
    to.peer.ca_file = file("ca.pem", authority_.certificate_pem());
    to.from = "kentongan@kpu.example";
    to.to = {"soc@bssn.example", "piket@bssn.example"};
    to.user = "kentongan";
    to.password_file = file("password", "rahasia\n");
    to.hostname = "jkt-02";
    auto channel = MailChannel::open(loop_.get_executor(), to);
    ASSERT_TRUE(channel) << channel.error().message;
    const auto sent = deliver(**channel, body(BodyFormat::mail, false, 3));
    ASSERT_TRUE(sent) << sent.error().message << text_of("peer.log");
    EXPECT_EQ(sent->status, 200) << sent->body;
    const json::value mail = json::parse(text_of("mails"));
    EXPECT_EQ(mail.at("subject"), "LATIHAN (exercise): [critical] [TLP:AMBER] Rule 3");
    EXPECT_EQ(mail.at("to").as_array().size(), 2u);
    EXPECT_EQ(mail.at("tls"), true);
    EXPECT_EQ(mail.at("defects"), 0);
    EXPECT_THAT(std::string(mail.at("text").as_string()),
                HasSubstr("10 failed logins, number 3 – \"quoted\" ]"));

    file("password", "wrong\n");
    const auto swap = (*channel)->reread();
    ASSERT_TRUE(swap) << swap.error().message;
    (*swap)();
    const auto refused = deliver(**channel, body(BodyFormat::mail, false, 4));
    ASSERT_TRUE(refused) << refused.error().message;
    EXPECT_EQ(refused->status, 401) << refused->body;

    to.password_file = file("password2", "rahasia\n");
    to.peer.ca_file = file("other.pem", TestAuthority{}.certificate_pem());
    auto wary = MailChannel::open(loop_.get_executor(), to);
    ASSERT_TRUE(wary);
    const auto impostor = deliver(**wary, body(BodyFormat::mail, false, 5));
    ASSERT_FALSE(impostor);
    EXPECT_THAT(impostor.error().message, HasSubstr("certificate is refused"));
}

TEST_F(PeersTest, ATaxiiServerTakesTheObjectsAndSaysLaterThatItHasThem) {
    const auto [certificate_file, key_file] = certificate("taxii", "DNS:localhost");
    start({"/usr/bin/python3", KENTONGAN_TAXII_SERVER, certificate_file, key_file,
           folder_ / "objects", "rahasia"});
    ASSERT_TRUE(eventually([&] { return text_of("peer.log").ends_with('\n'); }));
    int port = 0;
    int proxy = 0;
    ASSERT_EQ(std::sscanf(text_of("peer.log").c_str(), "ready %d %d", &port, &proxy), 2)
        << text_of("peer.log");
    const std::string path = "/api1/collections/91a7b528/objects/";
    TaxiiSettings to{.url = fmt::format("https://localhost:{}{}", port, path)};
    to.peer.ca_file = file("ca.pem", authority_.certificate_pem());
    to.user = "kentongan";
    to.password_file = file("password", "rahasia\n");
    to.first_poll = std::chrono::milliseconds{1};
    auto straight = TaxiiChannel::open(loop_.get_executor(), to);
    ASSERT_TRUE(straight) << straight.error().message;
    const auto sent = deliver(**straight, body(BodyFormat::stix, false, 8));
    ASSERT_TRUE(sent) << sent.error().message << text_of("peer.log");
    EXPECT_EQ(sent->status, 200) << sent->body;
    const std::string kept = text_of("objects");
    const json::value got = json::parse(kept.substr(0, kept.find('\n')));
    EXPECT_EQ(got.at("path").as_string(), path);
    EXPECT_FALSE(got.at("envelope").as_object().contains("type")) << "an envelope is no bundle";
    EXPECT_GT(got.at("envelope").at("objects").as_array().size(), 2u);
    EXPECT_THAT(kept, HasSubstr("{\"look\": 2}"));
    EXPECT_THAT(kept, Not(HasSubstr("connect")));

    to.peer.proxy = fmt::format("http://127.0.0.1:{}", proxy);
    auto behind = TaxiiChannel::open(loop_.get_executor(), to);
    ASSERT_TRUE(behind) << behind.error().message;
    const auto through = deliver(**behind, body(BodyFormat::stix, false, 9));
    ASSERT_TRUE(through) << through.error().message << text_of("peer.log");
    EXPECT_EQ(through->status, 200) << through->body;
    EXPECT_THAT(text_of("objects"),
                HasSubstr(fmt::format("{{\"connect\": \"localhost:{}\"}}", port)));
}

TEST_F(PeersTest, AnAgencysWatchTakesSignsOfLifeOverTls) {
    const auto [certificate_file, key_file] = certificate("watch", "DNS:localhost");
    const std::string keys = file("keys", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    const std::string page =
        file("page", "#!/bin/sh\necho \"$1\" >> \"" + std::string(folder_ / "pages") + "\"\n");
    std::filesystem::permissions(page, std::filesystem::perms::owner_all);
    const auto port = free_port();
    start({KENTONGAN_COMMAND, "watch", "--listen", fmt::format("127.0.0.1:{}", port), "--key", keys,
           "--certificate", certificate_file, "--key-file", key_file, "--grace", "1s", "--exec",
           page});
    ASSERT_TRUE(eventually([&] { return text_of("pages") == "down\n"; })) << text_of("peer.log");
    const auto open = [&](const std::string& url) {
        return WebhookChannel::open(loop_.get_executor(),
                                    {.url = url,
                                     .secret_file = keys,
                                     .ca_file = file("ca.pem", authority_.certificate_pem())});
    };
    auto channel = open(fmt::format("https://localhost:{}/", port));
    ASSERT_TRUE(channel) << channel.error().message;
    const std::string alive = render_heartbeat(
        BodyFormat::kentongan, false, to_rfc3339(std::chrono::system_clock::now()), false, {});
    const auto sent = deliver(**channel, alive, "heartbeat");
    ASSERT_TRUE(sent) << sent.error().message << text_of("peer.log");
    EXPECT_EQ(sent->status, 200) << sent->body;
    EXPECT_TRUE(eventually([&] { return text_of("pages").starts_with("down\nup\n"); }));
    auto clear = open(fmt::format("http://127.0.0.1:{}/", port));
    ASSERT_TRUE(clear) << clear.error().message;
    const auto in_clear = deliver(**clear, alive, "heartbeat");
    EXPECT_FALSE(in_clear && in_clear->status == 200) << "nothing is taken without TLS";
}

}  // namespace
}  // namespace kentongan
