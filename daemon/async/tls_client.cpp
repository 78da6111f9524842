#include "daemon/async/tls_client.hpp"

#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>

#include "daemon/base/ip.hpp"

namespace kentongan {

Result<std::shared_ptr<asio::ssl::context>> client_tls(const std::string& ca_file,
                                                       const std::string& certificate_file,
                                                       const std::string& key_file) {
    auto out = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(out->native_handle(), TLS1_2_VERSION);
    boost::system::error_code code;
    out->set_verify_mode(asio::ssl::verify_peer, code);
    if (ca_file.empty())
        out->set_default_verify_paths(code);
    else
        out->load_verify_file(ca_file, code);
    if (code) return fail(ErrorCode::config, "CA certificates {}: {}", ca_file, code.message());
    if (certificate_file.empty() && key_file.empty()) return out;
    out->use_certificate_chain_file(certificate_file, code);
    if (code)
        return fail(ErrorCode::config, "certificate {}: {}", certificate_file, code.message());
    out->use_private_key_file(key_file, asio::ssl::context::pem, code);
    if (code) return fail(ErrorCode::config, "private key {}: {}", key_file, code.message());
    if (SSL_CTX_check_private_key(out->native_handle()) != 1)
        return fail(ErrorCode::config, "private key {} is not that of the certificate {}", key_file,
                    certificate_file);
    return out;
}

Task<Result<>> shake_hands(TlsStream& stream, std::string host, bool& refused) {
    constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
    SSL* handle = stream.native_handle();
    X509_VERIFY_PARAM* verify = SSL_get0_param(handle);
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool is_address = IpAddress::parse(host).has_value();
    const int set = is_address ? X509_VERIFY_PARAM_set1_ip_asc(verify, host.c_str())
                               : X509_VERIFY_PARAM_set1_host(verify, host.c_str(), 0);
    if (set != 1) co_return fail(ErrorCode::config, "{} cannot be verified as a name", host);
    if (!is_address) SSL_set_tlsext_host_name(handle, host.c_str());
    const auto [code] = co_await stream.async_handshake(asio::ssl::stream_base::client, kTuple);
    if (!code) co_return Result<>{};
    const long verified = SSL_get_verify_result(handle);
    if (verified == X509_V_OK)
        co_return fail(ErrorCode::unavailable, "TLS handshake: {}", code.message());
    refused = true;
    co_return fail(ErrorCode::unavailable, "TLS handshake: the certificate is refused: {}",
                   X509_verify_cert_error_string(verified));
}

std::int64_t certificate_end(TlsStream& stream) {
    const std::unique_ptr<X509, decltype(&X509_free)> shown{
        SSL_get1_peer_certificate(stream.native_handle()), X509_free};
    std::tm civil{};
    if (!shown || ASN1_TIME_to_tm(X509_get0_notAfter(shown.get()), &civil) != 1) return 0;
    return ::timegm(&civil);
}

}  // namespace kentongan
