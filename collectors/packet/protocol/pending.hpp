#pragma once
// What the readers of protocols share: bytes that wait for the rest of their message, and fields.
#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/base/bytes.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::packet {

/// Bytes of one end that wait for what follows, at most `cap` of them.
class Pending {
  public:
    explicit Pending(std::size_t cap) : cap_(cap) {}

    /// False, and nothing is taken, when they would be too many.
    [[nodiscard]] bool append(Bytes data) {
        if (size() + data.size() > cap_) return false;
        if (begin_ > 0 && (begin_ == bytes_.size() || begin_ > 4096)) {
            bytes_.erase(0, begin_);
            begin_ = 0;
        }
        bytes_.append(as_text(data));
        return true;
    }
    void drop(std::size_t count) {
        begin_ += count < size() ? count : size();
        if (begin_ == bytes_.size()) clear();
    }
    void clear() {
        bytes_.clear();
        begin_ = 0;
        if (bytes_.capacity() > kKept) std::string().swap(bytes_);
    }
    [[nodiscard]] Bytes view() const { return as_bytes(text()); }
    [[nodiscard]] std::string_view text() const { return std::string_view(bytes_).substr(begin_); }
    [[nodiscard]] std::size_t size() const { return bytes_.size() - begin_; }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] std::size_t room() const { return cap_ - size(); }
    [[nodiscard]] std::size_t held_bytes() const { return bytes_.capacity(); }

  private:
    static constexpr std::size_t kKept = 2048;  // a small buffer is kept for the next message

    std::size_t cap_;
    std::string bytes_;
    std::size_t begin_ = 0;
};

/// Sets a field that has a value.
inline void set_text(Event& event, Field field, std::string_view text) {
    if (!text.empty()) event.set(field, text);
}

/// A field with no name of its own in the dictionary: Zeek's, for rules on its logs.
[[nodiscard]] inline Field field_named(std::string_view name) {
    return intern_field(name).value_or(Field::message);
}

}  // namespace kentongan::packet
