#include "daemon/detect/sigma/item_reader.hpp"

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/operand_reader.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kShownValues = 3;
constexpr std::size_t kShownBytes = 120;

/// The scalars of a value or list, within the budget.
std::vector<Scalar> read_scalars(const YAML::Node& values, ItemContext& context, Refusal& refusal) {
    std::vector<Scalar> out;
    const auto take = [&](const YAML::Node& node) {
        if (!node.IsScalar() && !node.IsNull())
            return refusal.failed(line_of(node),
                                  "a single value is needed here, not a list or map");
        if (context.budget == 0)
            return refusal.failed(line_of(node), "more than {} values", kMaximumValues);
        --context.budget;
        out.push_back(read_scalar(node));
        if (out.back().text.size() > kMaximumValueBytes)
            refusal.failed(line_of(node), "a value of more than {} bytes", kMaximumValueBytes);
    };
    if (!values.IsSequence()) take(values);
    for (std::size_t i = 0; values.IsSequence() && i < values.size() && !refusal.any(); ++i)
        take(values[i]);
    return out;
}

std::string shown(std::string_view key, const std::vector<Scalar>& scalars) {
    std::string out = key.empty() ? "keywords" : printable_utf8(key, kShownBytes);
    for (std::size_t i = 0; i < std::min(kShownValues, scalars.size()); ++i) {
        out += i == 0 ? ": " : ", ";
        const bool text = scalars[i].type == Scalar::Type::text;
        if (scalars[i].type == Scalar::Type::null) out += "null";
        out += (text ? "'" : "") + printable_utf8(scalars[i].text, kShownBytes) + (text ? "'" : "");
    }
    if (scalars.size() > kShownValues) out += fmt::format(", … ({} values)", scalars.size());
    return out;
}

/// A value with its placeholders replaced: what any of them says, also under `all`.
std::vector<Scalar> expanded(const Scalar& scalar, bool numbers, ItemContext& context,
                             Refusal& refusal) {
    static const Placeholders kNone;
    const auto& placeholders = context.placeholders == nullptr ? kNone : *context.placeholders;
    const auto texts = placeholders.expand(scalar.text);
    if (!texts) {
        refusal.unsupported(scalar.line, "{}", texts.error());
        return {};
    }
    if (texts->size() > context.budget) {
        refusal.failed(scalar.line, "more than {} values", kMaximumValues);
        return {};
    }
    context.budget -= texts->size();
    std::vector<Scalar> out(texts->size(), scalar);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].text = (*texts)[i];
        const auto number = parse_number<std::int64_t>(out[i].text);
        if (!numbers || !number) continue;
        out[i].type = Scalar::Type::integer;
        out[i].integer = *number;
    }
    return out;
}

std::vector<Operand> read_group(const Modifiers& modifiers, const Scalar& scalar,
                                ItemContext& context, Refusal& refusal) {
    if (!modifiers.expand || scalar.type != Scalar::Type::text)
        return read_operand(modifiers, scalar, refusal);
    const bool numbers =
        modifiers.comparison == Comparison::number || modifiers.comparison == Comparison::date;
    std::vector<Operand> out;
    for (const Scalar& one : expanded(scalar, numbers, context, refusal))
        for (Operand& operand : read_operand(modifiers, one, refusal))
            out.push_back(std::move(operand));
    return out;
}

Item read_operands(std::string_view key, const Modifiers& modifiers,
                   const std::vector<Scalar>& scalars, ItemContext& context, Refusal& refusal) {
    Item item;
    item.every = modifiers.every;
    item.negated = modifiers.negated;
    item.text = shown(key, scalars);
    for (std::size_t i = 0; i < scalars.size() && !refusal.any(); ++i)
        item.groups.push_back(read_group(modifiers, scalars[i], context, refusal));
    if (scalars.empty())
        item.groups.push_back({NullOperand{}});  // `field: []`, as pySigma reads it
    return item;
}

/// Keywords are searched for, so they are open at both ends.
void make_keywords(Item& item, int line, Refusal& refusal) {
    for (auto& group : item.groups)
        for (Operand& operand : group) {
            if (auto* number = std::get_if<NumberOperand>(&operand); number && number->exact)
                operand = TextOperand{literal_glob(fmt::format("{}", *number->exact)), false};
            if (auto* text = std::get_if<TextOperand>(&operand)) {
                open_front(text->glob);
                open_back(text->glob);
            } else if (!std::holds_alternative<RegexOperand>(operand)) {
                refusal.failed(line,
                               "a keyword must be text, a whole number or a regular expression");
            }
        }
}

}  // namespace

Item read_item(const YAML::Node& key, const YAML::Node& values, ItemContext& context,
               Refusal& refusal) {
    if (!key.IsScalar()) {
        refusal.failed(line_of(key), "a field name must be text");
        return {};
    }
    const std::string& name = key.Scalar();
    std::string_view modifiers_text = name;
    const std::string_view field = take_until(modifiers_text, '|');
    const Modifiers modifiers = read_modifiers(modifiers_text, line_of(key), refusal);
    if (refusal.any()) return {};
    Item item =
        read_operands(name, modifiers, read_scalars(values, context, refusal), context, refusal);
    item.field = field;
    if (field.empty()) make_keywords(item, line_of(key), refusal);
    return item;
}

Item read_keywords(const std::vector<YAML::Node>& values, ItemContext& context, Refusal& refusal) {
    std::vector<Scalar> scalars;
    for (const YAML::Node& node : values)
        for (Scalar& scalar : read_scalars(node, context, refusal))
            scalars.push_back(std::move(scalar));
    Item item = read_operands({}, Modifiers{}, scalars, context, refusal);
    make_keywords(item, values.empty() ? 0 : line_of(values.front()), refusal);
    return item;
}

}  // namespace kentongan::sigma
