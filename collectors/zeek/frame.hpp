#pragma once
// The frames between kentongan-broker-bridge and the daemon: u32 big-endian length, then that many
// bytes of one JSON object. The reader takes hostile bytes.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kentongan::zeek {

inline constexpr std::size_t kFrameCap = std::size_t{1} << 20;  ///< bytes of JSON

/// `json` must not be longer than kFrameCap.
inline void append_frame(std::string& out, std::string_view json) {
    const auto length = static_cast<std::uint32_t>(json.size());
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(length >> shift & 0xFF);
    out += json;
}

/// Cuts a stream of bytes into frames. Holds at most one frame and what was fed last.
class FrameReader {
  public:
    explicit FrameReader(std::size_t cap = kFrameCap) : cap_(cap) {}

    void feed(std::string_view bytes);
    /// The next whole frame's JSON; valid until the next feed.
    [[nodiscard]] std::optional<std::string_view> next();
    /// A length of 0 or over the cap was met: nothing after it can be read.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    std::size_t cap_;
    std::string buffer_;
    std::size_t taken_ = 0;
    bool broken_ = false;
};

}  // namespace kentongan::zeek
