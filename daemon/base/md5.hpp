#pragma once
// MD5 (RFC 1321), for what others have named by it. It protects nothing: two inputs with the same
// digest are easily made.
#include <array>
#include <cstdint>
#include <string_view>

namespace kentongan {

[[nodiscard]] std::array<std::uint8_t, 16> md5(std::string_view text);

}  // namespace kentongan
