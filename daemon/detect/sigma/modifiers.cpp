#include "daemon/detect/sigma/modifiers.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

using Relation = NumberOperand::Relation;

template <class T>
struct Named {
    std::string_view name;
    T value;
};
constexpr std::array kSteps{
    Named{"contains", TextStep::contains},  Named{"startswith", TextStep::starts_with},
    Named{"endswith", TextStep::ends_with}, Named{"windash", TextStep::any_dash},
    Named{"base64", TextStep::base64},      Named{"base64offset", TextStep::base64_offset},
    Named{"wide", TextStep::utf16le},       Named{"utf16le", TextStep::utf16le},
    Named{"utf16be", TextStep::utf16be},    Named{"utf16", TextStep::utf16},
};
constexpr std::array kComparisons{
    Named{"re", Comparison::regex},
    Named{"cidr", Comparison::network},
    Named{"exists", Comparison::exists},
    Named{"fieldref", Comparison::field},
};
constexpr std::array kRelations{
    Named{"gt", Relation::greater},
    Named{"gte", Relation::greater_equal},
    Named{"lt", Relation::less},
    Named{"lte", Relation::less_equal},
};
constexpr std::array kSwitches{
    Named{"all", &Modifiers::every},
    Named{"neq", &Modifiers::negated},
    Named{"cased", &Modifiers::cased},
    Named{"expand", &Modifiers::expand},
};
constexpr std::array kRegexFlags{
    Named{"i", &RegexFlags::ignore_case}, Named{"ignorecase", &RegexFlags::ignore_case},
    Named{"m", &RegexFlags::multi_line},  Named{"multiline", &RegexFlags::multi_line},
    Named{"s", &RegexFlags::dot_all},     Named{"dotall", &RegexFlags::dot_all},
};
constexpr std::array kDateParts{
    Named{"minute", DatePart::minute}, Named{"hour", DatePart::hour},
    Named{"day", DatePart::day},       Named{"week", DatePart::week},
    Named{"month", DatePart::month},   Named{"year", DatePart::year},
};

auto find(const auto& table, std::string_view name) {
    const auto* found =
        std::ranges::find(table, name, [](const auto& entry) { return entry.name; });
    return found == table.end() ? nullptr : found;
}

std::string_view nearest_modifier(std::string_view name) {
    std::vector<std::string_view> names;
    const auto collect = [&](const auto& table) {
        for (const auto& entry : table) names.push_back(entry.name);
    };
    collect(kSteps);
    collect(kComparisons);
    collect(kRelations);
    collect(kSwitches);
    collect(kDateParts);
    return nearest_word(name, names);
}

void refuse(std::string_view name, int line, Refusal& refusal) {
    const auto nearest = nearest_modifier(name);
    if (nearest.empty()) return refusal.unsupported(line, "unknown modifier '{}'", name);
    refusal.unsupported(line, "unknown modifier '{}'; did you mean '{}'?", name, nearest);
}

void compare_as(Comparison comparison, std::string_view name, Modifiers& out, int line,
                Refusal& refusal) {
    if (out.comparison != Comparison::text || (!out.steps.empty() && name != "fieldref"))
        refusal.failed(line, "modifier '{}' cannot follow another that sets the comparison", name);
    out.comparison = comparison;
}

/// `hour`, and with it a relation before or after: hour|gte.
void compare_part(DatePart part, std::string_view name, Modifiers& out, int line,
                  Refusal& refusal) {
    if (out.comparison == Comparison::number) out.comparison = Comparison::text;
    compare_as(Comparison::date, name, out, line, refusal);
    out.part = part;
}

void add(std::string_view name, Modifiers& out, int line, Refusal& refusal) {
    if (const auto* step = find(kSteps, name)) {
        out.steps.push_back(step->value);
    } else if (const auto* relation = find(kRelations, name)) {
        if (out.comparison != Comparison::date)
            compare_as(Comparison::number, name, out, line, refusal);
        out.relation = relation->value;
    } else if (const auto* part = find(kDateParts, name)) {
        compare_part(part->value, name, out, line, refusal);
    } else if (const auto* comparison = find(kComparisons, name)) {
        compare_as(comparison->value, name, out, line, refusal);
    } else if (const auto* flag = find(kSwitches, name)) {
        out.*(flag->value) = true;
    } else if (const auto* regex = find(kRegexFlags, name)) {
        if (out.comparison != Comparison::regex)
            refusal.failed(line, "modifier '{}' is only allowed after 're'", name);
        out.regex.*(regex->value) = true;
    } else {
        refuse(name, line, refusal);
    }
}

bool only_opens(const Modifiers& modifiers) {
    return std::ranges::all_of(modifiers.steps,
                               [](TextStep step) { return step <= TextStep::ends_with; });
}

/// Which combinations have a meaning.
void check(const Modifiers& out, int line, Refusal& refusal) {
    const bool text = out.comparison == Comparison::text;
    const bool reference = out.comparison == Comparison::field;
    if (!out.steps.empty() && !text && !(reference && only_opens(out)))
        refusal.unsupported(line, "a string modifier together with a comparison of another kind");
    if (out.cased && !text && !reference)
        refusal.failed(line, "modifier 'cased' applies to strings only");
}

}  // namespace

Modifiers read_modifiers(std::string_view names, int line, Refusal& refusal) {
    Modifiers out;
    while (!names.empty() && !refusal.any()) add(take_until(names, '|'), out, line, refusal);
    check(out, line, refusal);
    return out;
}

}  // namespace kentongan::sigma
