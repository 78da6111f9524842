#include "daemon/store/query/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/base/text.hpp"
#include "daemon/store/query/lexer.hpp"
#include "daemon/store/query/value.hpp"

namespace kentongan::query {

namespace {

using Sign = Token::Kind;
using Outcome = std::expected<Expression, Refusal>;

bool is_keyword(const Token& token, std::string_view word) {
    return token.kind == Sign::word && equals_ignoring_case(token.text, word);
}
bool is_operator(const Token& token) {
    return token.kind >= Sign::colon && token.kind <= Sign::differs;
}
Compare compare_of(Sign sign) {
    switch (sign) {
        case Sign::below:
            return Compare::below;
        case Sign::at_most:
            return Compare::at_most;
        case Sign::above:
            return Compare::above;
        case Sign::at_least:
            return Compare::at_least;
        default:
            return Compare::equals;
    }
}
std::unexpected<Refusal> refuse(const Token& at, std::string message) {
    return std::unexpected(
        Refusal{at.offset, std::max<std::size_t>(at.length, 1), std::move(message)});
}

/// Recursive descent; each level of brackets or nots counts against kMaximumDepth.
class Parser {
  public:
    Parser(std::string_view text, Timestamp now) : lexer_(text), now_(now) {}

    Outcome whole() {
        if (lexer_.peek().kind == Sign::end) return Expression{};
        auto out = alternatives(0);
        if (!out) return out;
        const Token rest = lexer_.peek();
        if (rest.kind == Sign::close)
            return refuse(rest, "this bracket closes nothing; remove it, or open one before");
        return out;
    }

  private:
    Outcome alternatives(std::size_t depth) {
        std::vector<Expression> parts;
        for (;;) {
            auto part = conjunction(depth);
            if (!part) return part;
            parts.push_back(std::move(*part));
            const Token next = lexer_.peek();
            if (!is_keyword(next, "or")) return Expression::any(std::move(parts));
            lexer_.skip(next);
        }
    }

    /// Parts joined by `and`, or by standing side by side.
    Outcome conjunction(std::size_t depth) {
        std::vector<Expression> parts;
        for (;;) {
            auto part = negation(depth);
            if (!part) return part;
            parts.push_back(std::move(*part));
            const Token next = lexer_.peek();
            if (is_keyword(next, "and"))
                lexer_.skip(next);
            else if (next.kind == Sign::end || next.kind == Sign::close || is_keyword(next, "or"))
                return Expression::all(std::move(parts));
        }
    }

    Outcome negation(std::size_t depth) {
        const Token next = lexer_.peek();
        if (!is_keyword(next, "not")) return primary(depth);
        if (depth >= kMaximumDepth) return too_deep(next);
        lexer_.skip(next);
        auto inner = negation(depth + 1);
        if (!inner) return inner;
        return Expression::none(std::move(*inner));
    }

    Outcome primary(std::size_t depth) {
        const Token first = lexer_.peek();
        if (first.kind == Sign::broken) return refuse(first, first.text);
        if (first.kind == Sign::end)
            return refuse(first,
                          "the question ends where a condition should follow; add one, such "
                          "as severity >= high");
        if (first.kind == Sign::open) {
            if (depth >= kMaximumDepth) return too_deep(first);
            lexer_.skip(first);
            auto inner = alternatives(depth + 1);
            return closed(std::move(inner), first);
        }
        if (first.kind == Sign::close || is_operator(first))
            return refuse(first,
                          fmt::format("a field or a word should stand before \"{}\"", first.text));
        if (is_keyword(first, "and") || is_keyword(first, "or"))
            return refuse(first, fmt::format("a condition should stand before \"{}\"; quote it to "
                                             "search for the word",
                                             first.text));
        lexer_.skip(first);
        if (const Token next = lexer_.peek(); is_operator(next))
            return comparison(first, next, depth);
        return words(first);
    }

    Outcome words(const Token& word) {
        if (++terms_ > kMaximumTerms) return too_many(word);
        auto condition = words_condition(nullptr, word);
        if (!condition) return std::unexpected(condition.error());
        return Expression::of(std::move(*condition));
    }

    Outcome comparison(const Token& name, const Token& sign, std::size_t depth) {
        const Field* found = find_field(name.text);
        if (found == nullptr)
            return refuse(name, fmt::format("there is no field \"{}\"; {}",
                                            printable_utf8(name.text, 60), near_fields(name.text)));
        lexer_.skip(sign);
        const Token next = lexer_.peek(true);
        auto out = next.kind == Sign::open && compare_of(sign.kind) == Compare::equals
                       ? values(*found, next, depth)
                       : value(*found, compare_of(sign.kind), next);
        if (!out || sign.kind != Sign::differs) return out;
        return Expression::none(std::move(*out));
    }

    Outcome value(const Field& field, Compare compare, const Token& token) {
        if (token.kind == Sign::broken) return refuse(token, token.text);
        if (token.kind != Sign::word && token.kind != Sign::quoted)
            return refuse(token, fmt::format("a value of {} should stand here", field.text));
        if (++terms_ > kMaximumTerms) return too_many(token);
        auto condition = condition_of(field, compare, token, now_);
        if (!condition) return std::unexpected(condition.error());
        lexer_.skip(token);
        return Expression::of(std::move(*condition));
    }

    /// field : (a or b), (a and b), (not a); side by side is `or`.
    Outcome values(const Field& field, const Token& open, std::size_t depth) {
        if (depth >= kMaximumDepth) return too_deep(open);
        lexer_.skip(open);
        std::vector<Expression> any;
        std::vector<Expression> all;
        for (;;) {
            auto part = listed(field, depth + 1);
            if (!part) return part;
            all.push_back(std::move(*part));
            const Token next = lexer_.peek(true);
            if (is_keyword(next, "and")) {
                lexer_.skip(next);
                continue;
            }
            any.push_back(Expression::all(std::exchange(all, {})));
            if (is_keyword(next, "or")) lexer_.skip(next);
            if (next.kind == Sign::close || next.kind == Sign::end)
                return closed(Expression::any(std::move(any)), open);
        }
    }

    Outcome listed(const Field& field, std::size_t depth) {
        const Token next = lexer_.peek(true);
        if (next.kind == Sign::open) return values(field, next, depth);
        if (!is_keyword(next, "not")) return value(field, Compare::equals, next);
        if (depth >= kMaximumDepth) return too_deep(next);
        lexer_.skip(next);
        auto inner = listed(field, depth + 1);
        if (!inner) return inner;
        return Expression::none(std::move(*inner));
    }

    Outcome closed(Outcome inner, const Token& open) {
        if (!inner) return inner;
        const Token close = lexer_.peek();
        if (close.kind != Sign::close)
            return refuse(open, "this bracket is not closed; write ) where it ends");
        lexer_.skip(close);
        return inner;
    }

    static std::unexpected<Refusal> too_deep(const Token& at) {
        return refuse(at, fmt::format("more than {} levels of brackets and nots; write it flatter",
                                      kMaximumDepth));
    }
    static std::unexpected<Refusal> too_many(const Token& at) {
        return refuse(at, fmt::format("more than {} conditions; ask in parts", kMaximumTerms));
    }

    Lexer lexer_;
    Timestamp now_;
    std::size_t terms_ = 0;
};

}  // namespace

std::expected<Expression, Refusal> parse(std::string_view text, Timestamp now) {
    if (text.size() > kMaximumLength)
        return std::unexpected(
            Refusal{kMaximumLength, text.size() - kMaximumLength,
                    fmt::format("a question has at most {} bytes; shorten it", kMaximumLength)});
    return Parser{text, now}.whole();
}

std::string pointed_out(std::string_view text, const Refusal& refusal) {
    constexpr std::size_t kShown = 60;  // bytes around what is to blame
    const std::size_t at = std::min(refusal.offset, text.size());
    std::size_t from = at > kShown ? at - kShown : 0;
    while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) --from;
    const auto flat = [](std::string_view part) {
        std::string out = printable_utf8(part);
        for (char& c : out)
            if (static_cast<unsigned char>(c) < 0x20) c = ' ';
        return out;
    };
    const auto columns = [](std::string_view part) {
        return static_cast<std::size_t>(std::ranges::count_if(
            part, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    };
    const std::string before = flat(text.substr(from, at - from));
    const std::string blamed = flat(text.substr(at, std::min(refusal.length, 2 * kShown)));
    const std::size_t after_at = std::min(at + refusal.length, text.size());
    const std::string after = flat(text.substr(after_at, kShown));
    const std::string lead = from > 0 ? "…" : "";
    return fmt::format(
        "{}{}{}{}\n{}{}\n{}", lead, before, blamed, after, std::string(columns(lead + before), ' '),
        std::string(std::max<std::size_t>(columns(blamed), 1), '^'), refusal.message);
}

}  // namespace kentongan::query
