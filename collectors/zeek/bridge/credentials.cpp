#include "collectors/zeek/bridge/credentials.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "daemon/base/file.hpp"

namespace kentongan::bridge {

namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

int no_passphrase(char*, int, int, void*) { return 0; }

Bio memory_of(const std::string& pem) {
    return Bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

Result<Certificate> read_certificate(const std::string& option, const std::string& path) {
    const auto pem = read_file(path, std::size_t{1} << 20);
    if (!pem) return std::unexpected(pem.error().within(option));
    Certificate certificate{
        PEM_read_bio_X509(memory_of(*pem).get(), nullptr, no_passphrase, nullptr)};
    if (!certificate)
        return fail(ErrorCode::config, "{} {}: holds no certificate in PEM form", option, path);
    if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0)
        return fail(ErrorCode::config, "{} {}: the certificate has expired; renew it", option,
                    path);
    if (X509_cmp_current_time(X509_get0_notBefore(certificate.get())) > 0)
        return fail(ErrorCode::config, "{} {}: the certificate is not valid yet; check the clock",
                    option, path);
    return certificate;
}

Result<Key> read_key(const std::string& path) {
    const auto pem = read_file(path, std::size_t{1} << 20);
    if (!pem) return std::unexpected(pem.error().within("--key"));
    Key key{PEM_read_bio_PrivateKey(memory_of(*pem).get(), nullptr, no_passphrase, nullptr)};
    if (!key)
        return fail(ErrorCode::config,
                    "--key {}: holds no private key in PEM form without a passphrase", path);
    return key;
}

}  // namespace

Result<> check_credentials(const Settings& settings) {
    if (!settings.mutual_tls()) return {};
    if (const auto ca = read_certificate("--ca", settings.ca_file); !ca)
        return std::unexpected(ca.error());
    const auto certificate = read_certificate("--cert", settings.certificate_file);
    if (!certificate) return std::unexpected(certificate.error());
    const auto key = read_key(settings.key_file);
    if (!key) return std::unexpected(key.error());
    if (X509_check_private_key(certificate->get(), key->get()) != 1)
        return fail(ErrorCode::config, "--key {}: is not the key of {}", settings.key_file,
                    settings.certificate_file);
    return {};
}

}  // namespace kentongan::bridge
