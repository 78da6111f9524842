#pragma once
// Bounds-checked reading of network-order bytes: past the end every read answers zero and `ok()`
// turns false, so a decoder checks once after a group of reads.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kentongan {

using Bytes = std::span<const std::uint8_t>;

[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ByteReader {
  public:
    explicit ByteReader(Bytes bytes) : rest_(bytes) {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] Bytes rest() const { return rest_; }

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }

    Bytes take(std::size_t count) {
        if (count > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        const Bytes out = rest_.first(count);
        rest_ = rest_.subspan(count);
        return out;
    }
    void skip(std::size_t count) { take(count); }

  private:
    std::uint64_t number(std::size_t width) {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : take(width)) value = value << 8 | byte;
        return value;
    }

    Bytes rest_;
    bool ok_ = true;
};

}  // namespace kentongan
