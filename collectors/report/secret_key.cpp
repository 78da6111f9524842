#include "collectors/report/secret_key.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>

#include "daemon/base/bytes.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::report {

namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Five bits a character, four characters a group.
Result<std::string> random_code(std::size_t characters) {
    const auto bytes = random_bytes(characters);
    if (!bytes) return std::unexpected(bytes.error());
    std::string out;
    for (std::size_t i = 0; i < characters; ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += kAlphabet[static_cast<unsigned char>((*bytes)[i]) % kAlphabet.size()];
    }
    return out;
}

}  // namespace

Result<SecretKey> SecretKey::open(const std::filesystem::path& file) {
    if (auto known = read_file(file, 4096)) {
        if (known->size() == kKeySize) return SecretKey{std::move(*known)};
        return fail(ErrorCode::data, "{}: {} bytes, and a key has {}", file.native(), known->size(),
                    kKeySize);
    } else if (known.error().code != ErrorCode::no_input) {
        return std::unexpected(known.error());
    }
    auto made = random_bytes(kKeySize);
    if (!made) return std::unexpected(made.error());
    if (auto kept = replace_file(file, *made); !kept) return std::unexpected(kept.error());
    return SecretKey{std::move(*made)};
}

std::string SecretKey::seal(std::string_view purpose, std::string_view text,
                            std::size_t digits) const {
    std::string message(purpose);
    message += '\n';
    message += text;
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::HMAC(::EVP_sha256(), bytes_.data(), static_cast<int>(bytes_.size()), as_bytes(message).data(),
           message.size(), digest.data(), &size);
    return to_hex(Bytes{digest.data(), size}).substr(0, digits);
}

Result<std::string> random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (::RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
        return fail(ErrorCode::internal, "the system gives no random bytes");
    return out;
}

Result<std::string> new_ticket() {
    auto code = random_code(8);
    if (!code) return code;
    return "KT-" + *code;
}

Result<std::string> new_secret() { return random_code(16); }

std::string normal_code(std::string_view typed) {
    std::string out;
    for (const char c : typed.substr(0, 64)) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        if (upper == ' ' || upper == '-') continue;
        out += upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper;
    }
    return out;
}

bool equal_secrets(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kentongan::report
