#include "tests/support/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace kentongan {

namespace {

template <class Write>
std::string pem(Write write) {
    const std::shared_ptr<BIO> memory{BIO_new(BIO_s_mem()), BIO_free};
    if (write(memory.get()) != 1) throw std::runtime_error("PEM");
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, int nid, const char* value) {
    const std::shared_ptr<X509_EXTENSION> extension{
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value), X509_EXTENSION_free};
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
        throw std::runtime_error(std::string("certificate extension ") + value);
}

std::shared_ptr<EVP_PKEY> new_key() {
    return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free};
}

std::shared_ptr<X509> unsigned_certificate(const char* name, EVP_PKEY* key, long serial,
                                           long seconds = 86400) {
    const std::shared_ptr<X509> out{X509_new(), X509_free};
    X509_set_version(out.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), seconds);
    X509_set_pubkey(out.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    return out;
}

}  // namespace

TestAuthority::TestAuthority() : key_(new_key()) {
    certificate_ = unsigned_certificate("Test authority", key_.get(), 1);
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
    extend(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
}

std::string TestAuthority::certificate_pem() const {
    return pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
}

CertificatePem TestAuthority::issue(const std::string& subject_alternative_name,
                                    const std::string& name) const {
    return issue_until(subject_alternative_name, name, 86400);
}

CertificatePem TestAuthority::issue_expired(const std::string& subject_alternative_name) const {
    return issue_until(subject_alternative_name, "Test server", -60);
}

CertificatePem TestAuthority::issue_until(const std::string& subject_alternative_name,
                                          const std::string& name, long seconds) const {
    const auto key = new_key();
    const auto certificate = unsigned_certificate(name.c_str(), key.get(), 2, seconds);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
    extend(certificate.get(), NID_subject_alt_name, subject_alternative_name.c_str());
    X509_sign(certificate.get(), key_.get(), EVP_sha256());
    return {pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }),
            pem([&](BIO* out) {
                return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            })};
}

}  // namespace kentongan
