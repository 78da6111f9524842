#pragma once
// Numbers as LEB128, for what is kept over a restart.
#include <cstdint>
#include <string>
#include <string_view>

namespace kentongan::sirekap {

inline void put_number(std::string& out, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        out += static_cast<char>(static_cast<unsigned char>(number | 0x80));
    out += static_cast<char>(static_cast<unsigned char>(number));
}

/// Zero past the end, and then ok() is false.
class NumberReader {
  public:
    explicit NumberReader(std::string_view bytes) : rest_(bytes) {}
    std::uint32_t take() {
        std::uint64_t out = 0;
        for (unsigned shift = 0; shift < 35; shift += 7) {
            if (rest_.empty()) break;
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            out |= std::uint64_t{byte & 0x7Fu} << shift;
            if (byte < 0x80 && out <= UINT32_MAX) return static_cast<std::uint32_t>(out);
        }
        ok_ = false;
        rest_ = {};
        return 0;
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

  private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace kentongan::sirekap
