// Ed25519 by OpenSSL.
#include "daemon/base/signing_key.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <cerrno>
#include <new>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kLargestFile = 64 << 10;

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

/// Keys without a passphrase only: a daemon has nobody to ask.
int no_passphrase(char*, int, int, void*) { return 0; }

std::shared_ptr<EVP_PKEY> read_pem(std::string_view text) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> in{
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
    if (!in) throw std::bad_alloc{};
    return owned(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
}

std::shared_ptr<EVP_PKEY> read_seed(std::string_view text) {
    const std::string seed = from_base64(trim(text));
    if (seed.size() != kKeyBytes) return nullptr;
    return owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, as_bytes(seed).data(),
                                              seed.size()));
}

bool is_credential(const std::filesystem::path& path) {
    return path.parent_path().parent_path() == "/run/credentials";
}

}  // namespace

SigningKey::SigningKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {
    std::string bytes(kKeyBytes, '\0');
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                    &size) != 1)
        throw std::bad_alloc{};
    public_ = to_base64(as_bytes(bytes));
    id_ = sha256_hex(bytes).substr(0, 16);
}

Result<SigningKey> SigningKey::parse(std::string_view text) {
    const auto key = text.contains("-----BEGIN") ? read_pem(text) : read_seed(text);
    if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
        return fail(ErrorCode::config,
                    "no Ed25519 private key: a PEM file (openssl genpkey -algorithm ed25519) or "
                    "32 bytes in base64 are expected");
    return SigningKey{key};
}

Result<SigningKey> SigningKey::load(const std::filesystem::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0)
        return fail_errno("open signing key", path.native(), errno);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && !is_credential(path))
        return fail(ErrorCode::permission,
                    "signing key {}: others may read it; chmod 600 it, and think of it as known",
                    path.native());
    const auto text = read_file(path, kLargestFile);
    if (!text) return std::unexpected(text.error().within("signing key"));
    auto key = parse(*text);
    if (!key) return std::unexpected(key.error().within("signing key " + path.native()));
    return key;
}

SigningKey SigningKey::generate() {
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (key == nullptr) throw std::bad_alloc{};
    return SigningKey{owned(key)};
}

std::string SigningKey::sign(std::string_view content) const {
    const Context context{EVP_MD_CTX_new()};
    std::string out(kSignatureBytes, '\0');
    std::size_t size = out.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                       as_bytes(content).data(), content.size()) != 1)
        throw std::bad_alloc{};
    return to_base64(as_bytes(out));
}

bool verify_signature(std::string_view public_key, std::string_view content,
                      std::string_view signature) {
    const std::string key_bytes = from_base64(public_key);
    const std::string bytes = from_base64(signature);
    if (key_bytes.size() != kKeyBytes || bytes.size() != kSignatureBytes) return false;
    const auto key = owned(EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nullptr, as_bytes(key_bytes).data(), key_bytes.size()));
    const Context context{EVP_MD_CTX_new()};
    return key && context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), as_bytes(bytes).data(), bytes.size(),
                            as_bytes(content).data(), content.size()) == 1;
}

}  // namespace kentongan
