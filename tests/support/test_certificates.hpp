#pragma once
// A certificate authority made on the spot, for TLS tests.
#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace kentongan {

struct CertificatePem {
    std::string certificate;
    std::string private_key;
};

class TestAuthority {
  public:
    TestAuthority();
    [[nodiscard]] std::string certificate_pem() const;
    /// A server certificate for `subject_alternative_name`, such as "DNS:localhost" or
    /// "IP:127.0.0.1"; or a client's, of this common name.
    [[nodiscard]] CertificatePem issue(const std::string& subject_alternative_name,
                                       const std::string& name = "Test server") const;
    /// The same, but its time was over a minute ago.
    [[nodiscard]] CertificatePem issue_expired(const std::string& subject_alternative_name) const;

  private:
    [[nodiscard]] CertificatePem issue_until(const std::string& subject_alternative_name,
                                             const std::string& name, long seconds) const;

    std::shared_ptr<evp_pkey_st> key_;
    std::shared_ptr<x509_st> certificate_;
};

}  // namespace kentongan
