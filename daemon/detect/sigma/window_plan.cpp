// From a condition to the least that decides it.
#include "daemon/detect/sigma/window_plan.hpp"

#include <algorithm>
#include <cmath>

namespace kentongan::sigma {

namespace {

using Relation = Criterion::Relation;
using Keeps = WindowPlan::Keeps;

bool is_lower_bound(const Criterion& criterion) {
    return criterion.relation == Relation::greater || criterion.relation == Relation::greater_equal;
}

/// The least whole number that meets all lower bounds.
double least_count(const std::vector<Criterion>& criteria) {
    double least = 1;
    for (const Criterion& criterion : criteria)
        least = std::max(least, criterion.relation == Relation::greater
                                    ? std::floor(criterion.bound) + 1
                                    : std::ceil(criterion.bound));
    return least;
}

/// More values than this decide nothing any more.
std::size_t deciding_count(const std::vector<Criterion>& criteria) {
    double most = 1;
    for (const Criterion& criterion : criteria) most = std::max(most, criterion.bound + 2);
    return static_cast<std::size_t>(most);
}

void plan_sliding(WindowPlan& plan) {
    const double least = least_count(plan.criteria);
    switch (plan.type) {
        case CorrelationType::event_count:
            plan.keeps = least > kExactTimes ? Keeps::buckets : Keeps::times;
            break;
        case CorrelationType::value_count:
            plan.keeps = Keeps::distinct;
            break;
        case CorrelationType::temporal:
            plan.keeps = Keeps::last;
            break;
        case CorrelationType::temporal_ordered:
            plan.keeps = Keeps::ordered;
            break;
        default:
            plan.keeps = Keeps::buckets;
    }
    plan.needed = plan.keeps == Keeps::buckets ? 0 : static_cast<std::size_t>(least);
}

Keeps kept_to_the_end(CorrelationType type) {
    switch (type) {
        case CorrelationType::event_count:
            return Keeps::nothing;
        case CorrelationType::value_count:
            return Keeps::hashes;
        case CorrelationType::value_sum:
        case CorrelationType::value_avg:
            return Keeps::tally;
        case CorrelationType::value_percentile:
            return Keeps::numbers;
        default:
            return Keeps::last;
    }
}

std::size_t entries_of(const WindowPlan& plan) {
    switch (plan.keeps) {
        case Keeps::times:
        case Keeps::distinct:
            return plan.needed;
        case Keeps::buckets:
            return kBuckets + 1;
        case Keeps::last:
        case Keeps::ordered:
            return plan.rules;
        case Keeps::hashes:
            return deciding_count(plan.criteria);
        case Keeps::numbers:
            return kPercentileValues;
        default:
            return 1;
    }
}

}  // namespace

WindowPlan WindowPlan::of(const CorrelationSyntax& syntax) {
    WindowPlan out;
    out.type = syntax.type;
    out.span = syntax.timespan.count();
    out.criteria = syntax.criteria;
    out.percentile = syntax.percentile;
    out.rules = syntax.rules.size();
    const bool varies = syntax.type == CorrelationType::value_avg ||
                        syntax.type == CorrelationType::value_percentile;
    out.deferred = varies || !std::ranges::all_of(syntax.criteria, is_lower_bound);
    if (out.deferred)
        out.keeps = kept_to_the_end(syntax.type);
    else
        plan_sliding(out);
    out.entries = entries_of(out);
    out.stride =
        out.keeps == Keeps::buckets || out.keeps == Keeps::distinct || out.keeps == Keeps::ordered
            ? 2
            : 1;
    return out;
}

bool WindowPlan::holds(double value) const {
    if (criteria.empty()) return value >= static_cast<double>(rules);
    return std::ranges::all_of(criteria, [&](const Criterion& criterion) {
        switch (criterion.relation) {
            case Relation::equal:
                return value == criterion.bound;
            case Relation::not_equal:
                return value != criterion.bound;
            case Relation::greater:
                return value > criterion.bound;
            case Relation::greater_equal:
                return value >= criterion.bound;
            case Relation::less:
                return value < criterion.bound;
            case Relation::less_equal:
                return value <= criterion.bound;
        }
        return false;
    });
}

}  // namespace kentongan::sigma
