#include "daemon/deliver/format/uuid.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "daemon/base/text.hpp"

namespace kentongan {

std::string uuid5(std::string_view space, std::string_view name) {
    std::string content;
    std::string digits;
    for (const char c : space)
        if (c != '-') digits.push_back(c);
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        content.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    content += name;
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    if (EVP_Digest(content.data(), content.size(), hash.data(), nullptr, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("SHA-1 failed");
    hash[6] = static_cast<unsigned char>((hash[6] & 0x0F) | 0x50);
    hash[8] = static_cast<unsigned char>((hash[8] & 0x3F) | 0x80);
    std::string out;
    for (std::size_t i = 0; i < 16; ++i)
        out += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", hash[i]);
    return out;
}

}  // namespace kentongan
