#pragma once
// From the path of a request to its route: one name for all requests of a kind.
#include <array>
#include <cstddef>
#include <string_view>

namespace kentongan::anomaly {

/// A route's name: at most 96 bytes, no allocation. Segments become placeholders:
/// 13 digits (a TPS) {tps}, other numbers {n}, a UUID {uuid}, and a segment of 16 bytes or more
/// with a digit in it {id}; an ending of up to 5 letters stays: "/3174/3174021004010.json" is
/// "/{n}/{tps}.json". What follows '?' or '#' and the seventh segment is left out ("/…").
class RouteName {
  public:
    explicit RouteName(std::string_view path);
    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

  private:
    static constexpr std::size_t kLongest = 96;

    void segment(std::string_view text);
    void append(std::string_view text);

    std::array<char, kLongest> text_;
    std::size_t size_ = 0;
};

}  // namespace kentongan::anomaly
