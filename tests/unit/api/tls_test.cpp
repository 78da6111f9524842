// The listener over TLS: its certificate, another one after a reload, and clients that show one.
#include <sys/stat.h>

#include <boost/asio/ssl.hpp>
#include <fstream>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_certificates.hpp"
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

namespace ssl = asio::ssl;
using ::testing::HasSubstr;

std::string write(const TemporaryFolder& folder, const std::string& name, std::string_view text) {
    const std::string path = folder / name;
    std::ofstream{path} << text;
    ::chmod(path.c_str(), 0600);
    return path;
}

web::TlsContext context_of(const TemporaryFolder& folder, const CertificatePem& own,
                           const std::string& client_ca = {}) {
    auto made = web::server_tls({write(folder, "own.pem", own.certificate),
                                 write(folder, "own.key", own.private_key),
                                 client_ca.empty() ? "" : write(folder, "ca.pem", client_ca)});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(*made);
}

/// A client on one connection that trusts one authority and may show a certificate.
class TlsClient {
  public:
    TlsClient(std::uint16_t port, const std::string& trusted,
              const CertificatePem* shown = nullptr) {
        client_.set_verify_mode(ssl::verify_peer);
        client_.add_certificate_authority(asio::buffer(trusted));
        client_.set_verify_callback(ssl::host_name_verification("localhost"));
        if (shown != nullptr) {
            client_.use_certificate(asio::buffer(shown->certificate), ssl::context::pem);
            client_.use_private_key(asio::buffer(shown->private_key), ssl::context::pem);
        }
        stream_.emplace(context_, client_);
        stream_->next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        stream_->handshake(ssl::stream_base::client);
    }
    Reply ask(std::string_view method, std::string_view target, std::string_view headers = "",
              std::string_view body = "") {
        const std::string request =
            fmt::format("{} {} HTTP/1.1\r\nHost: x\r\n{}Content-Length: {}\r\n\r\n{}", method,
                        target, headers, body.size(), body);
        asio::write(*stream_, asio::buffer(request));
        Reply reply;
        http::read(*stream_, buffer_, reply);
        return reply;
    }

  private:
    asio::io_context context_;
    ssl::context client_{ssl::context::tls_client};
    std::optional<ssl::stream<tcp::socket>> stream_;
    boost::beast::flat_buffer buffer_;
};

struct Tls : ::testing::Test {
    TemporaryFolder folder;
    TestAuthority authority;
    TestAuthority other;
    api::Options options = RunningServer::with_token();
};

TEST_F(Tls, ServesWhoTrustsItsAuthorityAndNobodyInTheClear) {
    options.tls = context_of(folder, authority.issue("DNS:localhost"));
    RunningServer server{std::move(options)};
    TlsClient client{server.port, authority.certificate_pem()};
    EXPECT_EQ(client.ask("GET", "/api/v1/status", bearer(kToken)).result_int(), 200u);
    EXPECT_EQ(client.ask("GET", "/api/v1/status").result_int(), 401u);
    EXPECT_THROW((TlsClient{server.port, other.certificate_pem()}), boost::system::system_error);
    Client plain{server.port};
    plain.send("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(plain.rest(), ::testing::Not(HasSubstr("200")));
}

TEST_F(Tls, AReloadedCertificateIsShownFromTheNextConnectionOn) {
    options.tls = context_of(folder, authority.issue("DNS:localhost"));
    RunningServer server{std::move(options)};
    TlsClient before{server.port, authority.certificate_pem()};
    EXPECT_EQ(before.ask("GET", "/-/healthy").result_int(), 200u);
    auto renewed = context_of(folder, other.issue("DNS:localhost"));
    server.on_loop([&] { server.server->replace_tls(std::move(renewed)); });
    TlsClient after{server.port, other.certificate_pem()};
    EXPECT_EQ(after.ask("GET", "/-/healthy").result_int(), 200u);
    EXPECT_EQ(before.ask("GET", "/-/healthy").result_int(), 200u);
    EXPECT_THROW((TlsClient{server.port, authority.certificate_pem()}),
                 boost::system::system_error);
}

TEST_F(Tls, AMachineIsKnownByItsCertificate) {
    options.tls = context_of(folder, authority.issue("DNS:localhost"), authority.certificate_pem());
    options.tokens = *api::Tokens::read(write(folder, "tokens", "gateway viewer certificate\n"));
    RunningServer server{std::move(options)};
    const CertificatePem gateway = authority.issue("DNS:gateway", "gateway");
    const CertificatePem stranger = authority.issue("DNS:stranger", "stranger");
    const CertificatePem forged = other.issue("DNS:gateway", "gateway");
    const std::string trusted = authority.certificate_pem();
    const auto session =
        json_of(TlsClient{server.port, trusted, &gateway}.ask("GET", "/api/v1/session"));
    EXPECT_EQ(session.at("name").as_string(), "gateway");
    EXPECT_EQ(session.at("role").as_string(), "viewer");
    EXPECT_EQ(
        (TlsClient{server.port, trusted, &stranger}.ask("GET", "/api/v1/session")).result_int(),
        401u);
    EXPECT_EQ((TlsClient{server.port, trusted}.ask("GET", "/api/v1/session")).result_int(), 401u);
    EXPECT_THROW((TlsClient{server.port, trusted, &forged}.ask("GET", "/api/v1/session")),
                 boost::system::system_error);
}

TEST_F(Tls, ABrowserThatHoldsACertificateIsNotDrivenFromAnotherSite) {
    options.tls = context_of(folder, authority.issue("DNS:localhost"), authority.certificate_pem());
    options.tokens = *api::Tokens::read(write(folder, "tokens", "siti analyst certificate\n"));
    RunningServer server{std::move(options)};
    const CertificatePem siti = authority.issue("DNS:siti", "siti");
    const auto change = [&](std::string_view headers) {
        return TlsClient{server.port, authority.certificate_pem(), &siti}
            .ask("POST", "/api/v1/alerts:bulk", headers, R"({"action":"ack","ids":[]})")
            .result_int();
    };
    EXPECT_EQ(change("Content-Type: text/plain\r\n"), 415u);
    EXPECT_EQ(change("Content-Type: application/json\r\nSec-Fetch-Site: cross-site\r\n"), 403u);
    const unsigned taken = change("Content-Type: application/json\r\n");
    EXPECT_TRUE(taken != 401 && taken != 403 && taken != 415) << taken;
}

TEST_F(Tls, ASessionsCookieIsForEncryptedConnectionsOnly) {
    options.tls = context_of(folder, authority.issue("DNS:localhost"));
    const std::string hash = *api::hash_password("kentongan berbunyi");
    options.accounts = std::make_shared<const api::Accounts>(*api::Accounts::parse(
        "siti:analyst:" + hash + ":\n", "accounts", [](std::string_view) { return true; }));
    RunningServer server{std::move(options)};
    TlsClient client{server.port, authority.certificate_pem()};
    const Reply reply = client.ask("POST", "/api/v1/session", "Content-Type: application/json\r\n",
                                   R"({"name":"siti","password":"kentongan berbunyi"})");
    EXPECT_EQ(reply.result_int(), 200u);
    EXPECT_THAT(std::string{reply[http::field::set_cookie]}, HasSubstr("; Secure"));
}

}  // namespace
}  // namespace kentongan
