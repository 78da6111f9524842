// A server's TLS context from PEM files.
#include "daemon/async/http/tls.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <array>
#include <ctime>

#include "daemon/base/file.hpp"

namespace kentongan::web {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

namespace {

constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

Result<> check_key_file(const std::string& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0)
        return fail(ErrorCode::no_input, "the private key {}: there is no such file", file);
    if ((status.st_mode & 077) != 0)
        return fail(ErrorCode::permission, "the private key {}: others may read it; chmod 600 {}",
                    file, file);
    return {};
}

std::unexpected<Error> unusable(std::string_view what, const std::string& file,
                                const error_code& error) {
    return fail(ErrorCode::config, "the {} {}: {}", what, file, error.message());
}

}  // namespace

Result<TlsContext> server_tls(const TlsFiles& files) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context->native_handle(), kCiphers);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_CIPHER_SERVER_PREFERENCE |
                                                      SSL_OP_NO_RENEGOTIATION |
                                                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    if (auto closed = check_key_file(files.private_key); !closed)
        return std::unexpected(closed.error());
    for (const std::string& file : {files.certificate, files.client_ca})
        if (!file.empty())
            if (auto there = read_file(file, std::size_t{4} << 20); !there)
                return std::unexpected(there.error());
    error_code error;
    context->use_certificate_chain_file(files.certificate, error);
    if (error) return unusable("certificate", files.certificate, error);
    context->use_private_key_file(files.private_key, ssl::context::pem, error);
    if (error) return unusable("private key", files.private_key, error);
    if (SSL_CTX_check_private_key(context->native_handle()) != 1)
        return fail(ErrorCode::config, "the private key {} is not that of the certificate {}",
                    files.private_key, files.certificate);
    if (files.client_ca.empty()) return context;
    context->load_verify_file(files.client_ca, error);
    if (error) return unusable("client CA", files.client_ca, error);
    context->set_verify_mode(ssl::verify_peer, error);  // asked for; those without may use a token
    return context;
}

std::int64_t certificate_end(const std::string& file) {
    const auto text = read_file(file, std::size_t{4} << 20);
    if (!text) return 0;
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio{
        BIO_new_mem_buf(text->data(), static_cast<int>(text->size())), BIO_free};
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
    std::tm civil{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &civil) != 1)
        return 0;
    return ::timegm(&civil);
}

}  // namespace kentongan::web
