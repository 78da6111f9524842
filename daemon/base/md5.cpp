#include "daemon/base/md5.hpp"

#include <openssl/evp.h>

#include <new>

namespace kentongan {

std::array<std::uint8_t, 16> md5(std::string_view text) {
    std::array<std::uint8_t, 16> out{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_md5(), nullptr) != 1)
        throw std::bad_alloc{};
    return out;
}

}  // namespace kentongan
