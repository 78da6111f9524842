#pragma once
// Finds the numbers and networks of rules that a field's value meets.
#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/detect/sigma/syntax.hpp"
#include "daemon/detect/sigma/text_index.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sigma {

/// Whether a value, whose number() is `number`, stands in the relation. Whole numbers are compared
/// as such, for a double holds 53 bits only.
[[nodiscard]] bool meets(const NumberOperand& operand, const Value& value, double number);

/// Immutable once built; shared between threads. Equal numbers are found by bisection, and so are
/// networks for each length of theirs; bounds in their order up to the first that is not met.
class NumberIndex {
  public:
    void add(const NumberOperand& operand, IndexHit hit);
    void add(const IpNetwork& network, IndexHit hit);
    /// Once, when all are added.
    void build();

    [[nodiscard]] bool empty() const;

    /// Calls found(hit) for each that the value meets.
    template <class Found>
    void search(const Value& value, Found&& found) const {
        if (!equal_.empty() || !lower_.empty() || !upper_.empty())
            if (const auto number = value.number()) search_numbers(value, *number, found);
        if (networks_.empty()) return;
        if (const auto address = value.address())
            for (const Networks& same : networks_) same.search(address->masked(same.bits), found);
    }

  private:
    struct Number {
        NumberOperand operand;
        IndexHit hit;
    };
    /// Those of one length, by their base.
    struct Networks {
        unsigned bits = 0;
        std::vector<std::pair<IpAddress, IndexHit>> bases;

        template <class Found>
        void search(const IpAddress& base, Found& found) const {
            const auto by_base = [](const auto& one) -> const IpAddress& { return one.first; };
            for (const auto& one : std::ranges::equal_range(bases, base, {}, by_base))
                found(one.second);
        }
    };
    using Iterator = std::vector<Number>::const_iterator;

    [[nodiscard]] std::pair<Iterator, Iterator> equal_to(double number) const;

    template <class Found>
    void search_numbers(const Value& value, double number, Found& found) const {
        const auto [first, last] = equal_to(number);
        for (auto one = first; one != last; ++one)
            if (meets(one->operand, value, number)) found(one->hit);
        for (const Number& one : lower_) {
            if (one.operand.value > number) break;
            if (meets(one.operand, value, number)) found(one.hit);
        }
        for (const Number& one : upper_) {
            if (one.operand.value < number) break;
            if (meets(one.operand, value, number)) found(one.hit);
        }
    }

    std::vector<Number> equal_;  // by value
    std::vector<Number> lower_;  // bounds to be above, the lowest first
    std::vector<Number> upper_;  // bounds to be below, the highest first
    std::vector<Networks> networks_;
};

}  // namespace kentongan::sigma
