#include "daemon/store/query/expression.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::query {

namespace {

Expression joined(Expression::Kind kind, std::vector<Expression> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    Expression out;
    out.kind = kind;
    out.parts = std::move(parts);
    return out;
}

}  // namespace

Expression Expression::all(std::vector<Expression> parts) {
    std::erase_if(parts, [](const Expression& part) { return part.kind == Kind::everything; });
    return parts.empty() ? Expression{} : joined(Kind::all_of, std::move(parts));
}

Expression Expression::any(std::vector<Expression> parts) {
    return joined(Kind::any_of, std::move(parts));
}

Expression Expression::none(Expression part) {
    Expression out;
    out.kind = Kind::none_of;
    out.parts.push_back(std::move(part));
    return out;
}

bool Window::bounded() const {
    return low != std::numeric_limits<std::int64_t>::min() ||
           high != std::numeric_limits<std::int64_t>::max();
}

Window window_of(const Expression& expression) {
    Window out;
    if (expression.kind == Expression::Kind::condition) {
        const Condition& condition = expression.condition;
        if (condition.field == nullptr || condition.field->name != Name::first_seen ||
            condition.test != Condition::Test::range)
            return out;
        out.low = condition.low;
        if (condition.high != out.high) out.high = condition.high + 1;
    }
    if (expression.kind == Expression::Kind::all_of)
        for (const Expression& part : expression.parts) {
            const Window inner = window_of(part);
            out.low = std::max(out.low, inner.low);
            out.high = std::min(out.high, inner.high);
        }
    return out;
}

Condition range_of(Name name, std::int64_t low, std::int64_t high) {
    Condition out;
    out.field = &field(name);
    out.test = Condition::Test::range;
    out.low = low;
    out.high = high;
    return out;
}

Condition equals(Name name, std::string_view value) {
    Condition out;
    out.field = &field(name);
    out.test = Condition::Test::equals;
    out.text = to_lower(value);
    return out;
}

}  // namespace kentongan::query
