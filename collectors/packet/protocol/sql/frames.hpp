#pragma once
// Messages behind a header with their size; of a body only its beginning is kept.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet::sql {

class FrameReader {
  public:
    static constexpr std::size_t kKept = 16384;

    using Head = std::array<std::uint8_t, 5>;
    /// The size of the body behind a header; nothing when it is none.
    using SizeOf = std::optional<std::uint64_t> (*)(const Head& head);
    struct Frame {
        Head head{};
        Bytes body;              ///< its first kKept bytes; valid until the next call
        std::uint64_t size = 0;  ///< of the whole body
    };

    FrameReader(std::size_t head_bytes, SizeOf size_of)
        : head_bytes_(head_bytes), size_of_(size_of) {}

    /// Takes bytes off `input` until a message is whole.
    [[nodiscard]] std::optional<Frame> next(Bytes& input) {
        while (got_ < head_bytes_) {
            if (broken_ || input.empty()) return std::nullopt;
            head_[got_++] = input.front();
            input = input.subspan(1);
            if (got_ < head_bytes_) continue;
            const auto size = size_of_(head_);
            broken_ = !size;
            left_ = size_ = size.value_or(0);
            body_.clear();
        }
        if (broken_) return std::nullopt;
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
        body_.append(as_text(input.first(std::min(part, kKept - body_.size()))));
        input = input.subspan(part);
        left_ -= part;
        if (left_ > 0) return std::nullopt;
        got_ = 0;
        return Frame{head_, as_bytes(body_), size_};
    }
    /// Another kind of header follows the message read last.
    void change(std::size_t head_bytes, SizeOf size_of) {
        head_bytes_ = head_bytes;
        size_of_ = size_of;
    }
    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] bool between() const { return got_ == 0; }
    [[nodiscard]] std::size_t held_bytes() const { return body_.capacity(); }

  private:
    std::size_t head_bytes_;
    SizeOf size_of_;
    Head head_{};
    std::size_t got_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t left_ = 0;
    std::string body_;
    bool broken_ = false;
};

/// A text that ends with a zero byte, taken off the front; all that is left when there is none.
[[nodiscard]] inline std::string_view take_text(Bytes& rest) {
    const auto end = std::ranges::find(rest, std::uint8_t{0});
    const auto size = static_cast<std::size_t>(end - rest.begin());
    const std::string_view out = as_text(rest.first(size));
    rest = rest.subspan(std::min(size + 1, rest.size()));
    return out;
}

}  // namespace kentongan::packet::sql
