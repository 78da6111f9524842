#include "daemon/detect/sigma/number_index.hpp"

#include <algorithm>

namespace kentongan::sigma {

namespace {

bool compare(NumberOperand::Relation relation, auto value, auto bound) {
    switch (relation) {
        case NumberOperand::Relation::equal:
            return value == bound;
        case NumberOperand::Relation::greater:
            return value > bound;
        case NumberOperand::Relation::greater_equal:
            return value >= bound;
        case NumberOperand::Relation::less:
            return value < bound;
        case NumberOperand::Relation::less_equal:
            return value <= bound;
    }
    return false;
}

}  // namespace

bool meets(const NumberOperand& operand, const Value& value, double number) {
    if (operand.exact && value.type() == Value::Type::integer)
        return compare(operand.relation, value.integer(), *operand.exact);
    return compare(operand.relation, number, operand.value);
}

void NumberIndex::add(const NumberOperand& operand, IndexHit hit) {
    switch (operand.relation) {
        case NumberOperand::Relation::equal:
            return equal_.push_back({operand, hit});
        case NumberOperand::Relation::greater:
        case NumberOperand::Relation::greater_equal:
            return lower_.push_back({operand, hit});
        case NumberOperand::Relation::less:
        case NumberOperand::Relation::less_equal:
            return upper_.push_back({operand, hit});
    }
}

void NumberIndex::add(const IpNetwork& network, IndexHit hit) {
    auto same = std::ranges::find(networks_, network.bits(), &Networks::bits);
    if (same == networks_.end()) same = networks_.insert(same, {network.bits(), {}});
    same->bases.emplace_back(network.base(), hit);
}

void NumberIndex::build() {
    const auto value_of = [](const Number& one) { return one.operand.value; };
    std::ranges::sort(equal_, std::ranges::less{}, value_of);
    std::ranges::sort(lower_, std::ranges::less{}, value_of);
    std::ranges::sort(upper_, std::ranges::greater{}, value_of);
    for (Networks& same : networks_)
        std::ranges::sort(same.bases, {}, [](const auto& one) { return one.first; });
}

bool NumberIndex::empty() const {
    return equal_.empty() && lower_.empty() && upper_.empty() && networks_.empty();
}

std::pair<NumberIndex::Iterator, NumberIndex::Iterator> NumberIndex::equal_to(double number) const {
    const auto range = std::ranges::equal_range(
        equal_, number, std::ranges::less{}, [](const Number& one) { return one.operand.value; });
    return {range.begin(), range.end()};
}

}  // namespace kentongan::sigma
