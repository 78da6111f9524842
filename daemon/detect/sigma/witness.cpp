#include "daemon/detect/sigma/witness.hpp"

#include <algorithm>
#include <optional>

namespace kentongan::sigma {

namespace {

struct Witnesses {
    std::vector<PredicateId> predicates;
    double cost = 0;  // a guess at how often one of them holds, in no unit
};
using Choice = std::optional<Witnesses>;

double cost_of(const TextPattern& pattern) {
    const auto length = static_cast<double>(std::max<std::size_t>(pattern.literal().size(), 1));
    switch (pattern.shape()) {
        case TextPattern::Shape::exact:
            return 0.2 / length;
        case TextPattern::Shape::prefix:
        case TextPattern::Shape::suffix:
            return 0.5 / length;
        default:
            return 1 / length;
    }
}

double cost_of(const Predicate& predicate) {
    double cost = 0;
    for (const TextPattern& pattern : predicate.patterns) cost += cost_of(pattern);
    for (const NumberOperand& number : predicate.numbers)
        cost += number.relation == NumberOperand::Relation::equal ? 0.2 : 1;
    cost += 0.1 * static_cast<double>(predicate.regexes.size());
    cost += 0.5 * static_cast<double>(predicate.networks.size());
    return predicate.keyword ? cost * 2 : cost;
}

class Chooser {
  public:
    explicit Chooser(const std::vector<Predicate>& predicates) : predicates_(predicates) {}

    Choice choose(const Expression& expression, bool negated) const {
        using Kind = Expression::Kind;
        switch (expression.kind) {
            case Kind::test:
                return of_test(expression.predicate, negated);
            case Kind::negation:
                return choose(expression.children.front(), !negated);
            case Kind::selection:
                return choose(expression.children.front(), negated);
            case Kind::all:
                return negated ? each(expression, negated) : best(expression, negated);
            case Kind::any:
                return negated ? best(expression, negated) : each(expression, negated);
        }
        return std::nullopt;
    }

  private:
    Choice of_test(PredicateId id, bool negated) const {
        if (negated || !predicates_[id].indexed) return std::nullopt;
        return Witnesses{{id}, cost_of(predicates_[id])};
    }

    /// All children are needed, so the witnesses of the cheapest do.
    Choice best(const Expression& expression, bool negated) const {
        Choice out;
        for (const Expression& child : expression.children)
            if (auto one = choose(child, negated); one && (!out || one->cost < out->cost))
                out = std::move(one);
        return out;
    }

    /// Any child suffices, so the witnesses of each are needed.
    Choice each(const Expression& expression, bool negated) const {
        Witnesses out;
        for (const Expression& child : expression.children) {
            const auto one = choose(child, negated);
            if (!one) return std::nullopt;
            out.predicates.insert(out.predicates.end(), one->predicates.begin(),
                                  one->predicates.end());
            out.cost += one->cost;
        }
        return out;
    }

    const std::vector<Predicate>& predicates_;
};

}  // namespace

std::vector<PredicateId> witnesses_of(const Expression& condition,
                                      const std::vector<Predicate>& predicates) {
    auto chosen = Chooser(predicates).choose(condition, false);
    if (!chosen) return {};
    auto& out = chosen->predicates;
    std::ranges::sort(out);
    const auto repeated = std::ranges::unique(out);
    out.erase(repeated.begin(), repeated.end());
    return std::move(out);
}

}  // namespace kentongan::sigma
