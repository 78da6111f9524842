#pragma once
// A correlation as read from its file, before the rules it names are looked up.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::sigma {

enum class CorrelationType : std::uint8_t {
    event_count,
    value_count,
    temporal,
    temporal_ordered,
    value_sum,
    value_avg,
    value_percentile,  ///< value_median is the one at 50
};

/// One bound of a condition; all bounds must hold.
struct Criterion {
    enum class Relation : std::uint8_t {
        equal,
        not_equal,
        greater,
        greater_equal,
        less,
        less_equal
    };
    Relation relation = Relation::greater_equal;
    double bound = 0;
};

struct CorrelationSyntax {
    CorrelationType type = CorrelationType::event_count;
    std::vector<std::string> rules;  ///< ids or names, in order
    std::vector<std::string> group_by;
    Duration timespan{};
    std::vector<Criterion> criteria;  ///< empty only for temporal types: every rule
    std::vector<std::string> fields;  ///< whose values are counted or computed with
    double percentile = 50;
    /// alias -> name of a rule -> that rule's field
    std::map<std::string, std::map<std::string, std::string>> aliases;
    bool generate = false;  ///< the rules it names alert by themselves, too
    std::string text;       ///< the document
    std::string timespan_text;
    int line = 0;
};

[[nodiscard]] constexpr bool is_temporal(CorrelationType type) {
    return type == CorrelationType::temporal || type == CorrelationType::temporal_ordered;
}
[[nodiscard]] std::string_view name_of(CorrelationType type);

}  // namespace kentongan::sigma
