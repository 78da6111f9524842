#include "collectors/zeek/frame.hpp"

#include "daemon/base/bytes.hpp"

namespace kentongan::zeek {

void FrameReader::feed(std::string_view bytes) {
    if (broken_) return;
    buffer_.erase(0, taken_);
    taken_ = 0;
    buffer_ += bytes;
}

std::optional<std::string_view> FrameReader::next() {
    if (broken_) return std::nullopt;
    ByteReader reader{as_bytes(buffer_).subspan(taken_)};
    const std::size_t length = reader.u32();
    if (!reader.ok()) return std::nullopt;
    broken_ = length == 0 || length > cap_;
    if (broken_ || reader.rest().size() < length) return std::nullopt;
    taken_ += 4 + length;
    return as_text(reader.take(length));
}

}  // namespace kentongan::zeek
