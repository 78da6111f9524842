#include "daemon/store/query/lexer.hpp"

#include <algorithm>

#include "daemon/store/query/expression.hpp"

namespace kentongan::query {

namespace {

using Sign = Token::Kind;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool ends_word(char c, bool as_value) {
    if (blank(c) || c == '(' || c == ')' || c == '"') return true;
    return !as_value && (c == ':' || c == '<' || c == '>' || c == '=' || c == '!');
}

}  // namespace

Token Lexer::peek(bool as_value) const {
    std::size_t at = at_;
    while (at < text_.size() && blank(text_[at])) ++at;
    if (at == text_.size()) return {.kind = Sign::end, .offset = at, .length = 0};
    if (control(text_[at])) return {Sign::broken, "a control character; remove it", at, 1};
    if (text_[at] == '(') return {Sign::open, "(", at, 1};
    if (text_[at] == ')') return {Sign::close, ")", at, 1};
    if (text_[at] == '"') return quoted_at(at);
    const bool address = as_value && text_[at] == ':';  // ::1
    if (const Token found = operator_at(at); !address && found.kind != Sign::end) return found;
    return word_at(at, as_value);
}

Token Lexer::operator_at(std::size_t at) const {
    const bool equal = at + 1 < text_.size() && text_[at + 1] == '=';
    switch (text_[at]) {
        case ':':
            return {Sign::colon, ":", at, 1};
        case '=':
            return {Sign::colon, "=", at, equal ? std::size_t{2} : std::size_t{1}};
        case '<':
            return equal ? Token{Sign::at_most, "<=", at, 2} : Token{Sign::below, "<", at, 1};
        case '>':
            return equal ? Token{Sign::at_least, ">=", at, 2} : Token{Sign::above, ">", at, 1};
        case '!':
            if (equal) return {Sign::differs, "!=", at, 2};
            return {Sign::broken, "a ! stands alone; write not, or !=", at, 1};
        default:
            return {};
    }
}

Token Lexer::word_at(std::size_t at, bool as_value) const {
    Token out;
    out.kind = Sign::word;
    out.offset = at;
    std::size_t end = at;
    for (; end < text_.size() && !ends_word(text_[end], as_value); ++end) {
        char c = text_[end];
        if (control(c)) break;
        if (c == '\\') {
            if (end + 1 == text_.size())
                return {Sign::broken, "a \\ escapes nothing; write \\\\ for itself", end, 1};
            c = text_[++end];
            if (control(c)) break;
            out.text += c;
        } else {
            out.text += c == '*' ? kWild : c;
        }
    }
    out.length = std::max<std::size_t>(std::min(end, text_.size()) - at, 1);
    return out;
}

Token Lexer::quoted_at(std::size_t at) const {
    Token out;
    out.kind = Sign::quoted;
    out.offset = at;
    for (std::size_t end = at + 1; end < text_.size(); ++end) {
        char c = text_[end];
        if (control(c) && !blank(c))
            return {Sign::broken, "a control character; remove it", end, 1};
        if (c == '"') {
            out.length = end + 1 - at;
            return out;
        }
        if (c == '\\' && end + 1 < text_.size()) {
            c = text_[++end];
            out.text += control(c) ? ' ' : c;
        } else {
            out.text += c == '*' ? kWild : control(c) ? ' ' : c;
        }
    }
    return {Sign::broken, "the quotation mark is not closed; write \" at its end", at, 1};
}

}  // namespace kentongan::query
