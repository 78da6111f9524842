#pragma once
// Real TLS handshakes, made by OpenSSL in memory.
#include <openssl/ssl.h>

#include <string>
#include <vector>

#include "tests/support/test_certificates.hpp"
#include "tests/unit/collectors/packet/protocol/recording_protocol.hpp"

namespace kentongan::packet {

class TlsTalk {
  public:
    explicit TlsTalk(int version, const std::string& protocol = "") {
        static const CertificatePem pem = TestAuthority().issue("DNS:sirekap.test");
        server_context_.reset(SSL_CTX_new(TLS_server_method()));
        client_context_.reset(SSL_CTX_new(TLS_client_method()));
        use(pem);
        for (SSL_CTX* context : {server_context_.get(), client_context_.get()}) {
            SSL_CTX_set_min_proto_version(context, version);
            SSL_CTX_set_max_proto_version(context, version);
        }
        SSL_CTX_set_alpn_select_cb(server_context_.get(), choose_first, nullptr);
        if (!protocol.empty()) {
            const std::string offer = sized(protocol, 1);
            SSL_CTX_set_alpn_protos(client_context_.get(), as_bytes(offer).data(),
                                    static_cast<unsigned>(offer.size()));
        }
    }

    SSL_CTX* server_context() { return server_context_.get(); }
    SSL_CTX* client_context() { return client_context_.get(); }

    /// What both ends sent until the handshake was over or failed, and a byte of data each way.
    std::vector<Said> run(SSL_SESSION* session = nullptr) {
        script_.clear();
        client_.reset(SSL_new(client_context_.get()));
        server_.reset(SSL_new(server_context_.get()));
        for (SSL* end : {client_.get(), server_.get()})
            SSL_set_bio(end, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(client_.get());
        SSL_set_accept_state(server_.get());
        SSL_set_tlsext_host_name(client_.get(), "sirekap.test");
        if (session != nullptr) SSL_set_session(client_.get(), session);
        for (int i = 0; i < 8; ++i) {
            SSL_do_handshake(client_.get());
            carry(client_.get(), server_.get(), Side::originator);
            SSL_do_handshake(server_.get());
            carry(server_.get(), client_.get(), Side::responder);
        }
        SSL_write(client_.get(), "x", 1);
        carry(client_.get(), server_.get(), Side::originator);
        char byte = 0;
        SSL_read(server_.get(), &byte, 1);
        SSL_write(server_.get(), "y", 1);
        carry(server_.get(), client_.get(), Side::responder);
        SSL_read(client_.get(), &byte, 1);
        for (SSL* end : {client_.get(), server_.get()})  // else the session cannot be resumed
            SSL_set_shutdown(end, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        return script_;
    }
    SSL* client() { return client_.get(); }

  private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };

    static int choose_first(SSL*, const unsigned char** out, unsigned char* size,
                            const unsigned char* in, unsigned, void*) {
        *out = in + 1;
        *size = in[0];
        return SSL_TLSEXT_ERR_OK;
    }
    void use(const CertificatePem& pem) {
        BIO* certificate = BIO_new_mem_buf(pem.certificate.data(), -1);
        X509* x509 = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
        BIO* key = BIO_new_mem_buf(pem.private_key.data(), -1);
        EVP_PKEY* pkey = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
        SSL_CTX_use_certificate(server_context_.get(), x509);
        SSL_CTX_use_PrivateKey(server_context_.get(), pkey);
        X509_free(x509);
        EVP_PKEY_free(pkey);
        BIO_free(certificate);
        BIO_free(key);
    }
    void carry(SSL* from, SSL* to, Side side) {
        std::string bytes(65536, '\0');
        const int size = BIO_read(SSL_get_wbio(from), bytes.data(), static_cast<int>(bytes.size()));
        if (size <= 0) return;
        bytes.resize(static_cast<std::size_t>(size));
        BIO_write(SSL_get_rbio(to), bytes.data(), size);
        script_.push_back({side, bytes});
    }

    std::unique_ptr<SSL_CTX, Free> server_context_;
    std::unique_ptr<SSL_CTX, Free> client_context_;
    std::unique_ptr<SSL, Free> client_;
    std::unique_ptr<SSL, Free> server_;
    std::vector<Said> script_;
};

}  // namespace kentongan::packet
