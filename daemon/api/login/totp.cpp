// RFC 6238 over OpenSSL's HMAC.
#include "daemon/api/login/totp.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "daemon/base/bytes.hpp"

namespace kentongan::api {

namespace {
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kLongestSecret = 128;
constexpr std::int64_t kStepSeconds = 30;
constexpr std::uint32_t kModulus = 1'000'000;
}  // namespace

std::optional<std::string> from_base32(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        if (c == ' ' || c == '=' || c == '-') continue;
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        const auto value = kAlphabet.find(upper);
        if (value == std::string_view::npos || out.size() == kLongestSecret) return std::nullopt;
        bits = (bits << 5 | static_cast<std::uint32_t>(value)) & 0xFFFFu;
        held += 5;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>(bits >> held & 0xFFu);
    }
    return out;
}

std::string to_base32(std::string_view bytes) {
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xFFFFu;
        for (held += 8; held >= 5; held -= 5) out += kAlphabet[bits >> (held - 5) & 31u];
    }
    if (held > 0) out += kAlphabet[bits << (5 - held) & 31u];
    return out;
}

std::string totp_code(std::string_view secret, std::uint64_t step) {
    std::array<unsigned char, 8> counter;
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<unsigned char>(step >> (56 - 8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
    unsigned size = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(),
         mac.data(), &size);
    const std::size_t at = mac[size - 1] & 0x0Fu;
    const std::uint32_t number = ByteReader{Bytes{mac}.subspan(at, 4)}.u32() & 0x7FFFFFFFu;
    return fmt::format("{:06}", number % kModulus);
}

std::optional<std::uint64_t> accept_totp(std::string_view secret, std::string_view code,
                                         Timestamp now, std::uint64_t last_used) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const auto present = static_cast<std::uint64_t>(seconds / kStepSeconds);
    std::optional<std::uint64_t> found;
    for (const std::uint64_t step : {present - 1, present, present + 1}) {
        const std::string wanted = totp_code(secret, step);
        const bool same = code.size() == wanted.size() &&
                          CRYPTO_memcmp(code.data(), wanted.data(), wanted.size()) == 0;
        if (same && step > last_used) found = step;
    }
    return found;
}

}  // namespace kentongan::api
