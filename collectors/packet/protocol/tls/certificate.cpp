#include "collectors/packet/protocol/tls/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "daemon/base/digest.hpp"
#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::packet::tls {

namespace {

template <auto kFree>
struct Free {
    void operator()(auto* pointer) const { kFree(pointer); }
};
using X509Pointer = std::unique_ptr<X509, Free<X509_free>>;
using BioPointer = std::unique_ptr<BIO, Free<BIO_free>>;
using NamesPointer = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

std::string content_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size <= 0 || data == nullptr
               ? std::string{}
               : std::string(data, static_cast<std::size_t>(size)).substr(0, Certificate::kTextCap);
}

std::string name_of(const X509_NAME* name) {
    const BioPointer bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    return content_of(bio.get());
}

std::string text_of(const ASN1_STRING* text) {
    const auto size = static_cast<std::size_t>(std::max(ASN1_STRING_length(text), 0));
    return std::string(as_text({ASN1_STRING_get0_data(text), size}))
        .substr(0, Certificate::kTextCap);
}

std::string common_name_of(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return {};
    return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

std::string time_of(const ASN1_TIME* time) {
    std::tm civil{};
    if (ASN1_TIME_to_tm(time, &civil) != 1) return {};
    const auto instant =
        from_civil(civil.tm_year + 1900, civil.tm_mon + 1, civil.tm_mday, civil.tm_hour,
                   civil.tm_min, civil.tm_sec, std::chrono::seconds{0});
    return instant ? to_rfc3339(*instant, 0) : std::string{};
}

std::string serial_of(const ASN1_INTEGER* serial) {
    const BioPointer bio(BIO_new(BIO_s_mem()));
    if (!bio || i2a_ASN1_INTEGER(bio.get(), serial) < 0) return {};
    return content_of(bio.get());
}

std::string algorithm_of(const X509* certificate) {
    ASN1_OBJECT* algorithm = nullptr;
    if (X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr,
                               X509_get_X509_PUBKEY(certificate)) != 1)
        return {};
    std::array<char, 80> text{};
    const int size = OBJ_obj2txt(text.data(), int{text.size()}, algorithm, 0);
    return size <= 0 ? std::string{} : std::string(text.data());
}

std::string address_of(const ASN1_OCTET_STRING* address) {
    const unsigned char* data = ASN1_STRING_get0_data(address);
    if (ASN1_STRING_length(address) == 4)
        return IpAddress::v4(std::span<const std::uint8_t, 4>(data, 4)).to_string();
    if (ASN1_STRING_length(address) == 16)
        return IpAddress::v6(std::span<const std::uint8_t, 16>(data, 16)).to_string();
    return {};
}

std::vector<std::string> alternative_names_of(const X509* certificate) {
    std::vector<std::string> out;
    const NamesPointer names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < count && out.size() < Certificate::kNamesCap; ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        std::string text;
        if (name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI)
            text = text_of(name->d.ia5);
        if (name->type == GEN_IPADD) text = address_of(name->d.iPAddress);
        if (!text.empty()) out.push_back(std::move(text));
    }
    return out;
}

}  // namespace

std::optional<Certificate> parse_certificate(Bytes der) {
    constexpr std::size_t kLargest = 65536;
    if (der.empty() || der.size() > kLargest) return std::nullopt;
    const unsigned char* at = der.data();
    const X509Pointer certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate) {
        ERR_clear_error();
        return std::nullopt;
    }
    Certificate out;
    const X509_NAME* subject = X509_get_subject_name(certificate.get());
    out.subject = name_of(subject);
    out.issuer = name_of(X509_get_issuer_name(certificate.get()));
    out.common_name = common_name_of(subject);
    out.serial = serial_of(X509_get0_serialNumber(certificate.get()));
    out.not_before = time_of(X509_get0_notBefore(certificate.get()));
    out.not_after = time_of(X509_get0_notAfter(certificate.get()));
    out.public_key_algorithm = algorithm_of(certificate.get());
    out.alternative_names = alternative_names_of(certificate.get());
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> sha1{};
    SHA1(der.data(), der.size(), sha1.data());
    out.sha1 = to_hex(sha1);
    out.sha256 = to_hex(sha256(der));
    ERR_clear_error();
    return out;
}

}  // namespace kentongan::packet::tls
