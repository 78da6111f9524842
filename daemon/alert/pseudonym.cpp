#include "daemon/alert/pseudonym.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kShortestSecret = 16;
constexpr std::size_t kLongestId = 16;
constexpr std::size_t kFileBytes = std::size_t{64} << 10;
constexpr std::size_t kNameBytes = 8;

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

}  // namespace

Result<PseudonymKey> PseudonymKey::parse(std::string_view text) {
    std::string id;
    std::string secret;
    for (int number = 1; !text.empty(); ++number) {
        std::string_view line = trim(take_until(text, '\n'));
        if (line.empty() || line.starts_with('#')) continue;
        const std::string_view name = take_until(line, ':');
        std::string bytes = from_base64(line);
        if (!is_id(name) || bytes.size() < kShortestSecret)
            return fail(ErrorCode::config,
                        "line {}: expected NAME:BASE64 with a name of a-z and 0-9 and at least {} "
                        "bytes, such as k1:$(openssl rand -base64 32)",
                        number, kShortestSecret);
        id = name;
        secret = std::move(bytes);
    }
    if (id.empty()) return fail(ErrorCode::config, "there is no key in it");
    return PseudonymKey{std::move(id), std::move(secret)};
}

Result<PseudonymKey> PseudonymKey::load(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return fail_errno("open", path, errno);
    if ((status.st_mode & S_IROTH) != 0)
        return fail(ErrorCode::permission, "{}: everybody may read it; chmod 600 it", path);
    const auto text = read_file(path, kFileBytes);
    if (!text) return std::unexpected(text.error());
    auto key = parse(*text);
    if (!key) return std::unexpected(key.error().within(path));
    return key;
}

PseudonymKey PseudonymKey::generate() {
    std::array<unsigned char, 36> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no random bytes");
    const Bytes all{bytes.data(), bytes.size()};
    return {"x" + to_hex(all.first(4)), std::string(as_text(all.subspan(4)))};
}

std::string PseudonymKey::name(std::string_view kind, std::string_view value) const {
    std::string content{kind};
    content.push_back('\0');
    content += value;
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
             reinterpret_cast<const unsigned char*>(content.data()), content.size(), out.data(),
             &size) == nullptr)
        throw std::runtime_error("HMAC-SHA256 failed");
    return fmt::format("{}#{}:{}", kind, id_, to_hex(Bytes{out.data(), kNameBytes}));
}

}  // namespace kentongan
