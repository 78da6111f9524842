#pragma once
// Prepared statements by their name or number, so that their execution can be told by its text.
#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace kentongan::packet::sql {

/// Texts are shared with what still waits for its answer. At most kMost are remembered; then the
/// oldest is forgotten.
template <class Key>
class Statements {
  public:
    static constexpr std::size_t kMost = 32;
    using Text = std::shared_ptr<const std::string>;

    /// False when the oldest one had to go.
    [[nodiscard]] bool remember(Key key, Text text) {
        std::erase_if(all_, [&](const One& one) { return one.key == key; });
        const bool room = all_.size() < kMost;
        if (!room) all_.pop_front();
        all_.push_back({std::move(key), std::move(text)});
        return room;
    }
    [[nodiscard]] Text find(const auto& key) const {
        const auto found = std::ranges::find_if(all_, [&](auto& one) { return one.key == key; });
        return found == all_.end() ? nullptr : found->text;
    }
    [[nodiscard]] std::size_t held_bytes() const {
        std::size_t held = all_.size() * sizeof(One);
        for (const One& one : all_) held += one.text->capacity();
        return held;
    }

  private:
    struct One {
        Key key;
        Text text;
    };
    std::deque<One> all_;
};

}  // namespace kentongan::packet::sql
