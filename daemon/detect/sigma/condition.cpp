#include "daemon/detect/sigma/condition.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

bool is_name_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.' || c == '*';
}

std::size_t size_of(const Expression& expression) {
    std::size_t size = 1;
    for (const Expression& child : expression.children) size += size_of(child);
    return size;
}

class ConditionParser {
  public:
    ConditionParser(const Condition& condition, const std::vector<Expression>& selections,
                    Refusal& refusal)
        : line_(condition.line), selections_(selections), refusal_(refusal) {
        if (condition.text.size() > kMaximumConditionBytes)
            refusal_.failed(line_, "a condition of more than {} bytes", kMaximumConditionBytes);
        else
            rest_ = condition.text;
        advance();
    }

    std::optional<Expression> parse() {
        auto out = parse_or(0);
        if (!word_.empty()) unexpected();
        if (!out)
            refusal_.failed(line_, "no selection of this name pattern exists: nothing would match");
        return out;
    }

  private:
    using Parsed = std::optional<Expression>;

    void advance() {
        while (!rest_.empty() &&
               (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n' || rest_[0] == '\r'))
            rest_.remove_prefix(1);
        std::size_t length = 0;
        while (length < rest_.size() && is_name_character(rest_[length])) ++length;
        word_ = rest_.substr(0, std::max<std::size_t>(length, rest_.empty() ? 0 : 1));
        rest_.remove_prefix(word_.size());
    }

    bool take(std::string_view word) {
        if (refusal_.any() || word_ != word) return false;
        advance();
        return true;
    }

    void unexpected() {
        const std::string word = printable_utf8(word_, 60);
        if (word_ == "|")
            refusal_.unsupported(line_, "pipe in a condition (use a correlation rule)");
        else if (word_.empty())
            refusal_.failed(line_, "the condition ends too early");
        else if (word == "AND" || word == "OR" || word == "NOT")
            refusal_.failed(line_, "operators are lower-case: '{}'", word);
        else
            refusal_.failed(line_, "unexpected '{}' in the condition", word);
    }

    static Parsed join(Expression::Kind kind, std::vector<Expression> children) {
        if (children.empty()) return std::nullopt;
        if (children.size() == 1) return std::move(children.front());
        return Expression{kind, 0, {}, std::move(children)};
    }

    Parsed parse_or(int depth) {
        std::vector<Expression> children;
        do {
            if (auto child = parse_and(depth)) children.push_back(std::move(*child));
        } while (take("or"));
        return join(Expression::Kind::any, std::move(children));
    }

    Parsed parse_and(int depth) {
        std::vector<Expression> children;
        do {
            if (auto child = parse_not(depth)) children.push_back(std::move(*child));
        } while (take("and"));
        return join(Expression::Kind::all, std::move(children));
    }

    Parsed parse_not(int depth) {
        if (depth > kMaximumConditionDepth) {
            refusal_.failed(line_, "more than {} levels of nesting", kMaximumConditionDepth);
            return std::nullopt;
        }
        if (!take("not")) return parse_operand(depth);
        Parsed child = parse_not(depth + 1);
        if (!child) return std::nullopt;
        Expression out{Expression::Kind::negation, 0, {}, {}};
        out.children.push_back(std::move(*child));
        return out;
    }

    Parsed parse_operand(int depth) {
        if (refusal_.any()) return std::nullopt;
        if (take("(")) {
            Parsed inner = parse_or(depth + 1);
            if (!take(")")) unexpected();
            return inner;
        }
        if (word_.empty() || !is_name_character(word_[0]) || is_operator(word_)) {
            unexpected();
            return std::nullopt;
        }
        const std::string_view first = word_;
        advance();
        if (take("of")) return parse_quantified(first);
        return find_selection(first);
    }

    static bool is_operator(std::string_view word) {
        return word == "and" || word == "or" || word == "not" || word == "of";
    }

    Parsed parse_quantified(std::string_view quantifier) {
        const bool all = quantifier == "all";
        if (!all && quantifier != "1" && quantifier != "any") {
            refusal_.failed(line_, "'{} of': only '1 of', 'any of' and 'all of' exist",
                            printable_utf8(quantifier, 60));
            return std::nullopt;
        }
        const std::string_view pattern = word_;
        if (pattern.empty() || !is_name_character(pattern[0])) {
            unexpected();
            return std::nullopt;
        }
        advance();
        return join(all ? Expression::Kind::all : Expression::Kind::any, matching(pattern));
    }

    /// Names that begin with `_` are left out unless the pattern asks for them.
    std::vector<Expression> matching(std::string_view pattern) {
        const bool them = pattern == "them";
        std::vector<Expression> out;
        for (const Expression& selection : selections_) {
            const bool hidden = selection.label.starts_with('_') && !pattern.starts_with('_');
            if (!hidden && (them || matches_name(pattern, selection.label)) && spend(selection))
                out.push_back(selection);
        }
        return out;
    }

    Parsed find_selection(std::string_view name) {
        const auto found = std::ranges::find(selections_, name, &Expression::label);
        if (found != selections_.end() && spend(*found)) return *found;
        refuse_name(name);
        return std::nullopt;
    }

    void refuse_name(std::string_view name) {
        std::vector<std::string_view> names;
        for (const Expression& selection : selections_) names.push_back(selection.label);
        const std::string shown = printable_utf8(name, 60);
        if (name == "AND" || name == "OR" || name == "NOT")
            return refusal_.failed(line_, "operators are lower-case: '{}'", shown);
        const auto nearest = name.size() < 100 ? nearest_word(name, names) : std::string_view{};
        if (nearest.empty())
            return refusal_.failed(line_, "the condition names '{}', which is no selection", shown);
        refusal_.failed(line_,
                        "the condition names '{}', which is no selection; did you mean '{}'?",
                        shown, printable_utf8(nearest, 60));
    }

    bool spend(const Expression& selection) {
        spent_ += size_of(selection);
        if (spent_ > kMaximumExpressions)
            refusal_.failed(line_, "the condition repeats selections too often");
        return !refusal_.any();
    }

    int line_;
    const std::vector<Expression>& selections_;
    Refusal& refusal_;
    std::string_view rest_;
    std::string_view word_;  // the one to be looked at; empty at the end
    std::size_t spent_ = 0;
};

}  // namespace

std::optional<Expression> parse_condition(const Condition& condition,
                                          const std::vector<Expression>& selections,
                                          Refusal& refusal) {
    return ConditionParser(condition, selections, refusal).parse();
}

bool matches_name(std::string_view pattern, std::string_view name) {
    std::size_t p = 0, n = 0, star = pattern.npos, retry = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = n;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (star != pattern.npos) {
            p = star + 1;
            n = ++retry;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

}  // namespace kentongan::sigma
