#pragma once
// Lexer: a question's bytes as tokens, with where each stands.
#include <string>
#include <string_view>

namespace kentongan::query {

struct Token {
    enum class Kind {
        end,
        open,
        close,
        colon,
        below,
        at_most,
        above,
        at_least,
        differs,
        word,    ///< bare
        quoted,  ///< within "…"
        broken,  ///< `text` says why
    };
    Kind kind = Kind::end;
    std::string text{};  ///< of words: unescaped, with kWild where a * stood
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// Reads the text on demand: what a word may hold depends on where it stands.
class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}
    /// `as_value`: after an operator a word may hold : and = and goes on to a blank or a bracket.
    [[nodiscard]] Token peek(bool as_value = false) const;
    void skip(const Token& token) { at_ = token.offset + token.length; }
    [[nodiscard]] std::string_view text() const { return text_; }

  private:
    [[nodiscard]] Token operator_at(std::size_t at) const;
    [[nodiscard]] Token word_at(std::size_t at, bool as_value) const;
    [[nodiscard]] Token quoted_at(std::size_t at) const;

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace kentongan::query
