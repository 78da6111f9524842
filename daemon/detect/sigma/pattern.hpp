#pragma once
// Sigma's strings: parsed with their escapes and wildcards, changed by modifiers, and matched.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::sigma {

/// A piece of a string: literal text, `*`, `?`, or any of the dashes that `windash` stands for.
struct Token {
    enum class Kind : std::uint8_t { text, any, one, dash };
    Kind kind = Kind::text;
    std::string text;
    bool operator==(const Token&) const = default;
};
using Glob = std::vector<Token>;

/// Sigma specification, "Escaping": `\*`, `\?` and `\\` stand for the second character, any other
/// backslash for itself.
[[nodiscard]] Glob parse_glob(std::string_view text);
[[nodiscard]] Glob literal_glob(std::string text);
/// The literal when there is no wildcard in it.
[[nodiscard]] std::optional<std::string> literal_of(const Glob& glob);

/// `*` at the front or the back, unless there is one.
void open_front(Glob& glob);
void open_back(Glob& glob);
/// Every dash or slash that begins a word becomes any dash, as pySigma's \B[-/]\b does.
[[nodiscard]] Glob with_any_dash(const Glob& glob);
/// base64 of s pad bytes and the value, for s = 0, 1, 2, cut to what does not depend on the pad.
[[nodiscard]] std::vector<std::string> base64_at_offsets(std::string_view bytes);

/// A glob made ready: compares a whole value, ignoring case unless `cased`. Immutable.
class TextPattern {
  public:
    enum class Shape : std::uint8_t { anything, exact, prefix, suffix, contains, glob };

    TextPattern(Glob glob, bool cased);

    /// `folded` is the value in lower case, `original` as it came.
    [[nodiscard]] bool matches(std::string_view folded, std::string_view original) const;
    [[nodiscard]] Shape shape() const { return shape_; }
    [[nodiscard]] bool cased() const { return cased_; }
    /// Whether it begins and ends with `*`.
    [[nodiscard]] bool is_open() const;
    /// The longest literal that every matching value contains, in lower case; may be empty.
    [[nodiscard]] std::string literal() const;
    /// Equal texts mean equal patterns.
    [[nodiscard]] std::string key() const;

  private:
    [[nodiscard]] bool matches_glob(std::string_view text) const;

    Glob glob_;
    std::string needle_;  // for every shape but glob and anything
    Shape shape_ = Shape::glob;
    bool cased_ = false;
};

}  // namespace kentongan::sigma
