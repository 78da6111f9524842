// Compares parts of dates as numbers.
#include "daemon/detect/sigma/date_test.hpp"

#include <algorithm>

namespace kentongan::sigma {

namespace {

bool compare(const DateOperand& test, double part) {
    using Relation = NumberOperand::Relation;
    switch (test.relation) {
        case Relation::equal:
            return part == test.value;
        case Relation::greater:
            return part > test.value;
        case Relation::greater_equal:
            return part >= test.value;
        case Relation::less:
            return part < test.value;
        case Relation::less_equal:
            return part <= test.value;
    }
    return false;
}

}  // namespace

bool holds_for(const std::vector<DateOperand>& tests, const Value& value) {
    const std::string rendered =
        value.type() == Value::Type::text ? std::string{} : value.to_string();
    const std::string_view text = value.type() == Value::Type::text ? value.text() : rendered;
    return std::ranges::any_of(tests, [&](const DateOperand& test) {
        const auto part = part_of(text, test.part);
        return part && compare(test, *part);
    });
}

bool holds_for(const std::vector<DateOperand>& tests, Timestamp time) {
    return std::ranges::any_of(
        tests, [&](const DateOperand& test) { return compare(test, part_of(time, test.part)); });
}

}  // namespace kentongan::sigma
